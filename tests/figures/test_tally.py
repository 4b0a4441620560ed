"""Quantiles from buckets against a brute force, and that tallies add up in any order and form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotc.figures.tally import BOUNDS, Tally, together

times = st.lists(st.floats(0.0001, 70), min_size=1, max_size=200)


def tally_of(seconds, errors=0):
    tally = Tally()
    for place, each in enumerate(seconds):
        tally.add(each, error=place < errors)
    return tally


def exactly(seconds, percent):
    """The smallest that ``percent`` of a hundred do not exceed."""
    return sorted(seconds)[-(-len(seconds) * percent // 100) - 1]


@given(times, st.sampled_from([50, 95, 99]))
def test_a_quantile_is_at_most_a_fifth_off(seconds, percent):
    right, said = exactly(seconds, percent), tally_of(seconds).within(percent)
    if BOUNDS[0] < right <= BOUNDS[-1]:
        assert right / 1.2 < said < right * 1.2
    else:
        assert said <= BOUNDS[0] or said == BOUNDS[-1]


@given(times, st.sampled_from([0.5, 1.0]))
def test_whether_a_target_is_met_is_no_estimate(seconds, target):
    assert (tally_of(seconds).within(95) <= target) == (exactly(seconds, 95) <= target)


@given(times, times)
def test_two_halves_are_the_whole(one, other):
    assert together([tally_of(one, 1), tally_of(other)]) == tally_of(one + other, 1)


@given(times)
def test_what_is_kept_comes_back(seconds):
    tally = tally_of(seconds, errors=len(seconds) // 2)
    assert Tally.unpacked(json.loads(json.dumps(tally.packed))) == tally


def test_where_nobody_asked_nothing_is_said():
    assert (Tally().within(95), Tally().error_rate, Tally().requests) == (None, None, 0)


@pytest.mark.parametrize(("errors", "rate"), [(0, 0), (1, 0.25), (4, 1)])
def test_errors_are_a_part_of_the_answers(errors, rate):
    assert tally_of([0.1] * 4, errors).error_rate == rate
