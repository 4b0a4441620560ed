"""The muster as a page: which day and unit, who may mark, and each cadet's row."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone

from rotc import access
from rotc.attendance import queries
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.refusals import StaleMark
from rotc.roster.archiving import serving
from rotc.roster.models import Enrollment, Unit

MOST_ROWS = 300


@dataclass
class Row:
    """One cadet on the page: the stored mark and, after a refusal, what was typed and why it was refused."""

    enrollment: Enrollment
    mark: AttendanceMark
    own: bool = False
    typed: dict | None = None
    problem: str = ""
    stale: bool = False

    @property
    def shown(self) -> dict:
        return self.typed or values(self.mark)

    @property
    def was(self) -> str:
        return "|".join(values(self.mark).values())

    @property
    def yours(self) -> str:
        return AttendanceMark(letter=self.shown["letter"][:1]).get_letter_display() or "not marked"

    @property
    def theirs(self) -> str:
        return self.mark.get_letter_display() or "not marked"


def values(mark) -> dict[str, str]:
    """A mark as its inputs hold it."""
    return {
        "letter": mark.letter,
        "time_in": f"{mark.time_in:%H:%M}" if mark.time_in else "",
        "time_out": f"{mark.time_out:%H:%M}" if mark.time_out else "",
        "remarks": mark.remarks,
    }


def cell(mark) -> dict:
    """A stored mark as scripts read it: its name, its version, its values and who set it."""
    return {
        "cell": f"mark:{mark.day_id}:{mark.enrollment_id}",
        "version": mark.version,
        **values(mark),
        "label": mark.get_letter_display() or "not marked",
        "said": f"{mark.set_by} set {mark.said} {mark.set_when}",
    }


@dataclass
class Muster:
    user: object
    day: TrainingDay
    unit: Unit
    units: list[Unit]
    right: str
    elsewhere: int = 0
    refused: dict = field(default_factory=dict)

    @property
    def everybody(self):
        # Whoever marks a unit sees all of it, themselves too, whom somebody else marks.
        reached = access.enrollments(self.user, access.SEE_ROSTER, self.day.term)
        return reached.filter(serving(self.day.term), unit__path__startswith=self.unit.path)

    @cached_property
    def enrollments(self) -> list[Enrollment]:
        return list(self.everybody[: MOST_ROWS + 1])

    @property
    def too_long(self) -> bool:
        return len(self.enrollments) > MOST_ROWS

    @property
    def smaller(self) -> list[Unit]:
        """The units to choose from instead, where this one is too long for a page."""
        return [unit for unit in self.units if unit.kind == Unit.Kind.PLATOON]

    @property
    def may_mark(self) -> bool:
        return self.right == access.MARK_ATTENDANCE and not self.closed_because

    @property
    def closed_because(self) -> str:
        """Why nothing can be marked on this day; empty when it can."""
        if self.day.term.closed_at:
            return f"{self.day.term.title} is closed."
        if self.day.cancelled_at:
            return f"The training of this day is cancelled: {self.day.cancelled_because}."
        if self.day.date > timezone.localdate():
            return f"The muster opens on {self.day.label}."
        return ""

    @cached_property
    def rows(self) -> list[Row]:
        return self._rows(self.enrollments)

    @property
    def whole(self) -> list[Row]:
        """The rows of everybody in the unit, also where they are too many for a page."""
        return self._rows(list(self.everybody))

    def _rows(self, enrollments) -> list[Row]:
        stored = queries.marks_on(self.day, enrollments)
        rows = []
        for each in enrollments:
            mark = stored.get(each.pk) or AttendanceMark(day=self.day, enrollment=each, version=0)
            typed, problem, stale = self.refused.get(each.pk, (None, "", False))
            rows.append(Row(each, mark, access.owns(self.user, each), typed, problem, stale))
        return rows

    @property
    def cells(self) -> list[dict]:
        return [cell(row.mark) for row in self.rows if row.mark.version]

    @property
    def of(self) -> int:
        return len(self.rows)

    @property
    def marked(self) -> int:
        return sum(1 for row in self.rows if row.mark.letter)

    @property
    def blank(self) -> int:
        """How many are not marked and may be marked by this user."""
        return sum(1 for row in self.rows if not row.mark.letter and not row.own)

    @property
    def query(self) -> str:
        return urlencode({"unit": self.unit.pk})

    def after(self, typed, outcome) -> "Muster":
        """The page again as it stands now, with what was typed kept where it was refused."""
        refused = {pk: (typed.forms[pk].typed, problem, False) for pk, problem in typed.problems.items()}
        for wanted, refusal in outcome.refused:
            pk = wanted.enrollment.pk
            refused[pk] = (typed.forms[pk].typed, str(refusal), isinstance(refusal, StaleMark))
        return Muster(self.user, self.day, self.unit, self.units, self.right, typed.elsewhere, refused)

    @property
    def trouble(self) -> int:
        return len(self.refused) + self.elsewhere

    @property
    def status(self) -> int:
        if any(stale for _, _, stale in self.refused.values()):
            return 409
        return 422 if self.trouble else 200


def muster_for(user, day, unit_asked) -> Muster:
    """The muster of ``day`` for the unit asked for, by default the user's first platoon."""
    right = reading_right(user, day.term)
    units = list(access.units(user, right, day.term))
    return Muster(user, day, _unit(units, unit_asked), units, right)


def reading_right(user, term) -> str:
    """Whoever marks sees what they mark; others who read grades see all that they read."""
    return (
        access.MARK_ATTENDANCE if access.may(user, access.MARK_ATTENDANCE, term=term) else access.SEE_GRADES
    )


def _unit(units, asked) -> Unit:
    if asked:
        chosen = [unit for unit in units if str(unit.pk) == asked]
    else:
        chosen = [unit for unit in units if unit.kind == Unit.Kind.PLATOON] or units
    if not chosen:
        raise Http404
    return chosen[0]
