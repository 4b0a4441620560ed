"""The grade sheet as a page: which unit, which columns, who may type."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2s
from urllib.parse import urlencode

from django.db.models import Q

from rotc import access
from rotc.exams import queries
from rotc.grading.policy import COMPONENTS
from rotc.roster.archiving import serving
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
    show: str = ""
    refused: dict = field(default_factory=dict)
    kept_rows: list[int] = field(default_factory=list)

    @cached_property
    def units(self):
        return list(access.units(self.user, access.SEE_GRADES, self.term))

    @cached_property
    def enrollments(self):
        """Everybody of the unit whom the words name, whatever chip is chosen: they make the figures."""
        reached = access.enrollments(self.user, access.SEE_GRADES, self.term)
        return search(reached.filter(serving(self.term)), words=self.search, unit=self.unit)

    @cached_property
    def exams(self):
        return list(self.term.exams.all())

    @cached_property
    def _narrowings(self):
        return queries.narrowings(self.exams, self.term.rules)

    @cached_property
    def _counts(self):
        return queries.counts(self.enrollments, self._narrowings)

    @cached_property
    def size(self) -> int:
        return self.enrollments.count()

    @property
    def listed(self) -> int:
        """How many the chip leaves."""
        return self._counts[self.show] if self.show else self.size

    @property
    def chips(self):
        """``(show, label, how many)`` for everybody and for each narrowing."""
        counted = {"": self.size, **self._counts}
        return [(show, label, counted[show]) for show, label in queries.SHOWS.items()]

    @property
    def too_long(self) -> bool:
        return self.listed > queries.MOST_ROWS

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
        enrollments = queries.with_points(self.narrowed) if self.shows_points else self.narrowed
        rows = queries.sheet(enrollments, self.exams, self.days, locked=self._locked)
        for cell in (cell for row in rows for cell in row.cells if cell.key in self.refused):
            cell.shown, cell.typed = cell.typed, self.refused[cell.key][0]
            cell.refused = self.refused[cell.key][1]
        return rows

    @property
    def narrowed(self):
        """Those whom the chip leaves, and whoever has a cell that was refused: what was typed stays in sight.

        ``kept_rows`` are those whom it left when the sheet was opened: a block is pasted into what one sees.
        """
        if not self.show:
            return self.enrollments
        if self.kept_rows:
            return self.enrollments.filter(pk__in=self.kept_rows)
        kept = {int(key.split(".")[0]) for key in self.refused}
        return self.enrollments.filter(self._narrowings[self.show] | Q(pk__in=kept))

    def _locked(self, enrollment) -> bool:
        return not self.editable or access.owns(self.user, enrollment)

    @property
    def shown(self) -> str:
        """A mark of its cadets and exams in their order: a block is pasted into what its officer saw."""
        ids = [row.enrollment.pk for row in self.rows], [exam.pk for exam in self.exams]
        return blake2s(repr(ids).encode(), digest_size=8).hexdigest()

    @cached_property
    def figures(self):
        """What stands under each exam's column."""
        return self.figures_of(self.exams)

    def figures_of(self, exams):
        """What stands under the columns of these exams of the term."""
        return queries.column_figures(self.enrollments, exams, size=self.size)

    @property
    def before(self) -> int:
        """How many columns stand between a name and its scores."""
        return len(self.days) + 2 * self.shows_points

    @property
    def components(self):
        """``(name, weight, minimum)`` of the three parts of a grade."""
        rules = self.term.rules
        return [
            (name.capitalize(), getattr(rules, f"weight_{name}"), getattr(rules, f"minimum_{name}"))
            for name in COMPONENTS
        ]

    @property
    def shows(self) -> str:
        return queries.SHOWS[self.show]

    @cached_property
    def sets_exams(self) -> bool:
        return access.may(self.user, access.SET_EXAMS, term=self.term)

    @property
    def query(self) -> str:
        """The address of this sheet after the question mark."""
        return self._query(columns=self.columns)

    @property
    def asked(self) -> str:
        """The same for pages that know nothing of columns: whom it shows."""
        return self._query()

    def _query(self, **more) -> str:
        facts = {"term": self.term.name, "unit": self.unit.pk, **more, "q": self.search, "show": self.show}
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
    columns, show = asked.get("columns", ""), asked.get("show", "")
    return Sheet(
        user,
        term,
        unit,
        columns if columns in queries.COLUMNS else "exams",
        asked.get("q", "")[:80].strip(),
        show if show in queries.SHOWS else "",
    )


def _unit(user, term, asked) -> Unit | None:
    if chosen := access.unit_asked(user, asked, access.SEE_GRADES, term):
        return chosen
    units = list(access.units(user, access.SEE_GRADES, term))
    platoons = [unit for unit in units if unit.kind == Unit.Kind.PLATOON]
    return (platoons or units or [None])[0]
