"""Looking at the parts that the system leans on: each in its own time, and nobody waits for one that hangs."""

import logging
import tempfile
import threading
import time
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from rotc.operations import heartbeat
from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
PATIENCE = 0.6  # seconds that whoever asks waits for a look


class Watch:
    """One part, looked at in a thread when somebody asks; asked again within ``good_for`` seconds, the last look
    answers. While a look hangs the part counts as gone, once the last good one is older than twice that."""

    def __init__(self, name, look, good_for):
        self.name = name
        self.found, self.found_at = None, None  # what the last good look saw
        self._look, self._good_for = look, good_for
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._ended.set()
        self._begun = self._seen_at = float("-inf")
        self._answers = True

    def begin(self) -> None:
        """Look, unless somebody just did or is doing so."""
        with self._lock:
            # What is gone is looked for more often than what is there.
            fresh = self._good_for if self._answers else min(self._good_for, 2)
            if not self._ended.is_set() or time.monotonic() - self._seen_at < fresh:
                return
            self._ended.clear()
            self._begun = time.monotonic()
            threading.Thread(target=self._run, name=f"look-{self.name}", daemon=True).start()

    def answers(self) -> bool:
        """Whether the part answered; waits for a look under way until it is ``PATIENCE`` old."""
        self._ended.wait(max(0, self._begun + PATIENCE - time.monotonic()))
        return self._answers and time.monotonic() - self._seen_at < 2 * self._good_for

    def _run(self):
        try:
            self.found, self.found_at = self._look(), time.monotonic()
            self._turned(True)
        except Exception as error:
            self._turned(False, type(error).__name__)
        self._seen_at = time.monotonic()
        self._ended.set()

    def _turned(self, answers, why=""):
        if answers != self._answers:
            log.warning("%s %s", self.name, "answers again" if answers else f"does not answer ({why})")
        self._answers = answers


def at_database():
    """How long worker and scheduler have been silent."""
    with own_connection():
        return heartbeat.silences()


def at_redis():
    with Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    ) as redis:
        redis.ping()


def at_storage():
    """The bucket opens to our keys, or the folder of uploads takes a file."""
    if settings.BUCKET:
        _bucket().head_bucket(Bucket=settings.BUCKET)
        return
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x" * 4096)


@cache
def _bucket():
    # The storage makes a client a thread, this one serves every look: clients may be shared, sessions may not.
    return default_storage.connection.meta.client


DATABASE = Watch("the database", at_database, good_for=2)
REDIS = Watch("Redis", at_redis, good_for=2)
STORAGE = Watch("the store of uploads", at_storage, good_for=30 if settings.BUCKET else 5)
