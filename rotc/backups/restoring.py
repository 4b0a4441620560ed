"""Restoring: the database of a backup and its uploads take the place of what is there, all or nothing."""

from django.db import OperationalError, connection
from django.utils import timezone

from rotc.accounts.letting_in import end_open_codes
from rotc.accounts.tokens import end_live_tokens
from rotc.backups import uploads
from rotc.backups.actions import back_up
from rotc.backups.archive import Reading
from rotc.backups.loading import expected, load
from rotc.backups.places import Why
from rotc.figures.queries import newest_of_each_process
from rotc.jobs import schedules
from rotc.jobs.actions import end_open
from rotc.journal import actions as journal
from rotc.operations import heartbeat
from rotc.refusals import BadValue, Busy, NotNow
from rotc.web import store

ENDED = "The database was restored from a backup while this was not done. Ask for it again where it is still wanted."

NOTED = "A backup was restored after this. It runs from the next time on."


def restore(
    archive: Reading, name: str, *, replace=False, copy_first=True, all_uploads=True, tell=None
) -> int:
    """Put a backup in the place of this database; how many tables are equal.

    ``replace``: also where there is something to lose, of which a backup is made first (``copy_first``).
    ``all_uploads``: not without every upload. Whatever it refuses, nothing is changed.
    """
    archive.verify()
    expected(archive)
    missing = uploads.missing(archive)
    lost = set(uploads.lost(archive, missing))
    if lost and all_uploads:
        raise BadValue(
            f"{len(lost):,} of its uploads are lost or damaged: {', '.join(sorted(lost)[:3])}. Nothing was changed; "
            "--without-uploads restores the rest."
        )
    _refuse_while_it_works()
    if not is_empty():
        if not replace:
            raise NotNow(
                "There are accounts in this database. Nothing was changed; --replace puts the backup in its place."
            )
        if copy_first:
            back_up(Why.RESTORE)
    return _all_or_nothing(archive, name, [each for each in missing if each not in lost], tell)


def is_empty() -> bool:
    """Whether nobody has an account in this database: then there is nothing to lose."""
    if "rotc_user" not in connection.introspection.table_names():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM rotc_user LIMIT 1")
        return cursor.fetchone() is None


def _refuse_while_it_works() -> None:
    here = connection.introspection.table_names()
    heard = []
    if "rotc_heartbeat" in here and "running" in heartbeat.states().values():
        heard.append("worker")
    if "rotc_span" in here:
        heard += sorted({each.part for each in newest_of_each_process(timezone.now())} - {*heard})
    if heard:
        raise NotNow(
            f"The {' and the '.join(heard)} was heard a moment ago. Stop the system, wait three minutes and restore then; "
            "nothing was changed."
        )


def _all_or_nothing(archive, name, missing, tell) -> int:
    brought = []
    try:
        for each in missing:
            brought.append(each)
            uploads.bring_back(archive, each)
        return load(archive, finish=lambda: _put_to_rest(archive, name), tell=tell)
    except BaseException as error:
        for each in brought:
            store.drop(each)
        if isinstance(error, OperationalError):
            raise Busy from error
        raise


def _put_to_rest(archive, name) -> None:
    """What was under way when the backup was made is over; nothing of it comes alive again."""
    now = timezone.now()
    end_open_codes()
    end_live_tokens()
    end_open(ENDED)
    schedules.note_due(now, NOTED)
    changes = {"backup": (None, name), "made": (None, archive.manifest.made_at)}
    journal.write("database restored", "database", by=None, how="command", changes=changes)
