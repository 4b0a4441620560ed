"""What a check is given and what it finds, before anything is stored."""

from dataclasses import asdict, dataclass, field
from functools import cached_property

from rotc.imports import cells
from rotc.imports.matching import Match, Shape
from rotc.imports.reach import Reach
from rotc.imports.reading import Sheet

STATES = ("new", "changed", "same")
LONGEST = 300  # a cell may hold a whole page; nobody reads it in a problem


@dataclass(frozen=True)
class Choices:
    """What the importer chose.

    ``sheet`` and ``header`` (its row, from 1); how ``dates`` are read; whether units are formed; the ``exam`` of
    a column that only says "Score"; the ``day`` (ISO) of rows without a date; ``columns`` (our field → their
    column); ``answers`` (row → the student number of whom a name means); the rows to ``leave_out``.
    """

    sheet: str = ""
    header: int | None = None
    dates: str = ""
    create_units: bool = False
    exam: str = ""
    day: str = ""
    columns: dict[str, int | None] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    leave_out: list[int] = field(default_factory=list)

    def to_dict(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Problem:
    row: int
    column: str
    reason: str

    def to_dict(self) -> dict:
        return asdict(self)


@dataclass
class Row:
    """One row: ``cells`` as written, ``values`` as understood, and the problems of both."""

    at: int
    cells: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Given:
    """A sheet with its columns matched, and everything that it is held against."""

    term: object
    sheet: Sheet
    shape: Shape
    match: Match
    choices: Choices
    reach: Reach
    by: object = None

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that hold anything and are not left out."""
        left_out = set(self.choices.leave_out)
        return [row for row in self.every_row if row.at not in left_out]

    @cached_property
    def every_row(self) -> list[Row]:
        """The rows under the header that hold anything. A header repeated on a later page is none."""
        rows = []
        head = {name: cells.clean(self.match.headers[at]) for name, at in self.match.columns.items()}
        for at, line in enumerate(self.sheet.rows[self.match.at + 1 :], self.match.at + 2):
            given = {name: cells.clean(line[p]) for name, p in self.match.columns.items() if p < len(line)}
            filled = {name: text for name, text in given.items() if text}
            if filled and filled != head:
                rows.append(Row(at, filled))
        return rows

    def problem(self, row: Row, name: str, reason) -> None:
        """Leave a row out because of one of its cells; ``name`` is our field."""
        column = self.match.column(self.shape.field(name))
        row.problems.append(Problem(row.at, column[:LONGEST], str(reason)[:LONGEST]))

    @property
    def problems(self) -> list[Problem]:
        """All of them, in the order of the file."""
        found = [problem for row in self.rows for problem in row.problems]
        return sorted(found, key=lambda each: (each.row, each.column))


@dataclass
class Draft:
    """The outcome of a check. ``rows``, as ``ImportPlan`` keeps them, are those that a commit would take.

    ``questions``: rows that fit several cadets, ``{"row", "name", "fits": [{"student_number", "name", "unit"}],
    "more"}``; those that a page does not ask have no ``fits``, ``more`` fit and are not offered.
    """

    rows: list[dict]
    problems: list[Problem]
    absent: list[dict] = field(default_factory=list)
    questions: list[dict] = field(default_factory=list)
    notes: dict = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether a commit would change anything."""
        return any(row["state"] != "same" for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """new, changed, same, absent, and the rows left out because of a problem."""
        states = [row["state"] for row in self.rows]
        return {state: states.count(state) for state in STATES} | {
            "absent": len(self.absent),
            "left_out": len({problem.row for problem in self.problems}),
        }
