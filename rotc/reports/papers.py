"""A paper before it is written down: columns, and groups of rows of plain values.

A value is text, a whole number, a ``Decimal``, or None for a blank. Print, CSV and XLSX all write the same
values; only how a number looks depends on its column.
"""

from dataclasses import dataclass
from datetime import datetime

from rotc.reports.facts import Line
from rotc.roster.models import Term
from rotc.web import spreadsheets
from rotc.web.spreadsheets import Value


@dataclass(frozen=True, slots=True)
class Column(spreadsheets.Column):
    """A column of a file, of values taken from a ``Line``; a printed page may head it shorter, on two lines."""

    head: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A small table under a paper's rows: words first, then counts."""

    title: str
    heads: list[str]
    rows: list[list[str | int]]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands on one paper to be signed; ``name`` is empty where there is only one."""

    name: str
    lines: list[Line]
    rows: list[list[Value]]
    missing: list[str]
    summary: Summary | None


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
    page: str

    @property
    def file_name(self) -> str:
        return f"{self.slug}_{self.term.name}_{self.made_at:%Y-%m-%d}"
