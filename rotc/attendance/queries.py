"""What the pages about training days ask, each in a constant number of trips."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from django.db.models import Count, FilteredRelation, Q
from django.utils import timezone

from rotc import access
from rotc.attendance.models import AttendanceMark, Letter, TrainingDay
from rotc.roster.archiving import serving
from rotc.roster.models import Unit

NOT_MARKED = "not marked"


@dataclass(frozen=True)
class DayOfCadet:
    """A held day as one cadet has it; a day without a mark is there too, ``not marked``."""

    day_id: int
    date: date
    subject: str
    letter: str
    label: str
    time_in: time | None
    time_out: time | None
    remarks: str


def marks_of(enrollment) -> list[DayOfCadet]:
    """Every held day of the cadet's term in order of date; one query."""
    days = (
        TrainingDay.objects.filter(term=enrollment.term_id, held_at__isnull=False)
        .annotate(own=FilteredRelation("marks", condition=Q(marks__enrollment=enrollment.pk)))
        .values_list("pk", "date", "subject", "own__letter", "own__time_in", "own__time_out", "own__remarks")
    )
    return [
        DayOfCadet(pk, on, subject, letter or "", label_of(letter), time_in, time_out, remarks or "")
        for pk, on, subject, letter, time_in, time_out, remarks in days
    ]


def label_of(letter: str | None) -> str:
    return Letter(letter).label if letter else NOT_MARKED


@dataclass(frozen=True)
class Missing:
    """A day that is held or past, and how many of a unit's cadets have no mark on it."""

    day: TrainingDay
    unit: Unit
    missing: int
    of: int


def missing_marks(user, term) -> list[Missing]:
    """What the user has still to mark, by day and company, the latest day first; four queries.

    A user appointed below a company sees their own unit in its place. Their own record is left out:
    somebody else marks it.
    """
    days = list(due_days(term))
    units = {unit.pk: unit for unit in access.units(user, access.MARK_ATTENDANCE, term)}
    cadets = access.enrollments(user, access.MARK_ATTENDANCE, term)
    of = Counter()
    for unit_id, count in _counted(cadets, "unit"):
        of[_company(units[unit_id], units)] += count
    marked = Counter()
    marks = AttendanceMark.objects.filter(day__in=days, enrollment__in=cadets.values("pk"))
    for day_id, unit_id, count in _counted(marks.exclude(letter=""), "day", "enrollment__unit"):
        marked[day_id, _company(units[unit_id], units)] += count
    return [
        Missing(day, unit, of[unit] - marked[day.pk, unit], of[unit])
        for day in days
        for unit in sorted(of, key=lambda unit: unit.path)
        if of[unit] > marked[day.pk, unit]
    ]


@dataclass(frozen=True)
class Line:
    """A training day in the term's list, counted over the cadets whom the user reaches."""

    day: TrainingDay
    number: int | None
    marked: int
    of: int
    state: str

    @property
    def missing(self) -> int:
        return self.of - self.marked if self.state in ("held", "today", "past") else 0


def days(user, term, right) -> list[Line]:
    """The term's training days: those with marks missing first, the latest on top; two queries."""
    units = access.units(user, right, term).order_by().values("pk")
    of = term.enrollments.filter(serving(term), unit__in=units).count()
    reached = Q(marks__enrollment__unit__in=units) & ~Q(marks__letter="")
    reached &= serving(term, "marks__enrollment__")
    found = term.training_days.annotate(marked=Count("marks", filter=reached)).order_by("date")
    today, number, lines = timezone.localdate(), 0, []
    for day in found:
        number += day.cancelled_at is None
        lines.append(Line(day, None if day.cancelled_at else number, day.marked, of, _state(day, today)))
    missing = [line for line in reversed(lines) if line.missing]
    return missing + [line for line in lines if not line.missing]


def _state(day, today) -> str:
    if day.cancelled_at:
        return "cancelled"
    if day.date == today:
        return "today"
    if day.held_at:
        return "held"
    return "past" if day.date < today else "planned"


def marks_on(day, enrollments) -> dict[int, AttendanceMark]:
    """The marks of these cadets on one day by enrollment; one query."""
    marks = AttendanceMark.objects.filter(day=day, enrollment__in=[each.pk for each in enrollments])
    return {mark.enrollment_id: mark for mark in marks.select_related("changed_by")}


def due_days(term):
    """Days that should have marks by now, the latest first."""
    return term.training_days.filter(cancelled_at=None, date__lte=timezone.localdate()).order_by("-date")


def _counted(rows, *by):
    return rows.order_by().values_list(*by).annotate(count=Count("pk"))


def _company(unit, units):
    if unit.kind == Unit.Kind.PLATOON:
        return units.get(unit.parent_id, unit)
    return unit
