"""The stream at ``/events/``: it stands beside Django, so an open one holds no thread and no connection.

Who listens is asked once, in a short thread; after that the stream lives on the event loop alone. It
carries names of events, never data. It ends after ten minutes and whenever its user's rights change:
whoever may still listen comes back through the same door, and refetches.
"""

import asyncio
import random
import re
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.utils.module_loading import import_string
from django_eventstream.event import Event
from django_eventstream.utils import sse_encode_event
from django_eventstream.views import Listener, get_listener_manager

from rotc.accounts.middleware import lacks_second_factor
from rotc.live import lately
from rotc.live.channels import channels_of

PATH = "/events/"
STREAMS_A_USER = 5
LIFE = 600  # seconds
KEEP_ALIVE = 20
GAP = 0.5  # seconds between two batches of one stream: twenty officers typing make two nudges a second
AGE = re.compile(rb"\bage=(\d{1,9})\b")  # of the page, in milliseconds
OPENED = "1"  # the id that a browser names when it comes back
RIGHTS_CHANGED = "rights-changed"
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
WORDS_HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]

door = ThreadPoolExecutor(max_workers=2, thread_name_prefix="stream-door")
open_streams = defaultdict(deque)


def is_stream(path: str) -> bool:
    return path == PATH


async def application(scope, receive, send):
    """Answer ``GET /events/``: a stream for who is signed in, 401 in words for everybody else."""
    if scope["method"] != "GET":
        return await _say(send, 405, "A stream is only read.")
    try:
        user_id, channels = await asyncio.get_running_loop().run_in_executor(door, _who, scope)
    except DisallowedHost:
        return await _say(send, 400, "This address is not served here.")
    if user_id is None:
        return await _say(send, 401, "Sign in first.")
    stream = Stream(user_id, channels)
    await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
    with stream:
        await stream.run(receive, send, _missed(channels, scope))
    return await send({"type": "http.response.body", "body": b""})


def _missed(channels, scope) -> list[str]:
    """What was told since the page was asked for that opens its first stream. One that comes back asks for itself."""
    age = AGE.search(scope["query_string"])
    comes_back = any(name == b"last-event-id" for name, _ in scope["headers"])
    return lately.told(channels, int(age[1]) / 1000) if age and not comes_back else []


async def _say(send, status, words):
    await send({"type": "http.response.start", "status": status, "headers": WORDS_HEADERS})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})


def _who(scope):
    """The signed-in user's id and channels, or ``(None, set())``."""
    try:
        request = ASGIRequest(scope, BytesIO())
        request.get_host()
        store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        user = get_user(request)
        if not user.is_authenticated or lacks_second_factor(user):
            return None, set()
        return user.pk, channels_of(user)
    finally:
        connections.close_all()


class Once(list):
    """Events waiting in one channel, each name once: a nudge said twice is the same nudge."""

    def append(self, event):
        if all(waiting.type != event.type for waiting in self):
            super().append(event)


class Waiting(dict):
    """Where the library queues events by channel; its own lists drop what comes after the tenth."""

    def get(self, channel, default=None):
        return self.setdefault(channel, Once())


class Stream(Listener):
    """One open stream. As a context it is listed, so that a user's sixth ends their first."""

    def __init__(self, user_id, channels):
        super().__init__()
        self.user_id = user_id
        self.channels = channels
        self.channel_items = Waiting()
        self.displaced = False
        self.gone = False
        self.assign_loop()

    def __enter__(self):
        mine = open_streams[self.user_id]
        # The newest wins: after a lost signal the oldest is the one that nobody reads any more.
        while len(mine) >= STREAMS_A_USER:
            mine.popleft().displace()
        mine.append(self)
        get_listener_manager().add_listener(self)

    def __exit__(self, *failure):
        get_listener_manager().remove_listener(self)
        mine = open_streams[self.user_id]
        if self in mine:
            mine.remove(self)
        if not mine:
            del open_streams[self.user_id]

    def displace(self):
        self.displaced = True
        self.aevent.set()

    async def run(self, receive, send, names):
        """Until it ends; ``names`` are told first."""
        watching = asyncio.ensure_future(self._watch(receive))
        try:
            async with asyncio.timeout(LIFE * random.uniform(0.9, 1)):
                await self._speak(send, names)
        except TimeoutError:
            pass
        finally:
            watching.cancel()

    async def _watch(self, receive):
        while (await receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self.aevent.set()

    async def _speak(self, send, names):
        # After a restart everybody comes back, but not in the same second.
        pause = f"retry: {random.randint(1000, 4000)}\n\n"
        await _write(send, pause + sse_encode_event("stream-open", "{}", OPENED) + _said(*names))
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    await self.aevent.wait()
            except TimeoutError:
                await _write(send, ": still here\n\n")
                continue
            if self.gone:
                return None
            if self.displaced:
                return await _write(send, _said("stream-displaced"))
            names = self._heard()
            await _write(send, _said(*names))
            if RIGHTS_CHANGED in names:
                return None
            await asyncio.sleep(GAP)

    def _heard(self) -> list[str]:
        with get_listener_manager().lock:
            self.aevent.clear()
            waiting, self.channel_items = self.channel_items, Waiting()
        return sorted({event.type for events in waiting.values() for event in events})


def _said(*names) -> str:
    return "".join(sse_encode_event(name, "{}") for name in names)


async def _write(send, text):
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def open_now() -> int:
    """How many streams are open in this process; to be asked from any thread."""
    return sum(map(len, list(open_streams.values())))


def refetch_all() -> None:
    """Nudge every open stream of this process: something may have been missed."""
    lately.missed()
    manager = get_listener_manager()
    with manager.lock:
        channels = list(manager.listeners_by_channel)
    for channel in channels:
        for name in ("standings-changed", "jobs-changed"):
            manager.add_to_queues(channel, Event(channel, name, ""))
