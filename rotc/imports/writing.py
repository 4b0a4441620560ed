"""What a commit and an undo report back."""

from dataclasses import dataclass, field


@dataclass
class Written:
    """``touched``: the enrollments whose facts changed; ``trail``: a JSON list that the undo reads."""

    touched: list[int] = field(default_factory=list)
    trail: list = field(default_factory=list)


@dataclass
class Taken:
    """What an undo took back: the enrollments that are still there and changed, and the rows it left.

    ``kept``: ``{"row", "name", "reason"}`` for each row that somebody changed since.
    """

    touched: list[int] = field(default_factory=list)
    kept: list[dict] = field(default_factory=list)


def quietly(done: int, total: int) -> None:
    """The ``tell`` of who has nobody to tell."""
