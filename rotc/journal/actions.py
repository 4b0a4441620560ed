"""Writing what happened. Called by actions only, inside their transaction."""

from rotc.journal.models import JournalEntry

COMMAND_LINE = "command line"


def entry(
    what,
    subject,
    *,
    by,
    how="page",
    changes=None,
    enrollment=None,
    term_id=None,
    cadet_id=None,
    reason="",
    act=None,
    undoes=None,
):
    """An unsaved entry. ``by`` is the user, or None for the command line; ``changes`` is {field: [from, to]}.

    ``act`` is shared by the entries of one change that is taken back as one;
    ``undoes`` is the act that it takes back.
    """
    return JournalEntry(
        what=what,
        subject=subject,
        how=how if by else "command",
        actor_id=by.pk if by else None,
        actor=by.title[:120] if by else COMMAND_LINE,
        changes={field: [_plain(old), _plain(new)] for field, (old, new) in (changes or {}).items()},
        enrollment_id=enrollment.pk if enrollment else None,
        term_id=enrollment.term_id if enrollment else term_id,
        cadet_id=enrollment.cadet_id if enrollment else cadet_id,
        reason=reason[:200],
        act=act,
        undoes=undoes,
    )


def write(what, subject, **facts) -> JournalEntry:
    """Append one entry; the arguments are those of ``entry``."""
    line = entry(what, subject, **facts)
    line.save(force_insert=True)
    return line


def write_all(entries) -> None:
    """Append many entries in one trip."""
    JournalEntry.objects.bulk_create(entries, batch_size=1000)


def _plain(value):
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
