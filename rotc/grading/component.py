"""What is returned for each of the three parts of a grade."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Component:
    """One of the three parts of a grade. `points` is `None` while undefined, never 0 instead."""

    points: Decimal | None
    because: str
    weight: Decimal
