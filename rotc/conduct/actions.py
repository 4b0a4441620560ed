"""Giving merits and demerits, deciding proposals, reversing. Nothing is ever deleted."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.conduct.models import MOST_POINTS, ConductEntry, Kind, points_said
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.actions import refuse_if_closed

YEAR = timedelta(days=365)


def give(enrollments, **facts) -> list[ConductEntry]:
    """Give these cadets of one term an entry each; it counts at once.

    ``facts``: kind, points, reason, date, by; citation, request_id and how may be given. Points follow
    from a citation with one figure, the reason from its title. A ``request_id`` that gave before gives
    nothing more: the entries that it gave are returned.
    """
    return _enter(enrollments, approved=True, **facts)


def propose(enrollments, **facts) -> list[ConductEntry]:
    """Propose an entry for each of these cadets; it waits until somebody approves or declines it."""
    return _enter(enrollments, approved=False, **facts)


def approve(entry: ConductEntry, *, by, how: str = "page") -> ConductEntry:
    """Let a proposal count."""
    return _decide(entry, "approved", "", by, how, approved_at=timezone.now(), approved_by=by)


def decline(entry: ConductEntry, *, reason: str, by, how: str = "page") -> ConductEntry:
    """Decline a proposal with a reason; it stays in the ledger and never counts."""
    reason = _given(reason, "Say why it is declined.")
    return _decide(
        entry,
        "declined",
        reason,
        by,
        how,
        declined_at=timezone.now(),
        declined_by=by,
        declined_because=reason,
    )


def reverse(entry: ConductEntry, *, reason: str, by, how: str = "page") -> ConductEntry:
    """Take back an entry that counts, with a reason; its line stays, its points do not."""
    reason = _given(reason, "Say why it is reversed.")
    with transaction.atomic():
        _refuse_unless_open(entry, by)
        changed = ConductEntry.objects.filter(
            pk=entry.pk, approved_at__isnull=False, reversed_at=None
        ).update(reversed_at=timezone.now(), reversed_by=by, reversed_because=reason)
        if not changed:
            raise NotNow(_state_in_words(entry))
        return _followed(
            entry, "conduct entry reversed", {"state": ("given", "reversed")}, reason=reason, by=by, how=how
        )


def _enter(
    enrollments, *, kind, points, reason, date, by, approved, citation=None, request_id=None, how="page"
) -> list[ConductEntry]:
    enrollments = list(enrollments)
    if not enrollments:
        raise BadValue("Choose at least one cadet.")
    kind, points, reason = _facts(citation, kind, points, reason)
    now = timezone.now() if approved else None
    entries = [
        ConductEntry(
            enrollment=each,
            kind=kind,
            points=points,
            reason=reason,
            citation=citation,
            date=date,
            given_by=by,
            approved_at=now,
            approved_by=by if approved else None,
            request_id=request_id,
        )
        for each in enrollments
    ]
    with transaction.atomic():
        _refuse_unless_open(entries[0], by)
        refuse_date(enrollments[0].term, date)
        _refuse_strangers(enrollments, by)
        earlier = _written(entries, request_id)
        if earlier:
            return earlier
        what = "conduct entry given" if approved else "conduct entry proposed"
        journal.write_all([entry_line(what, each, as_given(each), by=by, how=how) for each in entries])
        reactions.facts_changed(enrollments[0].term, [each.pk for each in enrollments])
    return entries


def _written(entries, request_id) -> list[ConductEntry]:
    """Write the entries; when this request wrote before, nothing is written and those are returned."""
    try:
        with transaction.atomic():
            ConductEntry.objects.bulk_create(entries)
    except IntegrityError:
        earlier = list(ConductEntry.objects.filter(request_id=request_id)) if request_id else []
        if not earlier:
            raise
        return earlier
    return []


def _facts(citation, kind, points, reason) -> tuple[str, int, str]:
    least, most = 1, MOST_POINTS
    if citation is not None:
        if citation.withdrawn_at:
            raise BadValue(f"{citation.code} is withdrawn from the catalogue. Choose another line.")
        kind, least, most = citation.kind, citation.least_points, citation.most_points
        reason = reason.strip() or citation.title
        points = least if points is None and least == most else points
    if kind not in Kind.values:
        raise BadValue("Choose whether it is a merit or a demerit.")
    if points is None or not least <= points <= most:
        raise BadValue(_points_wanted(citation, least, most))
    return kind, points, _given(reason, "Choose a line of the catalogue or write the reason.")


def _points_wanted(citation, least, most) -> str:
    span = points_said(least, most)
    return (
        f"{citation.code} gives {span}. Nothing was saved."
        if citation
        else f"Give {span}. Nothing was saved."
    )


def _given(text, otherwise) -> str:
    text = text.strip()
    if not text or len(text) > 200:
        raise BadValue(f"{otherwise} At most 200 characters.")
    return text


def _refuse_unless_open(entry, by) -> None:
    refuse_if_closed(entry.enrollment.term)
    _refuse_own(entry.enrollment, by)


def _refuse_own(enrollment, by) -> None:
    if by is not None and by.cadet_id == enrollment.cadet_id:
        raise BadValue("This is your own record. Somebody else gives, approves and reverses in it.")


def _refuse_strangers(enrollments, by) -> None:
    for each in enrollments:
        _refuse_own(each, by)
        if each.term_id != enrollments[0].term_id:
            raise BadValue("These cadets are not all in one term. Nothing was saved.")


def refuse_date(term, on: date) -> None:
    """Refuse a date on which nothing of this term can have happened, ``BadValue``."""
    if on > timezone.localdate():
        raise BadValue(f"{on.day} {on:%b %Y} is still to come. Give the date on which it happened.")
    if on < timezone.localdate(term.opened_at) - YEAR:
        raise BadValue(f"{on.day} {on:%b %Y} is more than a year before {term.title} was opened.")


def _decide(entry, state, reason, by, how, **decision) -> ConductEntry:
    with transaction.atomic():
        _refuse_unless_open(entry, by)
        undecided = ConductEntry.objects.filter(pk=entry.pk, approved_at=None, declined_at=None)
        if not undecided.update(**decision):
            raise NotNow(_state_in_words(entry))
        return _followed(
            entry, f"conduct entry {state}", {"state": ("proposed", state)}, reason=reason, by=by, how=how
        )


def _state_in_words(entry) -> str:
    now = ConductEntry.objects.get(pk=entry.pk).state
    words = {
        "proposed": "is a proposal: decline it instead",
        "given": "is approved already",
        "declined": "is declined already",
        "reversed": "is reversed already",
    }
    return f"This entry {words[now]}. Nothing was changed."


def _followed(entry, what, changes, *, reason, by, how) -> ConductEntry:
    entry.refresh_from_db()
    journal.write_all([entry_line(what, entry, changes, reason=reason, by=by, how=how)])
    reactions.facts_changed(entry.enrollment.term, [entry.enrollment_id])
    return entry


def as_given(entry) -> dict:
    """What giving an entry changes."""
    return {name: (None, value) for name, value in facts_of(entry).items()}


def facts_of(entry) -> dict:
    """What an entry says, as the journal keeps it."""
    return {
        "kind": entry.get_kind_display(),
        "points": entry.points,
        "reason": entry.reason,
        "date": entry.date,
    }


def entry_line(what, entry, changes, *, reason="", by, how):
    """The journal's line for an entry, not yet written."""
    return journal.entry(
        what,
        f"conduct:{entry.pk}",
        by=by,
        how=how,
        enrollment=entry.enrollment,
        changes=changes,
        reason=reason,
    )
