"""Aptitude: merits and demerits, net over the term."""

import pytest

from rotc.grading import grade
from tests.grading.records import SND, closed, policy


def aptitude(merits, demerits, policy_=SND):
    return grade(closed(merits=merits, demerits=demerits), policy_).aptitude


@pytest.mark.parametrize(
    ("merits", "demerits", "points", "because"),
    [
        (10, 30, "24.00", "100 + 10 merits − 30 demerits = 80 of 100"),
        (0, 0, "30.00", "100 + 0 merits − 0 demerits = 100 of 100"),
        (1, 1, "30.00", "100 + 1 merit − 1 demerit = 100 of 100"),
        (20, 0, "30.00", "100 + 20 merits − 0 demerits = 120, capped at 100 of 100"),
        (0, 150, "0.00", "100 + 0 merits − 150 demerits = −50, counted as 0 of 100"),
    ],
)
def test_the_sentence_is_the_sum_a_cadet_can_check(merits, demerits, points, because):
    component = aptitude(merits, demerits)
    assert (str(component.points), component.because) == (points, because)


def test_merits_past_the_cap_still_pay_for_demerits():
    assert aptitude(30, 30).points == 30


def test_base_and_cap_are_settings():
    component = aptitude(40, 0, policy(aptitude_base="70.5", aptitude_cap=90))
    assert str(component.points) == "27.00"
    assert component.because == "70.5 + 40 merits − 0 demerits = 110.5, capped at 90 of 100"


def test_a_base_above_the_cap_is_capped_too():
    assert aptitude(0, 10, policy(aptitude_base=120)).points == 30
