"""Exam scores of the invented battalion: two exams entered, the last still to come."""

from collections import defaultdict
from datetime import time
from decimal import Decimal
from random import Random
from uuid import uuid4

from rotc.demo.formation import HOW, Company
from rotc.demo.training import at
from rotc.exams.models import Exam, Score
from rotc.journal import actions as journal
from rotc.roster.models import Term

TAKEN_ON = [4, 8]  # which of the held days the first and the second exam were taken on
LEAST = Decimal(35)


def enter(term: Term, days, companies: list[Company], never: set[int], *, random: Random) -> None:
    """Enter the first two exams; some cells stay blank, and one platoon's second exam altogether."""
    exams = list(term.exams.order_by("position"))[: len(TAKEN_ON)]
    not_yet = {each.pk for each in companies[1].platoons[-1]}
    scores = []
    for company in companies:
        for enrollment in company.enrollments:
            able = random.gauss(77, 9)
            for place, exam in enumerate(exams):
                score = _score(enrollment, exam, able, enrollment.pk in never, random)
                if score and not (place and enrollment.pk in not_yet):
                    score.changed_at = at(days[TAKEN_ON[place]].date, time(15))
                    score.changed_by = company.officer
                    scores.append(score)
    Score.objects.bulk_create(scores, batch_size=500)
    sheets = defaultdict(uuid4)  # an officer types an exam of a platoon in one go
    journal.write_all(_line(score, sheets[score.enrollment.unit_id, score.exam_id]) for score in scores)


def _score(enrollment, exam: Exam, able, never, random) -> Score | None:
    """A score or an absence; None for a cell nobody has filled in yet."""
    what = random.choices(["raw", "no-show", "excused", "blank"], [955, 15, 10, 20])[0]
    raw = _raw(exam, able, random)
    if never:
        return Score(enrollment=enrollment, exam=exam, absence=Score.Absence.NO_SHOW)
    if what == "blank":
        return None
    if what == "raw":
        return Score(enrollment=enrollment, exam=exam, raw=raw)
    return Score(enrollment=enrollment, exam=exam, absence=what)


def _raw(exam, able, random) -> Decimal:
    percentage = min(max(Decimal(round(random.gauss(able, 5))), LEAST), Decimal(100))
    half = Decimal("0.5") if random.random() < 0.08 else 0
    return min(percentage * exam.items / 100 + half, Decimal(exam.items))


def _line(score, act):
    return journal.entry(
        "score recorded",
        f"score:{score.enrollment_id}:{score.exam_id}",
        by=score.changed_by,
        how=HOW,
        enrollment=score.enrollment,
        changes={score.exam.name: (None, score.typed)},
        act=act,
    )
