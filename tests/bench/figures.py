"""What was measured, and the one table that it is printed in."""

import gzip
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from tests.served import ROOT


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


def choose_engine(*, postgres: bool) -> None:
    """From now on servers are on SQLite, or on the PostgreSQL server of DATABASE_URL."""
    if not postgres:
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Set DATABASE_URL to a PostgreSQL server on which databases may be made.")


def header() -> str:
    """When, of which commit and on what was measured."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    return (
        f"{date.today():%Y-%m-%d}, {commit.stdout.strip() or 'no commit'}: {os.cpu_count()} cores, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"Django {version('django')}, {database}"
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
