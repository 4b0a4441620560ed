"""What each key of a policy may hold, taken alone.

A reader takes the key and a value as a form or a JSON document gives it, and returns the value the
policy keeps. It raises a `TypeError` for the wrong kind of thing and a `ValueError` for one that
cannot be right; both name the key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from itertools import pairwise

from rotc.grading.figures import number, whole
from rotc.grading.record import expect
from rotc.grading.rounding import ROUNDINGS

NEUTRAL = "neutral"
FAILING_RATING = "5.00"
FULL_MARKS = 100

Reader = Callable[[str, object], object]
ScaleRow = tuple[Decimal, str]


@dataclass(frozen=True, slots=True)
class PlannedExam:
    """An exam that a new term under this policy starts with."""

    name: str
    items: int
    weight: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", code("exams: name", self.name))
        object.__setattr__(self, "items", count("exams: items", self.items))
        object.__setattr__(self, "weight", positive("exams: weight", self.weight))


def decimal(key: str, value: object) -> Decimal:
    """A number from 0 up, given as a string, an int or a Decimal."""
    if isinstance(value, str):
        value = decimal_in(key, value)
    return Decimal(number(key, value))


def decimal_in(key: str, text: str) -> Decimal:
    """The decimal that a text spells."""
    try:
        return Decimal(text)
    except DecimalException:
        raise ValueError(f"{key} must be a number, not {text!r}") from None


def positive(key: str, value: object) -> Decimal:
    """A number above 0."""
    checked = decimal(key, value)
    if checked == 0:
        raise ValueError(f"{key} must be above 0")
    return checked


def count(key: str, value: object) -> int:
    """A whole number from 1 up."""
    checked = whole(key, decimal(key, value))
    if checked == 0:
        raise ValueError(f"{key} must be at least 1")
    return checked


def at_most(highest: int) -> Reader:
    """A reader of numbers from 0 to the highest."""

    def read(key: str, value: object) -> Decimal:
        checked = decimal(key, value)
        if checked > highest:
            raise ValueError(f"{key} must be from 0 to {highest}, not {checked}")
        return checked

    return read


def or_none(reader: Reader) -> Reader:
    """A reader that also takes `None`: the setting is off."""
    return lambda key, value: None if value is None else reader(key, value)


def credit_or_neutral(key: str, value: object) -> Decimal | str:
    """A credit from 0 to 1, or the word that leaves the day out altogether."""
    return NEUTRAL if value == NEUTRAL else credit(key, value)


def switch(key: str, value: object) -> bool:
    """True or false, nothing that merely looks like it."""
    expect(key, value, bool)
    return value


def code(key: str, value: object) -> str:
    """A text that is not blank."""
    expect(key, value, str)
    if not value.strip():
        raise ValueError(f"{key} must not be blank")
    return value


def rounding_mode(key: str, value: object) -> str:
    """One of the four ways to round."""
    expect(key, value, str)
    if value not in ROUNDINGS:
        raise ValueError(f"{key} must be one of {', '.join(ROUNDINGS)}, not {value!r}")
    return value


def scale_rows(key: str, value: object) -> tuple[ScaleRow, ...]:
    """Pairs of lower bound and rating, bounds strictly descending."""
    expect(key, value, (list, tuple))
    rows = tuple(scale_row(key, row) for row in value)
    if not rows:
        raise ValueError(f"{key} must have at least one row")
    bounds = [bound for bound, _ in rows]
    if any(lower >= upper for upper, lower in pairwise(bounds)):
        raise ValueError(f"{key} must be strictly descending")
    return rows


def scale_row(key: str, row: object) -> ScaleRow:
    """One row of the scale; the failing rating cannot stand for a pass."""
    expect(key, row, (list, tuple))
    if len(row) != len(("bound", "rating")):
        raise ValueError(f"{key} must hold pairs of a lower bound and a rating")
    bound, rating = row
    if rating == FAILING_RATING:
        raise ValueError(f"{key} cannot give {FAILING_RATING}, the failing rating, for a pass")
    return points(key, bound), code(key, rating)


def planned_exams(key: str, value: object) -> tuple[PlannedExam, ...]:
    """The exams of a new term, each name once."""
    expect(key, value, (list, tuple))
    exams = tuple(planned_exam(key, entry) for entry in value)
    if len({exam.name for exam in exams}) < len(exams):
        raise ValueError(f"{key} must not name an exam twice")
    return exams


def planned_exam(key: str, entry: object) -> PlannedExam:
    """One exam, given as itself or as a mapping of its three keys."""
    if isinstance(entry, PlannedExam):
        return entry
    expect(key, entry, dict)
    if sorted(entry) != ["items", "name", "weight"]:
        raise ValueError(f"{key} must have exactly name, items and weight for each exam")
    return PlannedExam(**entry)


credit = at_most(1)
points = at_most(FULL_MARKS)  # the weights sum to it, so no component and no total is more

READERS: dict[str, Reader] = {
    "weight_attendance": points,
    "weight_aptitude": points,
    "weight_proficiency": points,
    "credit_late": credit,
    "credit_excused": credit_or_neutral,
    "lates_per_absence": or_none(count),
    "aptitude_base": decimal,
    "aptitude_cap": points,  # more than 100 would give more than the weight
    "exam_base": points,
    "minimum_attendance": or_none(points),
    "minimum_aptitude": or_none(points),
    "minimum_proficiency": or_none(points),
    "passing_total": points,
    "drop_rule": switch,
    "unexcused_limit": at_most(1),
    "consecutive_limit": count,
    "scale": scale_rows,
    "code_dropped": code,
    "code_incomplete": code,
    "code_deferred": code,
    "rounding": rounding_mode,
    "planned_days": count,
    "exams": planned_exams,
}
