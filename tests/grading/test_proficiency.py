"""Proficiency: exams, their weights, and what is not there."""

from decimal import Decimal

import pytest

from rotc.grading import Verdict, grade
from tests.grading.records import NAV, SND, closed, exam, exams, policy, running


def proficiency(policy_=SND, **more):
    return grade(closed(**more), policy_).proficiency


def test_the_sentence_names_each_exam():
    component = proficiency(scores=(80, 85, 90))
    assert component.points == 34
    assert component.because == (
        "Prelim 80 of 100 = 80%, Midterm 85 of 100 = 85%, Final 90 of 100 = 90%: mean 85%"
    )


def test_a_base_of_fifty_lifts_every_exam_and_says_so():
    component = proficiency(NAV, scores=(40, 38, 42), items=50)
    assert component.because == (
        "Prelim 40 of 50 = 90%, Midterm 38 of 50 = 88%, Final 42 of 50 = 92%:"
        " mean 90% (nothing right gives 50%)"
    )


def test_a_no_show_is_a_raw_score_of_zero_in_the_formula():
    component = proficiency(NAV, scores=(45, 40, "no-show"), items=50)
    assert str(component.points) == "31.33"
    assert "Final no-show, counted as 0 of 50 = 50%: mean 78.33%" in component.because


def test_no_shows_alone_are_scores_even_while_the_term_runs():
    result = grade(running(scores=("no-show", None, None)), SND)
    assert str(result.proficiency.points) == "0.00"


def test_a_heavier_exam_counts_more():
    heavy = (exam("Prelim", 100), exam("Final", 70, weight=2))
    component = proficiency(exams=heavy)
    assert component.points == 32
    assert component.because == "Prelim 100 of 100 = 100%, Final 70 of 100 = 70% × 2: mean 80%"


def test_exams_may_have_different_items_and_decimal_scores():
    mixed = (exam("Quiz", Decimal("7.5"), 10), exam("Final", 85, 100))
    component = proficiency(exams=mixed)
    assert component.points == 32
    assert component.because.startswith("Quiz 7.5 of 10 = 75%")


def test_while_the_term_runs_an_exam_without_a_score_is_left_out():
    result = grade(running(scores=(80, None, "excused")), SND)
    assert result.proficiency.points == 32
    assert result.proficiency.because == (
        "Prelim 80 of 100 = 80%, Midterm no score yet, left out,"
        " Final excused, no score yet, left out: mean 80%"
    )
    assert result.provisional


def test_no_score_at_all_yet_is_undefined():
    result = grade(running(), SND)
    assert result.proficiency.points is None
    assert result.proficiency.because == (
        "Prelim no score yet, Midterm no score yet, Final no score yet: no mean yet"
    )


@pytest.mark.parametrize("final", [True, False])
def test_a_term_without_exams_is_no_error_and_has_no_proficiency(final):
    result = grade(closed(exams=(), final=final), SND)
    assert result.proficiency.points is None
    assert result.total is None
    assert result.proficiency.because == "the term has no exams"


@pytest.mark.parametrize("gap", [None, "excused"])
@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.INCOMPLETE),
        ({"override": "DO"}, Verdict.OVERRIDDEN),
        ({"held": "AAAAA"}, Verdict.DROPPED),
    ],
)
def test_one_gap_leaves_a_closed_term_without_proficiency_whatever_the_verdict(gap, facts, verdict):
    result = grade(closed(scores=(90, 90, gap), **facts), NAV)
    assert result.verdict is verdict
    assert result.proficiency.points is None
    assert result.total is None
    assert result.proficiency.because.endswith("no mean until every exam has a score")


def test_the_exams_of_the_policy_are_only_what_a_new_term_copies():
    single = closed(exams=exams(90))
    assert grade(single, policy(exams=())) == grade(single, SND)
