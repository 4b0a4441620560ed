"""Facts of a term: training days, exams, double entries, merits and demerits."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.access.cadets import enrollment, enrollments
from rotc.access.doors import check
from rotc.attendance.models import TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.double_entry.models import DoubleEntry
from rotc.double_entry.queries import WHOLE as OF_DOUBLE_ENTRY
from rotc.exams.models import Exam
from rotc.rights import (
    CHANGE_CATALOGUE,
    ENTER_SCORES,
    GIVE_CONDUCT,
    MARK_ATTENDANCE,
    PROPOSE_CONDUCT,
    SEE_GRADES,
    SEE_ROSTER,
    may,
    within,
)
from rotc.roster.models import Term


def training_day(user, pk: int, right: str = MARK_ATTENDANCE) -> TrainingDay:
    found = get_object_or_404(TrainingDay.objects.select_related("term"), pk=pk)
    if not may(user, SEE_ROSTER, term=found.term):
        raise Http404
    check(may(user, right, term=found.term))
    return found


def training_days(user, of: Term, dates, right: str = MARK_ATTENDANCE) -> dict:
    """The training days of a term on these dates, by date, to who holds ``right`` in it."""
    check(may(user, right, term=of))
    return {day.date: day for day in of.training_days.filter(date__in=dates).select_related("term")}


def exam(user, pk: int, right: str = ENTER_SCORES) -> Exam:
    found = get_object_or_404(Exam.objects.select_related("term"), pk=pk)
    if not may(user, SEE_GRADES, term=found.term):
        raise Http404
    check(may(user, right, term=found.term))
    return found


def double_entries(user, of: Term, right: str = SEE_GRADES):
    """The double entries of a term in the units that ``right`` reaches."""
    return DoubleEntry.objects.filter(within(user, right, of, "unit__"), unit__term=of)


def double_entry(user, pk: int, right: str = ENTER_SCORES) -> DoubleEntry:
    """A double entry to read (``SEE_GRADES``) or to carry on."""
    found = get_object_or_404(DoubleEntry.objects.select_related(*OF_DOUBLE_ENTRY), pk=pk)
    if not may(user, SEE_GRADES, found.unit):
        raise Http404
    check(may(user, right, found.unit))
    return found


def conduct_entries(user, of: Term):
    """The ledger that the user may read: that of their units."""
    right = GIVE_CONDUCT if may(user, GIVE_CONDUCT, term=of) else PROPOSE_CONDUCT
    if may(user, SEE_GRADES, term=of):
        right = SEE_GRADES
    return ConductEntry.objects.filter(
        enrollment__in=enrollments(user, right, of).values("pk")
    ).select_related("enrollment__cadet", "enrollment__unit__parent", "citation", "given_by")


def conduct_entry(user, pk: int, right: str = GIVE_CONDUCT) -> ConductEntry:
    found = get_object_or_404(
        ConductEntry.objects.select_related("enrollment__cadet", "enrollment__unit", "enrollment__term"),
        pk=pk,
    )
    enrollment(user, found.enrollment_id, right)
    return found


def citation(user, pk: int) -> Citation:
    """A line of the catalogue, to change."""
    check(may(user, CHANGE_CATALOGUE))
    return get_object_or_404(Citation, pk=pk)
