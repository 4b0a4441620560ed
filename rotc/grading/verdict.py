"""The verdict: the first rule that holds wins, and every reason of that rule is given."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

from rotc.grading.component import Component
from rotc.grading.figures import all_digits, exact, two_places
from rotc.grading.keys import FAILING_RATING
from rotc.grading.policy import COMPONENTS, Policy
from rotc.grading.reckoning import Reckoning, reckon
from rotc.grading.record import ABSENT, EXAM_EXCUSED, EXCUSED, CadetRecord, ExamScore

Reasons = tuple[str, ...]

STILL_RUNNING = "the term is still running"


class Verdict(StrEnum):
    """How a record stands. Only `PASSED` is a pass; `IN_PROGRESS` is neither pass nor failure."""

    OVERRIDDEN = "overridden"
    DROPPED = "dropped"
    INCOMPLETE = "incomplete"
    IN_PROGRESS = "in_progress"
    FAILED = "failed"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Result:
    """What a record comes to.

    `rating` is a row of the scale, 5.00, or a code; `None` while the term runs. `if_ended_today`
    is given in progress only. `provisional` is true of every figure of a running term. `reasons`
    is empty for a pass and says everything else in the reader's words.
    """

    attendance: Component
    aptitude: Component
    proficiency: Component
    total: Decimal | None
    rating: str | None
    verdict: Verdict
    reasons: Reasons
    if_ended_today: str | None
    provisional: bool


def grade(record: CadetRecord, policy: Policy) -> Result:
    """The result of the record under the policy."""
    reckoning = reckon(record, policy)
    verdict, rating, reasons = judge(reckoning)
    total = reckoning.total
    return Result(
        *reckoning.components(),
        total=None if total is None else policy.rounds.total_figure(total),
        rating=rating,
        verdict=verdict,
        reasons=reasons,
        if_ended_today=row_so_far(reckoning) if verdict is Verdict.IN_PROGRESS else None,
        provisional=not record.final,
    )


def judge(reckoning: Reckoning) -> tuple[Verdict, str | None, Reasons]:
    """Verdict, rating and reasons, by the rules in their order."""
    record, policy = reckoning.record, reckoning.policy
    if record.override is not None:
        return Verdict.OVERRIDDEN, record.override, (f"{record.override} set by hand",)
    if dropped := reasons_to_drop(reckoning):
        return Verdict.DROPPED, policy.code_dropped, dropped
    gaps, shortfalls = reasons_incomplete(reckoning), reasons_to_fail(reckoning)
    if not record.final:
        return Verdict.IN_PROGRESS, None, (STILL_RUNNING, *gaps, *shortfalls)
    if gaps:
        return Verdict.INCOMPLETE, policy.code_incomplete, gaps
    if shortfalls:
        return Verdict.FAILED, FAILING_RATING, shortfalls
    return Verdict.PASSED, row_for(reckoning.total, policy), ()


def reasons_to_drop(reckoning: Reckoning) -> Reasons:
    """Too many absences without excuse, in all or in a row, unless the drop was waived."""
    if not reckoning.policy.drop_rule or reckoning.record.drop_waived:
        return ()
    return (*too_many(reckoning, ABSENT, "unexcused"), *too_many_in_a_row(reckoning))


def too_many(reckoning: Reckoning, letter: str, kind: str) -> Reasons:
    """More days of the letter than the share of the planned days that is allowed."""
    limit = exact(reckoning.policy.unexcused_limit)
    allowed = floor(limit * reckoning.record.planned_days)
    days = reckoning.days.count(letter)
    return (f"absences: {days} {kind} of {allowed} allowed",) if days > allowed else ()


def too_many_in_a_row(reckoning: Reckoning) -> Reasons:
    """Absences without excuse on one held day after another."""
    limit = reckoning.policy.consecutive_limit
    longest = max(map(len, re.findall(f"{ABSENT}+", reckoning.days)), default=0)
    return (f"absences: {longest} in a row, the limit is {limit}",) if longest >= limit else ()


def reasons_incomplete(reckoning: Reckoning) -> Reasons:
    """What a final grade would still lack."""
    reasons = [*no_days(reckoning), *no_scores(reckoning.record)]
    if reckoning.policy.drop_rule:
        reasons += too_many(reckoning, EXCUSED, "excused")
    return tuple(reasons)


def no_days(reckoning: Reckoning) -> Reasons:
    """Attendance is undefined: nothing is marked, or nothing that counts."""
    if reckoning.attendance is not None:
        return ()
    marked = "every marked day is excused, so no day counts"
    return (f"attendance: {marked if reckoning.days else 'no training day is marked'}",)


def no_scores(record: CadetRecord) -> Reasons:
    """Every exam that has neither a score nor an absence that counts as one."""
    if not record.exams:
        return ("proficiency: the term has no exams",)
    return tuple(no_score(exam) for exam in record.exams if exam.counted_raw is None)


def no_score(exam: ExamScore) -> str:
    """Final has no score; Final is excused and has no score."""
    excused = "is excused and " if exam.absence == EXAM_EXCUSED else ""
    return f"{exam.name} {excused}has no score"


def reasons_to_fail(reckoning: Reckoning) -> Reasons:
    """Every test below its mark. What is undefined yet is not below anything."""
    policy = reckoning.policy
    tests = [(name, getattr(policy, f"minimum_{name}"), "minimum of ") for name in COMPONENTS]
    tests.append(("total", policy.passing_total, "passing total of "))
    return tuple(
        f"{name} {shown_below(points, bound)} is below the {mark}{bound:f}"
        for name, bound, mark in tests
        if bound is not None and (points := getattr(reckoning, name)) is not None and points < exact(bound)
    )


def shown_below(points: Fraction, bound: Decimal) -> str:
    """The figure in two decimals, or in full where those would not look below the bound."""
    figure = two_places(points)
    return f"{figure if figure < bound else all_digits(points):f}"


def row_for(total: Fraction, policy: Policy) -> str | None:
    """The rating of the first row that the total reaches, `None` below the last."""
    return next((rating for bound, rating in policy.scale if total >= exact(bound)), None)


def row_so_far(reckoning: Reckoning) -> str | None:
    """The rating if nothing more came: `None` while undefined, below a pass or below a minimum."""
    if reckoning.total is None or reasons_to_fail(reckoning):
        return None
    return row_for(reckoning.total, reckoning.policy)
