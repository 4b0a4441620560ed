"""What a check finds, before anything is stored: the choices it was made under, its rows and problems."""

from dataclasses import asdict, dataclass, field

from rotc.imports.matching import Match
from rotc.imports.reading import Sheet

STATES = ("new", "changed", "same")


@dataclass(frozen=True)
class Choices:
    """What the importer chose: which sheet, how dates are read, whether units are formed, which columns."""

    sheet: str = ""
    dates: str = ""
    create_units: bool = False
    columns: dict[str, int | None] | None = None

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
class Draft:
    """The outcome of a check. ``rows`` are those that a commit would take."""

    file_name: str
    sheets: list[Sheet]
    sheet: Sheet
    match: Match
    rows: list[dict]  # as ImportPlan keeps them
    problems: list[Problem]
    absent: list[dict]
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
