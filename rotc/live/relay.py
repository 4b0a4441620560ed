"""The relay: nudges between processes through Redis, where there is one.

Sending is left to a thread, so that no page waits for Redis; listening is a loop that outlives every
outage. Both give up quickly: a lost nudge only delays a page until it connects again.
"""

import asyncio
import atexit
import json
import logging
import queue
import secrets
import threading
import time

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
TOPIC = "rotc-nudges"
TIME_OUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 1}
PAUSE = 2  # seconds without trying after a failure
LONGEST_PAUSE = 5
QUIET = 10  # seconds of silence after which the connection is tried
MOST_WAITING = 10_000

ORIGIN = secrets.token_hex(8)  # of this process, which does not listen to itself


class Outbox:
    """Nudges on their way to Redis: collected, each once, sent by one thread."""

    def __init__(self):
        self.waiting = queue.Queue(MOST_WAITING)
        self.lock = threading.Lock()
        self.thread = None
        self.paused_until = 0.0

    def put(self, channels, event):
        try:
            self.waiting.put_nowait((event, tuple(channels)))
        except queue.Full:
            return
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name="nudges", daemon=True)
                self.thread.start()
                atexit.register(self.empty)

    def empty(self, patience=1.0):
        """Wait a moment until all is sent: for a command that is about to end."""
        ending = time.monotonic() + patience
        while self.waiting.unfinished_tasks and time.monotonic() < ending:
            time.sleep(0.01)

    def _work(self):
        redis = Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **TIME_OUTS)
        while True:
            batch = [self.waiting.get()]
            while len(batch) < 500 and not self.waiting.empty():
                batch.append(self.waiting.get_nowait())
            self._send(redis, dict.fromkeys(batch))
            for _ in batch:
                self.waiting.task_done()

    def _send(self, redis, nudges):
        if time.monotonic() < self.paused_until:
            return
        try:
            redis.publish(TOPIC, json.dumps([ORIGIN, *nudges]))
        except (RedisError, OSError) as error:
            self.paused_until = time.monotonic() + PAUSE
            log.warning("Redis does not answer (%s); other processes are not nudged", error)


_outbox = Outbox()


def publish(channels, event: str) -> None:
    _outbox.put(channels, event)


async def listen(deliver, missed) -> None:
    """Give every nudge of other processes to ``deliver(channels, event)``, for ever.

    ``missed()`` is called when the connection stands again after an outage.
    """
    pause, broken = 0.2, False
    while True:
        try:
            async with _connection() as redis, redis.pubsub() as heard:
                await heard.subscribe(TOPIC)
                if broken:
                    log.warning("Redis answers again")
                    missed()
                pause, broken = 0.2, False
                await _hear(heard, deliver)
        except (RedisError, OSError, TimeoutError) as error:
            if not broken:
                log.warning("Redis does not answer (%s); trying again until it does", error)
            broken = True
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _connection():
    return AsyncRedis.from_url(settings.REDIS_URL, retry=AsyncRetry(NoBackoff(), 0), **TIME_OUTS)


async def _hear(heard, deliver):
    asked = False
    while True:
        message = await heard.get_message(timeout=QUIET)
        if message is None:
            # Half-open connections look silent: ask, and expect an answer within the next silence.
            if asked:
                raise TimeoutError("no answer to a ping")
            await heard.ping()
            asked = True
            continue
        asked = False
        if message["type"] == "message":
            origin, *nudges = json.loads(message["data"])
            if origin != ORIGIN:
                for event, channels in nudges:
                    deliver(channels, event)
