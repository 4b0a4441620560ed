"""The facts that papers are made of, read in a constant number of trips."""

from dataclasses import dataclass

from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.exams.models import Exam
from rotc.grading import CadetRecord, Policy
from rotc.roster.columns import within
from rotc.roster.models import Enrollment, ListedValue, Term, Unit
from rotc.standings.models import Standing
from rotc.standings.queries import records, standing_of


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A training day that was held, with its number among the days of the term."""

    number: int
    day: TrainingDay


@dataclass(slots=True)
class Line:
    """One cadet: where they stand, the letter of each held day, the record as graded, and the outcome."""

    enrollment: Enrollment
    letters: dict[int, str]
    record: CadetRecord
    standing: Standing
    number: int = 0

    @property
    def cadet(self):
        return self.enrollment.cadet

    @property
    def by_hand(self) -> bool:
        """A code was set by hand: papers print it and leave the numbers blank."""
        return self.standing.verdict == "overridden"

    def unit(self, kind: str) -> Unit | None:
        """The company, or the platoon, that the cadet stands in."""
        return within(self.enrollment.unit, kind)


@dataclass(frozen=True, slots=True)
class Facts:
    term: Term
    rules: Policy
    days: list[HeldDay]
    exams: list[Exam]
    ms_levels: list[str]
    lines: list[Line]


def facts(term: Term, enrollments) -> Facts:
    """The facts of these enrollments of ``term``."""
    found = {
        each.pk: each
        for each in enrollments.select_related("cadet", "unit__parent__parent__parent", "standing")
    }
    letters = _letters(enrollments)
    lines = [
        Line(found[pk], letters.get(pk, {}), record, standing_of(found[pk]))
        for pk, record in records(term, list(found))
    ]
    return Facts(term, term.rules, _held_days(term), list(term.exams.all()), ms_levels(term), lines)


def ms_levels(term: Term) -> list[str]:
    """The MS levels that the term has cadets in, in the order of the unit's list."""
    listed = ListedValue.objects.filter(list=ListedValue.List.MS_LEVEL)
    order = {value: place for place, value in enumerate(listed.values_list("value", flat=True))}
    present = set(term.enrollments.order_by().values_list("ms_level", flat=True).distinct()) - {""}
    return sorted(present, key=lambda level: (order.get(level, len(order)), level))


def _held_days(term) -> list[HeldDay]:
    standing = term.training_days.filter(cancelled_at=None)
    return [HeldDay(number, day) for number, day in enumerate(standing, 1) if day.held_at]


def _letters(enrollments) -> dict[int, dict[int, str]]:
    marks = AttendanceMark.objects.filter(
        enrollment__in=enrollments.order_by().values("pk"), day__held_at__isnull=False
    ).exclude(letter="")
    letters = {}
    for enrollment_id, day_id, letter in marks.values_list("enrollment_id", "day_id", "letter"):
        letters.setdefault(enrollment_id, {})[day_id] = letter
    return letters
