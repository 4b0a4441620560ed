"""What is still needed, against counting up one raw score at a time."""

from cProfile import Profile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotc.grading import ExamScore, Need, needed
from tests.grading.records import NAV, SND, closed, exam, policy, running
from tests.grading.reference import grade_by_hand
from tests.grading.strategies import policies, records, shipped


def needs(record, policy_):
    return {(need.exam, need.rating): need.raw for need in needed(record, policy_)}


def test_the_final_needs_what_is_missing_to_each_rating():
    record = running("P" * 15, demerits=20, scores=(80, 70, None))
    assert needed(record, SND) == (
        Need("Final", "1.00", None),
        Need("Final", "1.50", None),
        Need("Final", "2.00", 83),
        Need("Final", "2.50", 45),
        Need("Final", "3.00", 8),
    )


def test_other_missing_exams_are_taken_at_the_same_percentage():
    missing = (exam("Prelim", 80), exam("Midterm", None, 50), exam("Final", None, 200))
    record = running("P" * 15, demerits=20, exams=missing)
    # 85 points need a mean of 77.5 %, so 76.25 % of the two that are missing
    assert needs(record, SND)[("Midterm", "2.00")] == 39
    assert needs(record, SND)[("Final", "2.00")] == 153


def test_nothing_is_needed_for_what_is_reached_already():
    assert needs(running("P" * 15, scores=(100, 100, None)), SND)[("Final", "2.50")] == 0


def test_no_missing_exam_needs_nothing():
    assert needed(running(scores=(80, "no-show", "excused")), SND) == ()
    assert needed(running(exams=()), SND) == ()


def test_a_no_show_counts_as_zero_and_is_not_asked_for_again():
    needs_ = needs(running("P" * 15, scores=("no-show", 100, None)), SND)
    assert {name for name, _ in needs_} == {"Final"}
    assert needs_[("Final", "2.50")] == 50


def test_a_minimum_is_needed_for_every_rating():
    record = running("P" * 15, scores=(50, 0, None), items=50)
    # 28 points need 70 % on average, so 60 % on the final, which with a base of 50 is 10 of 50
    low = needs(record, NAV)
    assert low[("Final", "3.00")] == 10
    assert low[("Final", "2.50")] == 10


def test_half_up_rounding_is_used_to_the_last_hundredth():
    record = closed("P" * 15, exams=(exam("Final", None, 10**6),), final=False, demerits=50)
    components = needs(record, SND)[("Final", "3.00")]
    exact = needs(record, policy(rounding="exact"))[("Final", "3.00")]
    assert (components, exact) == (749875, 750000)


@pytest.mark.parametrize(
    "facts",
    [
        {"override": "INC"},
        {"held": "AAA" + "P" * 12},
        {"held": "EEEE" + "P" * 11},
        {"held": ""},
        {"held": "AAPPAPPPP"},
        {"scores": ("excused", 50, None)},
    ],
    ids=["code by hand", "dropped", "too much excused", "no day", "low attendance", "excused exam"],
)
def test_nothing_is_in_reach_where_no_score_would_end_in_a_pass(facts):
    record = running(**({"held": "P" * 15, "scores": (50, 50, None), "items": 50} | facts))
    answer = needed(record, NAV)
    assert [need.rating for need in answer] == [rating for _, rating in NAV.scale]
    assert all(need.raw is None for need in answer)


def test_a_waived_drop_brings_the_ratings_back():
    record = running("AAA" + "P" * 12, scores=(50, 50, None), items=50)
    assert needs(record, NAV)[("Final", "1.75")] is None
    assert needs(replace(record, drop_waived=True), NAV)[("Final", "1.75")] is not None


def test_a_half_item_cannot_be_scored():
    record = running("P" * 15, exams=(exam("Quiz", None, Decimal("9.5")),))
    assert needs(record, SND)[("Quiz", "1.00")] == 9
    perfect = policy(scale=[[100, "1.00"], [75, "3.00"]])
    assert needs(record, perfect)[("Quiz", "1.00")] is None


def test_an_exam_that_counts_for_nothing_needs_nothing():
    everybody = policy(exam_base=100)
    assert needs(running("P" * 15), everybody)[("Final", "1.00")] == 0


def test_more_items_than_anybody_counts_take_no_longer():
    def of(items):
        return running("P" * 15, exams=tuple(exam(name, None, items) for name in "ABC"))

    def calls(items):
        profile = Profile()
        profile.runcall(needed, of(items), NAV)
        return sum(each.callcount for each in profile.getstats())

    assert calls(10**4) < 2 * calls(10)
    assert needs(of(10**60), NAV)[("C", "1.00")] == 89975 * 10**55


def by_counting(record, policy_, exam_):
    """For each rating the first raw score, from 0 up, that ends in it or better."""
    answers = {}
    for raw in range(int(exam_.items) + 1):
        *_, total, verdict, _, _ = grade_by_hand(as_if(record, Fraction(raw, exam_.items)), policy_)
        for bound, rating in policy_.scale:
            if verdict == "passed" and total >= bound:
                answers.setdefault(rating, raw)
    return [answers.get(rating) for _, rating in policy_.scale]


class AsIf(ExamScore):
    """A score at a percentage that may fall between two whole scores."""

    def __post_init__(self):
        pass


def as_if(record, share):
    exams = tuple(
        AsIf(exam_.name, share * exam_.items, exam_.items, exam_.weight) if exam_.missing else exam_
        for exam_ in record.exams
    )
    return replace(record, exams=exams, final=True)


@st.composite
def records_with_missing_exams(draw):
    record = draw(records(override=None, days=draw(st.text("PPPPPPPPLEA", max_size=15))))
    missing = draw(st.lists(st.integers(1, 60), min_size=1, max_size=2))
    added = tuple(ExamScore(f"Missing {n}", None, items) for n, items in enumerate(missing))
    kept = tuple(exam_ for exam_ in record.exams[:2] if exam_.absence != "excused")
    return replace(record, exams=kept + added, planned_days=15)


@settings(max_examples=150)
@given(records_with_missing_exams(), shipped() | policies())
def test_needed_is_what_counting_finds(record, policy_):
    answer = needed(record, policy_)
    missing = [exam_ for exam_ in record.exams if exam_.missing]
    expected = [
        (exam_.name, rating, raw)
        for exam_ in missing
        for (_, rating), raw in zip(policy_.scale, by_counting(record, policy_, exam_), strict=True)
    ]
    assert [(need.exam, need.rating, need.raw) for need in answer] == expected
