"""What always holds, for any record under any policy."""

import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rotc.grading import Verdict, grade, needed
from tests.grading.records import NAV, SND, closed
from tests.grading.reference import grade_by_hand
from tests.grading.strategies import policies, records, shipped

ROOT = Path(__file__).resolve().parents[2]
any_policy = shipped() | policies()
often = settings(max_examples=200)
some = settings(max_examples=80)


def figure(exact):
    """The figure a fraction is returned as, whatever the mode."""
    return None if exact is None else round(Decimal(exact.numerator) / exact.denominator, 20)


def figures(result):
    parts = (result.attendance.points, result.aptitude.points, result.proficiency.points)
    return [None if part is None else round(part, 20) for part in (*parts, result.total)]


@often
@given(records(), any_policy)
def test_the_engine_agrees_with_the_policy_worked_out_by_hand(record, policy_):
    *exact, verdict, rating, so_far = grade_by_hand(record, policy_)
    result = grade(record, policy_)
    assert figures(result) == [figure(part) for part in exact]
    assert (result.verdict, result.rating, result.if_ended_today) == (verdict, rating, so_far)


@often
@given(records(), any_policy)
def test_each_component_lies_between_zero_and_its_weight(record, policy_):
    result = grade(record, policy_)
    for component in (result.attendance, result.aptitude, result.proficiency):
        assert component.points is None or 0 <= component.points <= component.weight


@often
@given(records(), any_policy)
def test_only_a_pass_has_no_reason_and_every_figure_has_one(record, policy_):
    result = grade(record, policy_)
    assert (result.reasons == ()) is (result.verdict is Verdict.PASSED)
    assert result.attendance.because and result.aptitude.because and result.proficiency.because


@often
@given(records(), any_policy)
def test_an_undefined_component_is_never_a_final_grade(record, policy_):
    result = grade(record, policy_)
    parts = (result.attendance.points, result.aptitude.points, result.proficiency.points)
    assert (result.total is None) is (None in parts)
    if result.total is None:
        assert result.verdict not in (Verdict.PASSED, Verdict.FAILED)
        assert result.if_ended_today is None


def assert_never_lower(before, after):
    """The total did not fall, as long as the verdict is the same and both have one."""
    assume(before.verdict is after.verdict)
    assume(before.total is not None and after.total is not None)
    assert after.total >= before.total


@some
@given(records(), any_policy, st.data())
def test_a_made_up_absence_never_lowers_the_total(record, policy_, data):
    assume(record.days)
    at = data.draw(st.integers(0, len(record.days) - 1))
    made_up = replace(record, days=record.days[:at] + "P" + record.days[at + 1 :])
    assert_never_lower(grade(record, policy_), grade(made_up, policy_))


@some
@given(records(), any_policy)
def test_one_more_day_present_never_lowers_the_total(record, policy_):
    more = replace(record, days=record.days + "P")
    assert_never_lower(grade(record, policy_), grade(more, policy_))


@some
@given(records(), any_policy, st.integers(1, 50))
def test_more_merits_never_lower_the_total(record, policy_, merits):
    more = replace(record, merits=record.merits + merits)
    assert_never_lower(grade(record, policy_), grade(more, policy_))


@some
@given(records(), any_policy, st.data())
def test_a_higher_raw_score_never_lowers_the_total(record, policy_, data):
    scored = [n for n, exam in enumerate(record.exams) if exam.raw is not None]
    assume(scored)
    at = data.draw(st.sampled_from(scored))
    exam = record.exams[at]
    higher = replace(exam, raw=data.draw(st.integers(exam.raw, exam.items)))
    exams = (*record.exams[:at], higher, *record.exams[at + 1 :])
    assert_never_lower(grade(record, policy_), grade(replace(record, exams=exams), policy_))


@some
@given(st.lists(st.integers(-10, 10).filter(bool), max_size=12), st.randoms())
def test_the_order_of_entries_never_matters(points, random):
    def graded(entries):
        merits = demerits = 0
        for entry in entries:
            merits, demerits = merits + max(entry, 0), demerits + max(-entry, 0)
        return grade(closed(merits=merits, demerits=demerits), SND)

    shuffled = list(points)
    random.shuffle(shuffled)
    assert graded(shuffled) == graded(points)


@pytest.mark.parametrize("policy_", [SND, NAV])
def test_every_total_from_a_pass_up_finds_a_rating(policy_):
    """Every hundredth from 75.00 to 100.00, by a demerit-free record with one finely cut exam."""
    shares = replace(
        policy_,
        weight_attendance=0,
        weight_aptitude=0,
        weight_proficiency=100,
        minimum_attendance=None,
        minimum_proficiency=None,
        exam_base=0,
    )
    for total in range(7500, 10001):
        result = grade(closed(scores=(total,), items=10000), shares)
        bounds = [bound for bound, rating in policy_.scale if rating == result.rating]
        assert result.verdict is Verdict.PASSED
        assert bounds[0] <= result.total == Decimal(total) / 100


@some
@given(records(), any_policy)
def test_the_same_inputs_give_the_same_bytes(record, policy_):
    assert repr(grade(record, policy_)) == repr(grade(replace(record), replace(policy_)))
    assert repr(needed(record, policy_)) == repr(needed(replace(record), replace(policy_)))


BYTES = """
import sys
from rotc.grading import CadetRecord, ExamScore, Policy, grade, needed, rank
assert not any("site-packages" in path for path in sys.path)
exams = [ExamScore("Prelim", 80, 100), ExamScore("Final", None, 100)]
for name in ("msu-snd", "navrescom"):
    policy = Policy.preset(name)
    record = CadetRecord("PLEAPP", 15, 3, 4, exams)
    result = grade(record, policy)
    print(policy, policy.to_dict(), result, needed(record, policy), rank({"a": result, 2: result}))
try:
    Policy.from_dict({"z": 1, "y": 2, "x": 3})
except ValueError as error:
    print(error)
"""


def test_the_bytes_do_not_depend_on_the_hash_seed_nor_on_installed_packages():
    outputs = {bytes_with_hash_seed(seed) for seed in ("0", "1", "4711")}
    assert len(outputs) == 1


def bytes_with_hash_seed(seed):
    command = [sys.executable, "-S", "-c", BYTES]
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout
