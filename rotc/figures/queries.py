"""Reading what was seen: of all processes as one, in the steps of a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from rotc.figures.gathering import Gathered
from rotc.figures.models import Span
from rotc.figures.tally import Tally, together
from rotc.figures.writing import gathered_in

MINUTE = timedelta(minutes=1)
LATELY = timedelta(minutes=5)


@dataclass(frozen=True)
class Window:
    """A while that is looked at, and the steps that it is shown in."""

    name: str
    title: str
    length: timedelta
    step: timedelta

    def begins(self, now: datetime) -> datetime:
        """The beginning of its first step; the last one is still going on. Steps begin at midnight in Manila."""
        here = timezone.localtime(now)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + (here - midnight) // self.step * self.step + self.step - self.length


WINDOWS = {
    window.name: window
    for window in (
        Window("hour", "Last hour", timedelta(hours=1), timedelta(minutes=2)),
        Window("day", "Last day", timedelta(days=1), timedelta(hours=1)),
        Window("week", "Last 7 days", timedelta(days=7), timedelta(hours=6)),
    )
}


@dataclass(slots=True)
class Step:
    """A step of a window. ``memory`` is the largest process of each part; None where nobody was there to say."""

    at: datetime
    tally: Tally = field(default_factory=Tally)
    streams: int | None = None
    memory: dict[str, int] = field(default_factory=dict)


def spans_since(moment: datetime):
    return Span.objects.filter(begins_at__gte=moment)


def lately(now: datetime) -> Gathered:
    """What was seen in the last five minutes that are over."""
    return gathered_in(spans_since(minute_of(now) - LATELY).filter(minutes=1, begins_at__lt=now))


def steps(window: Window, spans, now: datetime) -> list[Step]:
    """The steps of a window, oldest first, filled with these spans."""
    first = window.begins(now)
    found = [Step(first + number * window.step) for number in range(window.length // window.step)]
    at_once = {}
    for span in spans:
        step = found[min((span.begins_at - first) // window.step, len(found) - 1)]
        step.tally.join(together(Tally.unpacked(packed) for packed in span.routes.values()))
        step.memory[span.part] = max(step.memory.get(span.part, 0), span.memory)
        # Of several processes the streams of one minute add up, and a step shows its highest minute.
        at_once[span.begins_at] = at_once.get(span.begins_at, 0) + span.streams
        step.streams = max(step.streams or 0, at_once[span.begins_at])
    return found


def newest_of_each_process(now: datetime) -> list[Span]:
    """The last minute of each process that was heard in the last three; without what it saw."""
    newest = (
        spans_since(now - 3 * MINUTE).filter(minutes=1).order_by().values("process").annotate(at=Max("pk"))
    )
    return list(
        Span.objects.filter(pk__in=newest.values("at")).defer("routes", "queries").order_by("-part", "pk")
    )


def by_slowest(routes: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """The routes, the slowest first as 95 of 100 of its visitors know it."""
    return sorted(routes.items(), key=lambda each: -(each[1].within(95) or 0))


def minute_of(moment: datetime) -> datetime:
    """When the minute of this moment began."""
    return moment.replace(second=0, microsecond=0)
