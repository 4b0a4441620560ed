"""The grade sheet as a page: which unit, which columns, who may type."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from rotc import access
from rotc.exams import queries
from rotc.roster.models import Term, Unit
from rotc.roster.queries import search


@dataclass
class Sheet:
    """One unit's sheet as a user sees it. Its state (term, unit, columns, search) lives in the address."""

    user: object
    term: Term
    unit: Unit
    columns: str = "exams"
    search: str = ""
    refused: dict = field(default_factory=dict)

    @cached_property
    def units(self):
        return list(access.units(self.user, access.SEE_GRADES, self.term))

    @cached_property
    def enrollments(self):
        reached = access.enrollments(self.user, access.SEE_GRADES, self.term)
        return search(reached, words=self.search, unit=self.unit)

    @cached_property
    def exams(self):
        return list(self.term.exams.all())

    @cached_property
    def size(self) -> int:
        return self.enrollments.count()

    @property
    def too_long(self) -> bool:
        return self.size > queries.MOST_ROWS

    @cached_property
    def days(self):
        return queries.held_days(self.term) if self.columns in ("attendance", "all") else []

    @property
    def shows_points(self) -> bool:
        return self.columns in ("aptitude", "all")

    @property
    def shows_exams(self) -> bool:
        return self.columns in ("exams", "all")

    @cached_property
    def editable(self) -> bool:
        return self.term.closed_at is None and access.may(self.user, access.ENTER_SCORES, self.unit)

    @cached_property
    def rows(self):
        enrollments = queries.with_points(self.enrollments) if self.shows_points else self.enrollments
        rows = queries.sheet(enrollments, self.exams, self.days, locked=self._locked)
        for cell in (cell for row in rows for cell in row.cells if cell.key in self.refused):
            cell.shown, cell.typed = cell.typed, self.refused[cell.key][0]
            cell.refused = self.refused[cell.key][1]
        return rows

    def _locked(self, enrollment) -> bool:
        return not self.editable or access.owns(self.user, enrollment)

    @cached_property
    def progress(self):
        """``(exam, entered)`` for each exam of the sheet."""
        entered = queries.entered(self.enrollments, self.exams)
        return [(exam, entered.get(exam.pk, 0)) for exam in self.exams]

    @property
    def query(self) -> str:
        """The address of this sheet after the question mark."""
        facts = {"term": self.term.name, "unit": self.unit.pk, "columns": self.columns, "q": self.search}
        return urlencode({key: value for key, value in facts.items() if value})

    @cached_property
    def stamp(self) -> str:
        return queries.now_stamp()


def sheet_for(user, asked) -> Sheet | None:
    """The sheet that ``asked`` (a query dict) names; the user's first platoon by default; None without a term."""
    term = access.term(user, asked.get("term"))
    unit = _unit(user, term, asked.get("unit")) if term else None
    if unit is None:
        return None
    columns = asked.get("columns", "")
    return Sheet(
        user, term, unit, columns if columns in queries.COLUMNS else "exams", asked.get("q", "")[:80].strip()
    )


def _unit(user, term, asked) -> Unit | None:
    if chosen := access.unit_asked(user, asked, access.SEE_GRADES, term):
        return chosen
    units = list(access.units(user, access.SEE_GRADES, term))
    platoons = [unit for unit in units if unit.kind == Unit.Kind.PLATOON]
    return (platoons or units or [None])[0]
