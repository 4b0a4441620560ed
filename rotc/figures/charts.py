"""A chart as a template draws it: one bar a step, in a box of 100 by 100 that is stretched to its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

BOX = 100
UNKNOWN = "is not known at this moment"


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    over: bool


@dataclass(frozen=True)
class Target:
    """``most`` is met as well; ``words`` say it."""

    most: float
    words: str


@dataclass(frozen=True)
class Chart:
    """``now``: the figure that matters, written; ``met``: whether its target is, None without a target or a figure;
    ``line``: how high the target stands in the box, None where it is above all bars;
    ``highest``: of the bars; ``says``: all of them in words."""

    title: str
    now: str
    about: str
    target: Target | None
    met: bool | None
    bars: list[Bar]
    line: float | None
    highest: str
    says: str


def chart(
    title: str, values: Sequence, *, now, about: str, write: Callable, target: Target | None = None
) -> Chart:
    """``values``: one a step, oldest first, None where nothing is known; ``now`` is the figure shown largest."""
    known = [value for value in values if value is not None]
    top = max(known, default=0)
    low = target is not None and target.most < top
    return Chart(
        title=title,
        now=write(now),
        about=UNKNOWN if now is None else about,
        target=target,
        met=None if target is None or now is None else now <= target.most,
        bars=list(_bars(values, top, target)) if top else [],
        line=BOX - BOX * target.most / top if low else None,
        highest=write(top) if known else "",
        says=f"{title}: from {write(min(known))} to {write(top)}."
        if known
        else f"{title}: nothing is known.",
    )


def _bars(values, top, target):
    width = BOX / len(values)
    for place, value in enumerate(values):
        if value:
            height = max(BOX * value / top, 1)
            over = target is not None and value > target.most
            yield Bar(*(round(each, 2) for each in (place * width, BOX - height, width * 0.8, height)), over)
