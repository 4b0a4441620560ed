"""Four ways to round, and what each compares."""

from decimal import Decimal, localcontext

import pytest

from rotc.grading import Verdict, grade
from tests.grading.records import NAV, SND, closed, days, exam, policy

UNEVEN = {"held": days(11, absent=2), "demerits": 30, "scores": (70, 72, 72)}


@pytest.mark.parametrize(
    ("mode", "attendance", "proficiency", "total", "rating"),
    [
        ("components", "25.38", "28.53", "74.91", "5.00"),
        (
            "total",
            "25.38461538461538461538461538",
            "28.53333333333333333333333333",
            "74.92",
            "5.00",
        ),
        (
            "exact",
            "25.38461538461538461538461538",
            "28.53333333333333333333333333",
            "74.91794871794871794871794872",
            "5.00",
        ),
        ("integer", "25.00", "29.00", "75.00", "3.00"),
    ],
)
def test_one_record_under_each_mode(mode, attendance, proficiency, total, rating):
    result = grade(closed(**UNEVEN), policy(rounding=mode))
    assert str(result.attendance.points) == attendance
    assert str(result.proficiency.points) == proficiency
    assert (str(result.total), result.rating) == (total, rating)


def test_printed_components_add_up_to_the_printed_total():
    result = grade(closed(**UNEVEN), SND)
    parts = (result.attendance, result.aptitude, result.proficiency)
    assert sum(part.points for part in parts) == result.total


@pytest.mark.parametrize(("raw", "points"), [("12.51", "5.00"), ("12.5125", "5.01"), ("12.5375", "5.02")])
def test_half_a_hundredth_is_rounded_up_not_to_even(raw, points):
    # 40 points for 100 %: 12.5125 of 100 is 5.005, and 12.5375 is 5.015
    record = closed(exams=(exam("Final", Decimal(raw)),))
    assert str(grade(record, SND).proficiency.points) == points


@pytest.mark.parametrize(("raw", "points"), [("43.74", "17.00"), ("43.75", "18.00")])
def test_half_a_point_is_rounded_up_in_whole_numbers(raw, points):
    record = closed(exams=(exam("Final", Decimal(raw)),))
    assert str(grade(record, policy(rounding="integer")).proficiency.points) == points


NEARLY = closed(days(12, absent=3), items=30000, scores=(11999, 12000, 12000))  # 27.99991…


@pytest.mark.parametrize("mode", ["components", "integer"])
def test_a_minimum_is_compared_with_the_printed_component(mode):
    assert grade(NEARLY, policy(NAV, rounding=mode)).verdict is Verdict.PASSED


@pytest.mark.parametrize("mode", ["total", "exact"])
def test_total_and_exact_compare_a_minimum_with_the_exact_component(mode):
    result = grade(NEARLY, policy(NAV, rounding=mode))
    assert result.verdict is Verdict.FAILED
    assert result.reasons == ("proficiency 27.99977777777777777777777778 is below the minimum of 28",)


def test_a_total_is_never_rounded_up_to_a_pass():
    almost = closed(exams=(exam("Final", Decimal("37.475")),), demerits=100, held="P" * 15)
    result = grade(almost, policy(weight_attendance=60, weight_aptitude=0))
    assert str(result.total) == "74.99"
    assert result.rating == "5.00"


def test_only_the_total_mode_rounds_the_total():
    almost = closed(exams=(exam("Final", Decimal("37.4875")),))
    heavy = {"weight_attendance": 60, "weight_aptitude": 0}
    ratings = {mode: grade(almost, policy(rounding=mode, **heavy)).rating for mode in ("total", "exact")}
    assert ratings == {"total": "3.00", "exact": "5.00"}


def test_the_decimal_context_of_the_caller_changes_nothing():
    usual = grade(closed(**UNEVEN), policy(rounding="exact"))
    with localcontext() as context:
        context.prec = 3
        assert repr(grade(closed(**UNEVEN), policy(rounding="exact"))) == repr(usual)
