"""The order of merit."""

import pytest

from rotc.grading import Place, grade, rank
from tests.grading.records import NAV, SND, closed, days, exams, policy, running


def total(demerits, **more):
    return grade(closed(demerits=demerits, **more), SND)


def test_equal_figures_share_a_place_and_the_next_number_is_skipped():
    results = {"d": total(30), "b": total(20), "a": total(10), "c": total(20)}
    assert rank(results) == {
        "a": Place(number=1, of=4, tied=False),
        "b": Place(number=2, of=4, tied=True),
        "c": Place(number=2, of=4, tied=True),
        "d": Place(number=4, of=4, tied=False),
    }


def test_the_answer_comes_best_first_and_equals_as_they_came():
    results = {"d": total(30), "c": total(20), "b": total(20), "a": total(10)}
    assert list(rank(results)) == ["a", "c", "b", "d"]


def test_nobody_gives_an_empty_order():
    assert rank({}) == {}


def test_an_equal_total_is_decided_by_proficiency():
    scholar = grade(closed(days(12, absent=3), scores=(100, 100, 100)), SND)
    parader = grade(closed(days(15), scores=(85, 85, 85)), SND)
    assert scholar.total == parader.total
    assert rank({"p": parader, "s": scholar})["s"].number == 1


def test_then_by_attendance():
    present = grade(closed(days(15), demerits=20), SND)
    polite = grade(closed(days(12, absent=3)), SND)
    assert (present.total, present.proficiency.points) == (polite.total, polite.proficiency.points)
    assert rank({"polite": polite, "present": present})["present"] == Place(1, 2, tied=False)


def test_equal_printed_totals_are_equal_though_the_exact_ones_differ():
    first = grade(closed(items=100000, scores=(99999, 100000, 100000)), SND)
    second = grade(closed(items=100000, scores=(100000, 100000, 100000)), SND)
    assert rank({1: first, 2: second})[1] == Place(number=1, of=2, tied=True)


def test_in_exact_mode_the_smallest_difference_decides():
    exact = policy(rounding="exact")
    first = grade(closed(items=100000, scores=(99999, 100000, 100000)), exact)
    second = grade(closed(items=100000, scores=(100000, 100000, 100000)), exact)
    assert rank({1: first, 2: second})[1] == Place(number=2, of=2, tied=False)


def test_passed_failed_and_running_records_with_a_total_are_placed():
    results = {
        "passed": grade(closed(), NAV),
        "failed": grade(closed(demerits=100, scores=(0, 0, 0)), NAV),
        "running": grade(running(scores=(90, None, None)), NAV),
    }
    assert {key: place.number for key, place in rank(results).items()} == {
        "passed": 1,
        "running": 2,
        "failed": 3,
    }


@pytest.mark.parametrize(
    "record",
    [
        closed(override="INC"),
        closed("AAA" + "P" * 12),
        closed(days(11, 0, 4)),
        closed(scores=(90, 90, None)),
        running(),
        running("", scores=(90, 90, 90)),
        closed(exams=exams()),
    ],
)
def test_a_code_or_a_missing_total_has_no_place_and_is_not_counted(record):
    results = {"other": grade(closed(), NAV), "this": grade(record, NAV)}
    assert rank(results) == {"other": Place(number=1, of=1, tied=False)}
