"""The verdict: the first rule that holds wins, and it says why."""

from dataclasses import replace

import pytest

from rotc.grading import Verdict, grade
from tests.grading.records import NAV, SND, closed, days, exam, policy, running


@pytest.mark.parametrize("code", ["INC", "DO", "DRP", "T"])
def test_a_code_set_by_hand_wins_over_everything(code):
    result = grade(closed("AAAAA", scores=(1, None, "excused"), override=code), NAV)
    assert result.verdict is Verdict.OVERRIDDEN
    assert result.rating == code
    assert result.reasons == (f"{code} set by hand",)


def test_the_figures_stay_in_the_result_behind_the_code():
    result = grade(closed(override="T"), SND)
    assert (str(result.attendance.points), str(result.total)) == ("30.00", "100.00")


def test_a_code_set_by_hand_holds_while_the_term_runs():
    result = grade(running(override="INC"), SND)
    assert (result.verdict, result.if_ended_today) == (Verdict.OVERRIDDEN, None)
    assert result.provisional


def test_one_absence_more_than_allowed_drops_while_the_term_runs():
    result = grade(running("APAPAPA"), NAV)
    assert (result.verdict, result.rating) == (Verdict.DROPPED, "DRP")
    assert result.if_ended_today is None


def test_the_limit_is_of_the_planned_days_not_of_those_held_so_far():
    assert grade(running("APAPAP"), NAV).verdict is Verdict.IN_PROGRESS


@pytest.mark.parametrize(("planned", "dropped"), [(15, False), (14, True), (19, False)])
def test_the_limit_is_rounded_down(planned, dropped):
    record = closed(days(11, absent=3), planned_days=planned)
    assert (grade(record, NAV).verdict is Verdict.DROPPED) is dropped


def test_the_limit_is_not_spoilt_by_binary_fractions():
    record = closed(days(80, absent=29), planned_days=100)
    assert grade(record, policy(NAV, unexcused_limit="0.29")).verdict is not Verdict.DROPPED


def test_a_dropped_cadet_hears_both_reasons():
    result = grade(running("AAAPAP"), policy(NAV, unexcused_limit="0.20", consecutive_limit=3))
    assert result.reasons == (
        "absences: 4 unexcused of 3 allowed",
        "absences: 3 in a row, the limit is 3",
    )


@pytest.mark.parametrize("between", "PLE")
def test_any_other_letter_breaks_a_run(between):
    assert grade(closed(f"AA{between}A" + "P" * 11), NAV).verdict is not Verdict.DROPPED


def test_without_the_drop_rule_nobody_is_dropped():
    assert grade(closed("A" * 15), SND).verdict is Verdict.FAILED


def test_each_unit_prints_its_own_code_for_dropped():
    assert grade(closed("AAA" + "P" * 12), policy(drop_rule=True)).rating == "DO"


def test_a_waived_drop_is_graded_like_any_other_record():
    record = closed("AAA" + "P" * 12, items=50, scores=(50, 50, 50))
    assert grade(record, NAV).verdict is Verdict.DROPPED
    assert grade(replace(record, drop_waived=True), NAV).verdict is Verdict.PASSED


def test_a_waived_drop_does_not_waive_the_minimum():
    record = closed(days(11, absent=4), items=50, scores=(50, 50, 50), drop_waived=True)
    result = grade(record, NAV)
    assert result.verdict is Verdict.FAILED
    assert result.reasons == ("attendance 22.00 is below the minimum of 24",)


def test_a_drop_comes_before_an_incomplete():
    assert grade(closed("AAAEEEEE", scores=(1, 1, None)), NAV).verdict is Verdict.DROPPED


def test_every_missing_exam_is_named():
    result = grade(closed(scores=(None, 80, "excused")), SND)
    assert (result.verdict, result.rating) == (Verdict.INCOMPLETE, "INC")
    assert result.reasons == ("Prelim has no score", "Final is excused and has no score")


def test_a_no_show_is_not_incomplete():
    assert grade(closed(scores=(90, 90, "no-show")), SND).verdict is not Verdict.INCOMPLETE


def test_unmarked_attendance_makes_a_closed_term_incomplete_never_a_zero():
    result = grade(closed(""), SND)
    assert result.verdict is Verdict.INCOMPLETE
    assert result.reasons == ("attendance: no training day is marked",)


def test_a_term_without_exams_closes_as_incomplete():
    result = grade(closed(exams=()), SND)
    assert result.reasons == ("proficiency: the term has no exams",)


def test_too_many_excused_days_are_incomplete_only_with_the_drop_rule():
    held = days(11, 0, 4)
    assert grade(closed(held), NAV).verdict is Verdict.INCOMPLETE
    assert grade(closed(held), SND).verdict is Verdict.PASSED


def test_a_waived_drop_does_not_excuse_the_excused():
    assert grade(closed(days(11, 0, 4), drop_waived=True), NAV).verdict is Verdict.INCOMPLETE


def test_an_incomplete_comes_before_a_failure():
    result = grade(closed("", demerits=100, scores=(0, None, 0)), NAV)
    assert result.verdict is Verdict.INCOMPLETE
    assert result.reasons == ("attendance: no training day is marked", "Midterm has no score")


def test_a_running_term_shows_the_rating_if_it_ended_today():
    result = grade(running(scores=(85, None, None)), SND)
    assert result.verdict is Verdict.IN_PROGRESS
    assert (result.rating, result.if_ended_today) == (None, "1.50")
    assert result.provisional
    assert result.reasons == (
        "the term is still running",
        "Midterm has no score",
        "Final has no score",
    )


def test_a_running_term_below_a_pass_says_what_is_missing_and_never_failed():
    result = grade(running(demerits=60, scores=(10, None, None)), SND)
    assert (result.rating, result.if_ended_today) == (None, None)
    assert result.reasons[-1] == "total 46.00 is below the passing total of 75"
    assert not any("fail" in reason for reason in result.reasons)


def test_a_running_term_below_a_minimum_has_no_rating_for_today():
    result = grade(running("PPPPA", scores=(15, None, None), items=50), NAV)
    assert result.total > 75
    assert result.if_ended_today is None
    assert result.reasons[-1] == "proficiency 26.00 is below the minimum of 28"


def test_a_running_term_is_provisional_even_with_every_score_in():
    result = grade(running("P" * 15, scores=(90, 90, 90)), SND)
    assert (result.verdict, result.if_ended_today) == (Verdict.IN_PROGRESS, "1.00")
    assert result.reasons == ("the term is still running",)


def test_too_many_excused_days_are_said_before_the_term_ends():
    result = grade(running("EEEEP", scores=(45, 45, 45), items=50), NAV)
    assert result.verdict is Verdict.IN_PROGRESS
    assert "absences: 4 excused of 3 allowed" in result.reasons


def test_every_failed_test_is_a_reason():
    strict = policy(NAV, minimum_aptitude=20)
    result = grade(closed("AAPPPPPPA", demerits=60, items=50, scores=(5, 5, 5)), strict)
    assert (result.verdict, result.rating) == (Verdict.FAILED, "5.00")
    assert result.reasons == (
        "attendance 20.00 is below the minimum of 24",
        "aptitude 12.00 is below the minimum of 20",
        "proficiency 22.00 is below the minimum of 28",
        "total 54.00 is below the passing total of 75",
    )


@pytest.mark.parametrize(
    ("demerits", "rating"),
    [(16, "1.00"), (17, "1.50"), (33, "1.50"), (34, "2.00"), (83, "3.00"), (84, "5.00")],
)
def test_a_bound_of_the_scale_belongs_to_its_row(demerits, rating):
    # 30 + 40 + 0.3 a point: 95.20, 94.90, 90.10, 89.80, 75.10, 74.80
    assert grade(closed(demerits=demerits), SND).rating == rating


def test_a_pass_needs_no_reason():
    result = grade(closed(), SND)
    assert (result.verdict, result.reasons, result.if_ended_today) == (Verdict.PASSED, (), None)


def test_a_verdict_is_stored_as_one_lowercase_word():
    assert [str(verdict) for verdict in Verdict] == [
        "overridden",
        "dropped",
        "incomplete",
        "in_progress",
        "failed",
        "passed",
    ]


def test_one_exam_is_as_good_as_three():
    assert grade(closed(exams=(exam("Final", 90),)), SND).rating == "1.00"
