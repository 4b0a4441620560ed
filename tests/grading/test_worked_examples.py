"""The worked examples of both presets, figure by figure."""

import pytest

from rotc.grading import Verdict, grade
from tests.grading.records import NAV, SND, closed, days, policy, running

IN_A_ROW = "P" * 6 + "AAA" + "P" * 6

SND_EXAMPLES = [
    (days(12, absent=3), 10, 30, (80, 85, 90), "24.00", "24.00", "34.00", "82.00", "2.50"),
    (days(15), 20, 0, (100, 100, 100), "30.00", "30.00", "40.00", "100.00", "1.00"),
    (days(15), 0, 25, (82, 80, 81), "30.00", "22.50", "32.40", "84.90", "2.50"),
    (days(12, absent=3), 0, 30, (75, 75, 75), "24.00", "21.00", "30.00", "75.00", "3.00"),
    (days(12, absent=3), 0, 30, (75, 75, 74), "24.00", "21.00", "29.87", "74.87", "5.00"),
    (days(15), 0, 150, (100, 100, 100), "30.00", "0.00", "40.00", "70.00", "5.00"),
    (days(15), 0, 0, (90, 90, None), "30.00", "30.00", "None", "None", "INC"),
]

NAV_EXAMPLES = [
    (days(14, absent=1), 0, 0, (50, 50, 50), "28.00", "30.00", "40.00", "98.00", "1.00"),
    (days(13, 1, absent=1), 0, 10, (40, 38, 42), "28.00", "27.00", "36.00", "91.00", "1.75"),
    (days(12, absent=3), 0, 0, (20, 20, 20), "24.00", "30.00", "28.00", "82.00", "2.50"),
    (days(12, absent=3), 0, 0, (20, 20, 19), "24.00", "30.00", "27.87", "81.87", "5.00"),
    (days(12, absent=3), 0, 30, (25, 25, 25), "24.00", "21.00", "30.00", "75.00", "3.00"),
    (days(11, absent=4), 0, 0, (50, 50, 50), "22.00", "30.00", "40.00", "92.00", "DRP"),
    (IN_A_ROW, 0, 0, (45, 45, 45), "24.00", "30.00", "38.00", "92.00", "DRP"),
    (days(12, 0, 3), 0, 0, (45, 40, 35), "30.00", "30.00", "36.00", "96.00", "1.25"),
    (days(11, 0, 4), 0, 0, (45, 40, 35), "30.00", "30.00", "36.00", "96.00", "INC"),
    (days(15), 15, 20, (45, 45, 45), "30.00", "28.50", "38.00", "96.50", "1.25"),
    (days(15), 0, 0, (45, 40, "no-show"), "30.00", "30.00", "31.33", "91.33", "1.75"),
]

CODES = {"5.00": Verdict.FAILED, "DRP": Verdict.DROPPED, "INC": Verdict.INCOMPLETE}


def figures(result):
    parts = (result.attendance.points, result.aptitude.points, result.proficiency.points)
    return tuple(str(figure) for figure in (*parts, result.total))


@pytest.mark.parametrize("example", SND_EXAMPLES)
def test_the_examples_of_msu_snd_come_out_to_the_last_digit(example):
    check(example, SND, items=100)


@pytest.mark.parametrize("example", NAV_EXAMPLES)
def test_the_examples_of_navrescom_come_out_to_the_last_digit(example):
    check(example, NAV, items=50)


def check(example, policy_, items):
    held, merits, demerits, scores, *expected, rating = example
    result = grade(closed(held, merits, demerits, scores, items), policy_)
    assert figures(result) == tuple(expected)
    assert result.rating == rating
    assert result.verdict is CODES.get(rating, Verdict.PASSED)
    assert not result.provisional
    assert bool(result.reasons) is (result.verdict is not Verdict.PASSED)


def test_excused_days_without_credit_cost_points_and_the_rating():
    record = closed(days(12, 0, 3), scores=(45, 40, 35), items=50)
    result = grade(record, policy(NAV, credit_excused=0))
    assert (str(result.total), result.rating) == ("90.00", "1.75")


def test_four_days_into_the_term_nobody_is_dropped_or_failed():
    result = grade(running("PAPP", items=50), NAV)
    assert result.verdict is Verdict.IN_PROGRESS
    assert figures(result) == ("22.50", "30.00", "None", "None")
    assert result.rating is None
    assert result.if_ended_today is None


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (SND_EXAMPLES[4], ["total 74.87 is below the passing total of 75"]),
        (SND_EXAMPLES[5], ["total 70.00 is below the passing total of 75"]),
        (SND_EXAMPLES[6], ["Final has no score"]),
    ],
)
def test_msu_snd_says_why_it_is_not_a_pass(example, words):
    held, merits, demerits, scores, *_ = example
    assert list(grade(closed(held, merits, demerits, scores), SND).reasons) == words


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (NAV_EXAMPLES[3], ["proficiency 27.87 is below the minimum of 28"]),
        (NAV_EXAMPLES[5], ["absences: 4 unexcused of 3 allowed"]),
        (NAV_EXAMPLES[6], ["absences: 3 in a row, the limit is 3"]),
        (NAV_EXAMPLES[8], ["absences: 4 excused of 3 allowed"]),
    ],
)
def test_navrescom_says_why_it_is_not_a_pass(example, words):
    held, merits, demerits, scores, *_ = example
    assert list(grade(closed(held, merits, demerits, scores, 50), NAV).reasons) == words
