"""Attendance: days, credits, and lates that become absences."""

from decimal import Decimal

import pytest

from rotc.grading import Verdict, grade
from tests.grading.records import NAV, SND, closed, days, policy, running


def attendance(held, policy_=SND, **more):
    return grade(closed(held, **more), policy_).attendance


def test_the_sentence_counts_the_days_by_kind():
    component = attendance(days(13, 1, absent=1))
    assert component.points == Decimal("28.00")
    assert component.because == "14 of 15 days: 13 present, 1 late, 1 absent"
    assert component.weight == 30


def test_the_divisor_is_the_marked_days_not_the_planned_ones():
    component = attendance("PAPP", planned_days=15)
    assert component.points == Decimal("22.50")
    assert component.because == "3 of 4 days: 3 present, 1 absent"


def test_more_letters_than_planned_days_are_no_error():
    assert attendance("P" * 20, planned_days=15).points == 30


def test_one_day_is_said_in_the_singular():
    assert attendance("A").because == "0 of 1 day: 1 absent"


def test_an_all_absent_term_is_zero_not_undefined():
    assert str(attendance("AAA").points) == "0.00"


@pytest.mark.parametrize("policy_", [SND, NAV])
def test_no_letter_at_all_is_undefined_never_zero_and_never_thirty(policy_):
    result = grade(closed(""), policy_)
    assert result.attendance.points is None
    assert result.total is None
    assert result.attendance.because == "no training day marked yet"


@pytest.mark.parametrize(("credit", "points"), [("1", "30.00"), ("0.5", "25.00"), ("0", "20.00")])
def test_a_late_day_is_worth_its_credit(credit, points):
    assert str(attendance("PPL", policy(credit_late=credit)).points) == points


def test_a_partial_credit_is_said():
    because = attendance("PPLE", policy(credit_late="0.5", credit_excused="0.25")).because
    assert because == "2.75 of 4 days: 2 present, 1 late (worth 0.5 each), 1 excused (worth 0.25 each)"


@pytest.mark.parametrize(("credit", "points"), [("1", "30.00"), ("0.5", "25.00"), ("0", "20.00")])
def test_an_excused_day_is_worth_its_credit(credit, points):
    assert str(attendance("PPE", policy(credit_excused=credit)).points) == points


def test_a_neutral_excused_day_leaves_the_divisor():
    component = attendance("PAEE", policy(credit_excused="neutral"))
    assert component.points == 15
    assert component.because == "1 of 2 days: 1 present, 2 excused (not counted), 1 absent"


def test_nothing_but_neutral_days_is_undefined():
    result = grade(closed("EEE"), policy(credit_excused="neutral"))
    assert result.attendance.points is None
    assert result.verdict is Verdict.INCOMPLETE
    assert result.reasons == ("attendance: every marked day is excused, so no day counts",)


def test_every_third_late_becomes_an_absence_before_anything_is_counted():
    component = attendance("LPLPLPL", policy(lates_per_absence=3))
    assert component.because == (
        "6 of 7 days: 3 present, 3 late, 1 absent; 1 late counted as absent, one of every 3"
    )


def test_too_few_lates_change_nothing():
    component = attendance("LPL", policy(lates_per_absence=3))
    assert component.because == "3 of 3 days: 1 present, 2 late"


def test_a_late_turned_absence_counts_in_a_run():
    strict = policy(NAV, lates_per_absence=2)
    result = grade(running("LPPALA" + "P" * 6), strict)
    assert result.verdict is Verdict.DROPPED
    assert result.reasons == ("absences: 3 in a row, the limit is 3",)


def test_a_late_that_stays_late_breaks_a_run():
    strict = policy(NAV, lates_per_absence=2)
    assert grade(running("PPPALA" + "P" * 6), strict).verdict is Verdict.IN_PROGRESS


def test_lates_turned_absences_count_toward_the_limit():
    strict = policy(NAV, lates_per_absence=1)
    result = grade(running("LPLPLPLP"), strict)
    assert result.reasons == ("absences: 4 unexcused of 3 allowed",)
