"""What was measured, and the one table that it is printed in."""

import gzip
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table; ``budget`` is empty where none is set."""

    what: str
    figure: str
    budget: str = ""


def table(figures: list[Figure]) -> str:
    rows = [("What", "Figure", "Budget"), *((each.what, each.figure, each.budget) for each in figures)]
    first, second, third = (max(len(row[column]) for row in rows) for column in range(3))
    lines = [f"| {what:<{first}} | {figure:<{second}} | {budget:<{third}} |" for what, figure, budget in rows]
    return "\n".join(
        [lines[0], f"|{'-' * (first + 2)}|{'-' * (second + 2)}|{'-' * (third + 2)}|", *lines[1:]]
    )


def milliseconds(seconds) -> str:
    return f"{seconds * 1000:.0f} ms"


def median(seconds) -> str:
    return milliseconds(statistics.median(seconds))


def percentile(seconds, share) -> float:
    """The smallest of ``seconds`` that ``share`` percent of them do not exceed."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def kilobytes(text: str | bytes) -> str:
    """``38.2 KB, 5.1 KB compressed``, as gzip does it at its usual level."""
    body = text.encode() if isinstance(text, str) else text
    return f"{len(body) / 1024:.1f} KB, {len(gzip.compress(body, 6)) / 1024:.1f} KB compressed"
