"""Who else has a sheet open. It lives in the cache alone: whoever says nothing for a while is gone."""

import time

from django.core.cache import cache

from rotc.live.channels import ALL_UNITS, channels_above
from rotc.live.nudges import nudge_now

GONE_AFTER = 45  # seconds; an open page in front says that it is here every twenty


def here(user, unit) -> list[str]:
    """Note that ``user`` has the sheet of ``unit`` open; the others who have it, or a part of it, by rank and name.

    An arrival is told to the pages that are open over the unit.
    """
    now = time.time()
    key, own = f"on-sheets:{unit.term_id}", (user.pk, unit.path)
    # One user may have several sheets open: none of them ends with the other.
    before = {place: seen for place, seen in (cache.get(key) or {}).items() if seen[1] > now - GONE_AFTER}
    cache.set(key, before | {own: (user.title, now)}, GONE_AFTER)
    if own not in before:
        nudge_now({ALL_UNITS, *channels_above(unit.term_id, unit.path)}, "presence-changed")
    others = {pk: title for (pk, path), (title, _) in before.items() if _overlap(path, unit.path)}
    return sorted(title for pk, title in others.items() if pk != user.pk)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
