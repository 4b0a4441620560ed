"""Scores as tests of imports write and read them."""

from rotc.exams.actions import record_score
from rotc.exams.models import Score


def scores(term):
    """``{(student number, exam): as typed}``, blanks left out."""
    found = Score.objects.filter(exam__term=term).select_related("enrollment__cadet", "exam")
    return {(s.enrollment.cadet.student_number, s.exam.name): s.typed for s in found if s.typed}


def type_in(enrollment, name, typed, by=None, version=0):
    exam = enrollment.term.exams.get(name=name)
    return record_score(enrollment, exam, typed=typed, seen_version=version, by=by)


def reasons(plan):
    return [(each["row"], each["column"], each["reason"]) for each in plan.problems]
