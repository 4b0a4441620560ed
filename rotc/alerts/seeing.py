"""What a look sees: the few figures that alerts are raised on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from rotc.backups.queries import newest_at
from rotc.figures import queries as figures
from rotc.figures.tally import Tally, together
from rotc.jobs.queries import first_due, waiting
from rotc.operations.looks import STORAGE
from rotc.operations.models import Heartbeat
from rotc.web.store import StoreIsGone


@dataclass(frozen=True, slots=True)
class Observed:
    """``at`` is the moment of the look. ``answers`` and ``database_errors`` are of the last five minutes. ``silence``:
    how long the worker has said nothing, None when it was never heard. ``backup``: how old the newest is, or for how
    long none was made, None before the first is due and while the store does not answer. ``disk``: free and all bytes
    of the fullest disk, None if nobody said.
    """

    at: datetime
    answers: Tally
    database_errors: int
    queue: int
    oldest: timedelta
    silence: timedelta | None
    storage: bool
    backup: timedelta | None
    disk: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Store:
    """The store of uploads: whether it answers, and when the newest backup in it was made, None where there is none."""

    answers: bool
    newest_backup: datetime | None = None


def store() -> Store:
    """Asked before the database is, whose line has an end for all that is asked through it."""
    STORAGE.begin()
    try:
        newest = newest_at()
    except StoreIsGone:
        return Store(answers=False)
    return Store(STORAGE.answers(), newest)


def see(now: datetime, store: Store) -> Observed:
    found = figures.lately(now)
    queue, oldest = waiting(now)
    beat_at = Heartbeat.objects.filter(part="worker").values_list("beat_at", flat=True).first()
    backed_up = (store.newest_backup or first_due("back up")) if store.answers else None
    disks = [(span.disk_free, span.disk_size) for span in figures.newest_of_each_process(now)]
    return Observed(
        at=now,
        answers=together(found.routes.values()),
        database_errors=found.database_errors,
        queue=queue,
        oldest=max(now - oldest, timedelta(0)) if oldest else timedelta(0),
        silence=now - beat_at if beat_at else None,
        storage=store.answers,
        backup=now - backed_up if backed_up else None,
        disk=min(disks, default=None),
    )


def database_figures() -> dict:
    """Its size in bytes, and how many connections it has where it counts them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_database_size(current_database()),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
            )
            size, connections = cursor.fetchone()
            return {"database_size": size, "connections": connections}
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return {"database_size": cursor.fetchone()[0], "connections": None}
