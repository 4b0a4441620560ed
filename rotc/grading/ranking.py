"""The order of merit: places among those who have a total that counts."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rotc.grading.verdict import Result, Verdict

Key = TypeVar("Key", bound=Hashable)

PLACED = (Verdict.PASSED, Verdict.FAILED, Verdict.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Place:
    """A place among `of` placed records; `tied` when another has the same number."""

    number: int
    of: int
    tied: bool


def rank(results: Mapping[Key, Result]) -> dict[Key, Place]:
    """The place of each record that has one, best first; equals in the order they came.

    Equal figures share a place, and the places they fill are not given again: 1, 2, 2, 4.
    """
    merits = {key: merit(result) for key, result in results.items() if has_place(result)}
    order = sorted(merits, key=merits.__getitem__, reverse=True)
    sharing = Counter(merits.values())
    first: dict[tuple, int] = {}
    for number, key in enumerate(order, 1):
        first.setdefault(merits[key], number)
    return {
        key: Place(number=first[merits[key]], of=len(order), tied=sharing[merits[key]] > 1) for key in order
    }


def has_place(result: Result) -> bool:
    """Only a total that stands for a grade, or may become one, is compared with others."""
    return result.verdict in PLACED and result.total is not None


def merit(result: Result) -> tuple:
    """What decides: the printed total, then proficiency, attendance and aptitude."""
    return (
        result.total,
        result.proficiency.points,
        result.attendance.points,
        result.aptitude.points,
    )
