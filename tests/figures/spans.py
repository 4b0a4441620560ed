"""What processes saw, as if they had written it."""

from datetime import UTC, datetime, timedelta

from rotc.figures.models import Span
from rotc.figures.tally import Tally

NOON = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # in Manila
MB = 1024**2
PLENTY = {"disk_free": 50_000 * MB, "disk_size": 100_000 * MB}


def minutes(count) -> timedelta:
    return timedelta(minutes=count)


def seen(at, *, part="web", process="one", routes=None, errors=0, **facts) -> Span:
    """A minute: ``routes`` are the seconds that answers took, by address; the first ``errors`` of each were errors."""
    packed = {}
    for route, seconds in (routes or {}).items():
        tally = Tally()
        for place, each in enumerate(seconds):
            tally.add(each, error=place < errors)
        packed[route] = tally.packed
    return Span.objects.create(
        begins_at=at, part=part, process=process, routes=packed, **{"memory": 100 * MB, **PLENTY, **facts}
    )
