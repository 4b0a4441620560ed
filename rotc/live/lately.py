"""What was told lately. A page's stream opens a moment after the page was made: what was told in between, and in a few
seconds before, it is told when it opens. Kept by each process that serves, for the events of all of them.
"""

import threading
import time

MEMORY = 60.0  # seconds
MARGIN = 10.0  # a page is older than its browser says: what it says takes its time on a weak signal
EVENTS = ["standings-changed", "jobs-changed", "presence-changed", "notifications-changed", "rights-changed"]

_lock = threading.Lock()
_told: dict[tuple[str, str], float] = {}  # (channel, event) → when last, the oldest first
_all_since = time.monotonic()  # nothing was missed since


def note(channels, event: str) -> None:
    now = time.monotonic()
    with _lock:
        for channel in channels:
            _told.pop((channel, event), None)
            _told[channel, event] = now
        while _told and next(iter(_told.values())) < now - MEMORY:
            del _told[next(iter(_told))]


def missed() -> None:
    """Something may have been told to other processes and not to this one."""
    global _all_since  # noqa: PLW0603
    _all_since = time.monotonic()


def told(channels, age: float) -> list[str]:
    """The events of these channels in the last ``age`` seconds; every one when that cannot be known any more."""
    now = time.monotonic()
    moment = now - age - MARGIN
    if moment < max(_all_since, now - MEMORY):
        return EVENTS
    with _lock:
        return [
            event for event in EVENTS if any(_told.get((channel, event), 0) >= moment for channel in channels)
        ]
