"""Who else has a sheet open. It lives in the cache alone: whoever says nothing for a while is gone.

Each officer writes a line of their own, so that two who say it at the same moment do not wipe out each other; the
list of who to look for is only added to, and whom it lost is added at their next word.
"""

import time

from django.core.cache import cache

from rotc.live.channels import ALL_UNITS, channels_above
from rotc.live.nudges import nudge_now

GONE_AFTER = 45  # seconds; an open page in front says that it is here every fifteen
A_DAY = 86_400


def here(user, unit) -> list[str]:
    """Note that ``user`` has the sheet of ``unit`` open; the others who have it, or a part of it, by rank and name.

    An arrival is told to the pages that are open over the unit.
    """
    everybody, own = f"on-sheets:{unit.term_id}", _line(unit.term_id, user.pk)
    listed = cache.get(everybody) or set()
    places = _places([*listed, own])
    # One user may have several sheets open: none of them ends with the other.
    mine = places.pop(own, {})
    cache.set(own, mine | {unit.path: (user.title, time.time())}, GONE_AFTER)
    if own not in listed:
        cache.set(everybody, {own, *places}, A_DAY)
    if unit.path not in mine:
        nudge_now({ALL_UNITS, *channels_above(unit.term_id, unit.path)}, "presence-changed")
    others = {
        line: title
        for line, seen in places.items()
        for path, (title, _) in seen.items()
        if _overlap(path, unit.path)
    }
    return sorted(others.values())


def _line(term_id: int, user_id: int) -> str:
    return f"on-sheets:{term_id}:{user_id}"


def _places(lines: list[str]) -> dict[str, dict]:
    """``{line: {path: (title, when)}}`` of those who said lately that they are there."""
    since = time.time() - GONE_AFTER
    found = {
        line: {path: seen for path, seen in places.items() if seen[1] > since}
        for line, places in cache.get_many(lines).items()
    }
    return {line: places for line, places in found.items() if places}


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
