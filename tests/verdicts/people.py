"""Cadets whom the engine recommends to drop."""

from rotc import reactions
from rotc.attendance.models import AttendanceMark
from rotc.grading import Policy
from rotc.standings.models import Standing
from rotc.verdicts.drops import confirm_drop, waive_drop
from tests.reports import graded

FOUR = "APAPAPAPPPPPPPP"
WHY = "absences: 4 unexcused of 3 allowed"


def drop_rule(term) -> None:
    """From now on the term is graded with a drop rule and minimums."""
    term.policy = Policy.preset("navrescom").to_dict()
    term.save(update_fields=["policy"])
    reactions.term_changed(term)


def too_often_absent(enrollment, letters=FOUR) -> None:
    drop_rule(enrollment.term)
    graded.record(enrollment, letters, 0, 0, 90, 90, 90)


def marked(enrollment, place, letter) -> None:
    """Somebody corrects the mark of the day at this place."""
    day = enrollment.term.training_days.all()[place]
    AttendanceMark.objects.filter(enrollment=enrollment, day=day).update(letter=letter)
    reactions.facts_changed(enrollment.term, [enrollment.pk])


def standing(enrollment) -> Standing:
    return Standing.objects.get(enrollment=enrollment)


def confirmed(enrollment, by, **facts):
    return confirm_drop(
        enrollment, **{"recommended": WHY, "seen": None, "reason": "Agreed", "by": by, **facts}
    )


def waived(enrollment, by, **facts):
    return waive_drop(
        enrollment, **{"recommended": WHY, "seen": None, "reason": "Was ill", "by": by, **facts}
    )
