"""A paper before it is written down: columns, and groups of rows of plain values.

A value is text, a whole number, a ``Decimal``, or None for a blank. Print, CSV and XLSX all write the same
values; only how a number looks depends on its column.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rotc.reports.facts import Line
from rotc.roster.models import Term
from rotc.templatetags.house import number, points

TEXT, NAME, REMARKS = "text", "name", "remarks"
DAY, COUNT, RAW, FIGURE = "day", "count", "raw", "figure"

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` heads the column of a file; a printed page may say it shorter, on two lines."""

    title: str
    of: Callable[[Line], Value]
    kind: str = TEXT
    head: str = ""
    under: str = ""

    def shown(self, value: Value) -> str:
        """A value as it is read in this column; a blank is empty."""
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return number(value) if self.kind == RAW else points(value)
        return str(value)


@dataclass(frozen=True, slots=True)
class Group:
    """What stands on one paper to be signed; ``name`` is empty where there is only one."""

    name: str
    rows: list[list[Value]]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Paper:
    slug: str
    title: str
    term: Term
    about: str
    grouped_by: str
    size: str
    columns: list[Column]
    groups: list[Group]
    legend: list[str]
    made_at: datetime

    @property
    def file_name(self) -> str:
        return f"{self.slug}_{self.term.name}"
