"""Maintenance: for an announced while the system is open to those who run it alone, and tells everybody else when it is back.

It ends by itself at the announced time, so that nobody finds a forgotten notice on the parade ground. Each web process looks
at it every few seconds in a thread, and no page asks the database for it.
"""

import logging
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from rotc.journal import actions as journal
from rotc.operations.models import Maintenance
from rotc.refusals import BadValue, NotNow
from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
EVERY = 3  # seconds
LONGEST = timedelta(days=2)

_known: Maintenance | None = None


def announced() -> Maintenance | None:
    """The maintenance that goes on now, as this process last saw it; it asks the database nothing."""
    return _known if _known and timezone.now() < _known.until else None


def closed_until() -> str:
    """When the maintenance that goes on now ends, as it is told; empty without one."""
    going_on = announced()
    return said(going_on.until) if going_on else ""


def look() -> None:
    """See what the database says of it now."""
    global _known  # noqa: PLW0603
    _known = Maintenance.objects.filter(ended_at=None, until__gt=timezone.now()).last()


def begin(*, until: datetime, because: str = "", by, how: str = "page") -> Maintenance:
    """Shut the system to all but those who run it. What is going on already is said anew.

    Raises ``BadValue`` for an end that is past, or further away than ``LONGEST``, and for too long a sentence.
    """
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise BadValue("It must end in the future, within two days.")
    if len(because) > (most := Maintenance._meta.get_field("because").max_length):
        raise BadValue(f"The sentence may have {most} characters at most.")
    with transaction.atomic():
        Maintenance.objects.filter(ended_at=None).update(ended_at=now)
        begun = Maintenance.objects.create(until=until, because=because, begun_by=by)
        changes = {"until": (None, said(until))} | ({"because": (None, because)} if because else {})
        journal.write("maintenance begun", "maintenance", by=by, how=how, changes=changes)
    look()
    return begun


def end(*, by, how: str = "page") -> None:
    """Open the system to everybody again. Raises ``NotNow`` when it is open already."""
    with transaction.atomic():
        going_on = Maintenance.objects.filter(ended_at=None, until__gt=timezone.now())
        if not going_on.update(ended_at=timezone.now()):
            raise NotNow("There is no maintenance now: the system is open to everybody.")
        journal.write("maintenance ended", "maintenance", by=by, how=how)
    look()


def said(moment: datetime) -> str:
    """When it ends, as it is told: the time, and the date where that is not today."""
    here = timezone.localtime(moment)
    today = here.date() == timezone.localdate()
    return date_format(here, "H:i") if today else date_format(here, "j M Y, H:i")


def follow() -> None:
    """Keep this process informed, in a thread, for as long as it runs."""
    threading.Thread(target=_follow, name="maintenance", daemon=True).start()


def _follow():
    pause = threading.Event()
    while True:
        try:
            with own_connection():
                look()
        except DatabaseError as error:
            log.info("whether there is maintenance is not known: %s", type(error).__name__)
        pause.wait(EVERY)
