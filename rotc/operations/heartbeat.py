"""The heartbeat: worker and scheduler say every few seconds that they are alive, in a row each.

The rows stand in the database, which every deployment has: a Redis that is down is said of Redis alone, and the
worker beside it stays what it is. A part that is killed says nothing any more, and its silence is what is seen.
"""

import logging
import threading
from datetime import timedelta

from django.db.models.functions import Now

from rotc.operations.models import Heartbeat
from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
EVERY = 10  # seconds
SILENT = timedelta(seconds=45)  # a long import on SQLite lets no beat in; four missed ones are no import
PARTS = tuple(Heartbeat.Part.values)


def beat(parts) -> None:
    """Say that these parts are alive at this moment, by the database's clock."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, beat_at=Now()) for part in parts],
        update_conflicts=True, unique_fields=["part"], update_fields=["beat_at"],
    )  # fmt: skip


def silences() -> dict[str, timedelta | None]:
    """How long each part has said nothing; None: it was never heard. With more than one worker, of the newest."""
    heard = Heartbeat.objects.annotate(now=Now()).values_list("part", "now", "beat_at")
    return dict.fromkeys(PARTS) | {part: now - beat_at for part, now, beat_at in heard}


def states() -> dict[str, str]:
    """``running`` or ``stopped`` for each part."""
    return {part: state(silence) for part, silence in silences().items()}


def state(silence) -> str:
    return "running" if silence is not None and silence < SILENT else "stopped"


class Pulse(threading.Thread):
    """Beats for the parts that ``alive()`` names, until told to stop; a database that is away stops it no moment
    longer than that."""

    def __init__(self, alive):
        super().__init__(name="heartbeat", daemon=True)
        self.alive = alive
        self.over = threading.Event()
        self.heard = True

    def run(self):
        while not self.over.is_set():
            try:
                with own_connection():
                    beat(self.alive())
                self.heard = True
            except Exception as error:
                if self.heard:
                    log.warning("the heartbeat is not written (%s); trying again", type(error).__name__)
                self.heard = False
            self.over.wait(EVERY)

    def stop(self):
        self.over.set()
