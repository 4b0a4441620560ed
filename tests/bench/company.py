"""A company whose sheet is typed into, and what its database holds afterwards. Runs beside the server."""

import random

from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.exams.models import Exam, Score
from rotc.journal.models import JournalEntry
from rotc.roster.models import Enrollment, Term
from rotc.standings import actions as standings
from tests import factories


def form(*platoons: int, officers: int = 2, exams: int = 3) -> dict:
    """A company of platoons of these sizes; its rows in the order of its sheet, its exams, its officers' usernames."""
    term = factories.open_term()
    alpha = factories.company(term, "Alpha")
    units = list(alpha.children.all())[: len(platoons)]
    for place, (unit, size) in enumerate(zip(units, platoons, strict=True)):
        factories.many(unit, size, start=1000 * place)
    examine(exams)
    names = [f"officer{number}" for number in range(officers)]
    ids = [factories.staff(name, "tactical_officer", alpha).pk for name in names]
    rows = Enrollment.objects.filter(unit__in=units).order_by("unit__path", "cadet__sort_name")
    return {
        "company": alpha.pk,
        "platoons": [unit.pk for unit in units],
        "rows": {unit.pk: list(rows.filter(unit=unit).values_list("pk", flat=True)) for unit in units},
        "exams": list(term.exams.values_list("pk", flat=True)),
        "officers": names,
        "ids": ids,
    }


def examine(exams: int) -> list[int]:
    """The term's exams, once it has so many; those that are added are scored where the company is filled."""
    term = Term.objects.get()
    filled = Score.objects.exists()
    for number in range(term.exams.count(), exams):
        exam = Exam.objects.create(term=term, name=f"Quiz {number}", items=100, position=number)
        if filled:
            _score(exam)
    return list(term.exams.values_list("pk", flat=True))


def fill() -> None:
    """A score in every cell, and a mark on each of the fifteen training days."""
    term, chance = Term.objects.get(), random.Random(60)
    rows = list(term.enrollments.values_list("pk", flat=True))
    term.training_days.update(held_at=timezone.now())
    AttendanceMark.objects.bulk_create(
        AttendanceMark(enrollment_id=row, day=day, letter=chance.choice("PPPPPPPLEA"))
        for row in rows
        for day in term.training_days.all()
    )
    for exam in term.exams.all():
        _score(exam)
    standings.refresh(term, rows)


def _score(exam) -> None:
    chance = random.Random(exam.pk)
    Score.objects.bulk_create(
        Score(enrollment=row, exam=exam, raw=chance.randint(40, 99), version=1, changed_at=timezone.now())
        for row in exam.term.enrollments.all()
    )


def stored() -> dict:
    """Every cell that was ever filled, ``"enrollment.exam"`` → what it holds and the journal's lines of it, in order."""
    lines = {}
    for line in JournalEntry.objects.filter(subject__startswith="score:").order_by("pk"):
        [(before, after)] = line.changes.values()
        lines.setdefault(line.subject, []).append([before or "", after or "", line.actor_id, line.how])
    return {
        f"{score.enrollment_id}.{score.exam_id}": {
            "typed": score.typed,
            "version": score.version,
            "lines": lines.get(f"score:{score.enrollment_id}:{score.exam_id}", []),
        }
        for score in Score.objects.all()
    }
