"""What the Operations page shows: what is wrong, how it is and was, in a constant number of trips."""

from datetime import timedelta

from django.db import connection
from django.http import Http404
from django.utils import timezone

from rotc.alerts import queries as alerts
from rotc.figures import queries as figures
from rotc.figures import words
from rotc.figures.charts import Target, chart
from rotc.figures.queries import WINDOWS, Window
from rotc.figures.tally import Tally, together
from rotc.figures.writing import gathered_in
from rotc.operations import health

WEEK = timedelta(days=7)
P95 = Target(0.5, "under 500 ms")
ERRORS = Target(0.01, "under 1 %")
QUEUE = Target(100, "under 100")


def window_asked(name: str) -> Window:
    """The while of this name; the last hour where none is asked for. Raises ``Http404``."""
    if (name or "hour") not in WINDOWS:
        raise Http404
    return WINDOWS[name or "hour"]


def routes(window: Window) -> list[tuple[str, Tally]]:
    """Every address that was asked for within the window, the slowest first."""
    spans = figures.spans_since(window.begins(timezone.now()))
    return figures.by_slowest(gathered_in(spans).routes)


def now(window: Window) -> dict:
    at = timezone.now()
    spans = list(figures.spans_since(window.begins(at)))
    found, steps = gathered_in(spans), figures.steps(window, spans, at)
    queue = _queue(window, steps, at)
    look, newest = alerts.newest_look(), figures.newest_of_each_process(at)
    return {
        "alerts": list(alerts.opened()),
        "over": list(alerts.over_since(at - WEEK)),
        "services": [(name, state, state in health.STANDS) for name, state in health.services().items()],
        "windows": [(each, each == window) for each in WINDOWS.values()],
        "window": window,
        "charts": [
            *_charts_of_answers(together(found.routes.values()), steps),
            *_charts_of_work(look, queue, newest, steps),
        ],
        "steps": [_line(step, waiting) for step, waiting in zip(steps, queue, strict=True)],
        "routes": [_row(route, tally) for route, tally in figures.by_slowest(found.routes)],
        "queries": [
            (text, count, words.seconds(longest))
            for text, (count, longest) in sorted(found.queries.items(), key=lambda each: -each[1][1])
        ],
        "facts": _facts(look, newest),
    }


def _queue(window, steps, at) -> list[int | None]:
    """How many jobs waited at most, a figure a step."""
    most, first = [None] * len(steps), steps[0].at
    for minute, waiting in alerts.queue_since(first):
        place = min((minute - first) // window.step, len(most) - 1)
        most[place] = max(most[place] or 0, waiting)
    return most


def _charts_of_answers(whole, steps):
    many = f"{whole.requests:,} requests" if whole.requests != 1 else "1 request"
    yield chart(
        "Response time", [step.tally.within(95) for step in steps], now=whole.within(95),
        about=f"95 of 100 of {many} were answered within it", write=words.seconds, target=P95,
    )  # fmt: skip
    yield chart(
        "Errors", [step.tally.error_rate for step in steps], now=whole.error_rate,
        about=f"{whole.errors:,} of {many}", write=words.percent, target=ERRORS,
    )  # fmt: skip


def _charts_of_work(look, queue, newest, steps):
    waiting, oldest = (look.queue, look.oldest // 60) if look else (None, 0)
    yield chart(
        "Queue", queue, now=waiting, write=words.number, target=QUEUE,
        about=f"jobs wait, the oldest for {oldest:,} min" if waiting else "jobs wait",
    )  # fmt: skip
    yield chart(
        "Open streams", [step.streams for step in steps], write=words.number,
        now=sum(span.streams for span in newest) if newest else None, about="pages are live",
    )  # fmt: skip
    for part in ("web", "worker"):
        mine = [span.memory for span in newest if span.part == part]
        yield chart(
            f"Memory, {part}", [step.memory.get(part) for step in steps], write=words.size,
            now=max(mine, default=None), about=f"the largest of {len(mine)}" if len(mine) > 1 else "of one process",
        )  # fmt: skip


def _line(step, waiting) -> tuple:
    """A step as a row of the table of the same figures."""
    return step.at, [
        words.number(step.tally.requests),
        words.seconds(step.tally.within(95)),
        words.percent(step.tally.error_rate),
        words.number(waiting),
        words.number(step.streams),
        *(words.size(step.memory.get(part)) for part in ("web", "worker")),
    ]


def _row(route, tally) -> dict:
    return {
        "name": route,
        "requests": tally.requests,
        "errors": tally.errors,
        "within": [words.seconds(tally.within(percent)) for percent in (50, 95, 99)],
        "slow": (tally.within(95) or 0) > P95.most,
    }


def _facts(look, newest) -> list[tuple[str, str]]:
    facts = [("Database", connection.display_name)]
    if look:
        facts.append(("Its size", words.size(look.database_size)))
    if look and look.connections is not None:
        facts.append(("Connections to it", words.number(look.connections)))
    if newest:
        disk = min(newest, key=lambda span: span.disk_free)
        facts.append(("Disk", f"{words.size(disk.disk_free)} of {words.size(disk.disk_size)} are free"))
        facts.append(("Processes", ", ".join(sorted(span.part for span in newest))))
    return facts
