"""The round that web and worker make every minute, in a thread each: write what was seen, look, tell.

Both do all of it, so a worker that was killed is missed by the web process.
"""

import logging
import secrets
import threading
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from rotc.alerts import letters, looking, seeing
from rotc.figures import writing
from rotc.figures.gathering import GATHERING
from rotc.figures.queries import minute_of
from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
SETTLED = 20  # seconds
AFTER = 5  # seconds into a minute, so that clocks may differ a little
PATIENCE = 15  # seconds that a look may take: it is most worth while the database is slow
MINUTE = timedelta(minutes=1)
DATABASE = (OperationalError, InterfaceError)


class Rounds(threading.Thread):
    """``part``: web or worker; ``streams()``: how many are open here; ``aside()``: within it the database is asked.
    Nothing that fails ends it."""

    def __init__(self, part, streams=lambda: 0, aside=own_connection):
        super().__init__(name="rounds", daemon=True)
        self.part, self.streams, self.aside = part, streams, aside
        self.process = secrets.token_hex(4)
        self.over = threading.Event()
        self.troubled = set()

    def run(self):
        # Whoever started with this process has time to be heard before the first look.
        self.over.wait(SETTLED)
        while not self.over.wait(60 - (time.time() - AFTER) % 60):
            self.turn(timezone.now())

    def turn(self, now):
        self._do("write", lambda: self._write(now))
        self._do("look", lambda: self._look(now))
        self._do("tell", lambda: letters.send(now, self.aside))

    def stop(self):
        self.over.set()

    def _write(self, now):
        minute = minute_of(now) - MINUTE
        with self.aside():
            writing.write(self.part, self.process, minute=minute, streams=self.streams())

    def _look(self, now):
        store = seeing.store()
        with self.aside(PATIENCE):
            looking.look(now, store)

    def _do(self, what, deed):
        try:
            deed()
            self.troubled.discard(what)
        except Exception as error:
            # SQLite is locked while a file is committed, which is its way and no failure.
            if isinstance(error, DATABASE) and "locked" not in str(error):
                GATHERING.database_failed()
            if what not in self.troubled:
                log.warning("the minute's round could not %s (%s); trying again", what, type(error).__name__)
            self.troubled.add(what)
