"""The four ways to round, and the way back: what is the least that would print as much?"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from rotc.grading.figures import all_digits, half_up_parts, two_places


@dataclass(frozen=True, slots=True)
class Rounding:
    """Into how many parts of a point components and total are rounded; `None` leaves them exact."""

    component_parts: int | None
    total_parts: int | None

    def component(self, points: Fraction) -> Fraction:
        """The component as every comparison uses it."""
        return half_up(points, self.component_parts)

    def total(self, points: Fraction) -> Fraction:
        """The total as every comparison uses it."""
        return half_up(points, self.total_parts)

    def component_figure(self, points: Fraction) -> Decimal:
        """The component as it is returned and printed."""
        return two_places(points) if self.component_parts else all_digits(points)

    def total_figure(self, points: Fraction) -> Decimal:
        """The total as it is returned and printed; rounded components have a rounded sum."""
        rounded = self.component_parts or self.total_parts
        return two_places(points) if rounded else all_digits(points)


ROUNDINGS = {
    "components": Rounding(component_parts=100, total_parts=None),
    "total": Rounding(component_parts=None, total_parts=100),
    "exact": Rounding(component_parts=None, total_parts=None),
    "integer": Rounding(component_parts=1, total_parts=None),
}


def half_up(points: Fraction, parts: int | None) -> Fraction:
    """The points rounded half-up to `parts`-ths of a point, or as they are."""
    return points if parts is None else Fraction(half_up_parts(points, parts), parts)


def least_rounding_to(goal: Fraction, parts: int | None) -> Fraction:
    """The least number that `half_up` brings to the goal or above it."""
    return goal if parts is None else Fraction(2 * ceil(goal * parts) - 1, 2 * parts)
