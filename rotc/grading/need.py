"""What is still needed: the least score on the exams to come that reaches each rating.

"Reaches" means the verdict if the term were closed with those scores and with days and entries as
they stand. So nothing is in reach of a cadet who is dropped or has a code set by hand, who has no
marked day or too many excused ones, or who is below a minimum that exams do not lift. An excused
exam is not an exam to come: it has to be made up or entered first, as the term would close on INC.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from rotc.grading.figures import exact
from rotc.grading.policy import Policy
from rotc.grading.proficiency import mean_percentage, percentages, proficiency_points
from rotc.grading.reckoning import Reckoning, reckon
from rotc.grading.record import CadetRecord, ExamScore
from rotc.grading.rounding import least_rounding_to
from rotc.grading.verdict import Verdict, judge


@dataclass(frozen=True, slots=True)
class Need:
    """The least whole raw score on the exam that reaches the rating; `None` when none does."""

    exam: str
    rating: str
    raw: int | None


def needed(record: CadetRecord, policy: Policy) -> tuple[Need, ...]:
    """For each exam without a score and each rating of the scale, best first, what it takes.

    The other missing exams are taken at the same percentage.
    """
    missing = [exam for exam in record.exams if exam.missing]
    if not missing:
        return ()
    shares = shares_by_rating(record, policy)
    return tuple(
        Need(exam.name, rating, raw_for(share, exam)) for exam in missing for rating, share in shares
    )


def shares_by_rating(record: CadetRecord, policy: Policy) -> list[tuple[str, Fraction | None]]:
    """The share of the missing items that reaches each rating, `None` where all would not."""
    none_right, all_right = with_missing(record, right=False), with_missing(record, right=True)
    best = reckon(all_right, policy)
    if judge(best)[0] is not Verdict.PASSED:
        return [(rating, None) for _, rating in policy.scale]
    at_none, at_all = exact_proficiency(none_right, policy), exact_proficiency(all_right, policy)
    return [
        (rating, share_between(at_none, points_for(exact(bound), best), at_all))
        for bound, rating in policy.scale
    ]


def with_missing(record: CadetRecord, *, right: bool) -> CadetRecord:
    """The record as it would be closed, the missing exams taken with every item right or none."""
    exams = tuple(
        replace(exam, raw=exam.items if right else 0) if exam.missing else exam for exam in record.exams
    )
    return replace(record, exams=exams, final=True)


def exact_proficiency(record: CadetRecord, policy: Policy) -> Fraction:
    """The proficiency points before rounding, of a record without a gap."""
    mean = mean_percentage(percentages(record.exams, policy), final=True)
    return proficiency_points(mean, policy)


def points_for(bound: Fraction, best: Reckoning) -> Fraction:
    """The least exact proficiency that, once rounded, meets its minimum and the bound."""
    rounds, minimum = best.policy.rounds, best.policy.minimum_proficiency
    rest = best.attendance + best.aptitude
    printed = least_rounding_to(bound, rounds.total_parts) - rest
    if minimum is not None:
        printed = max(printed, exact(minimum))
    return least_rounding_to(printed, rounds.component_parts)


def share_between(at_none: Fraction, goal: Fraction, at_all: Fraction) -> Fraction | None:
    """How far from none to all of the items the goal lies: proficiency is a straight line."""
    if goal <= at_none:
        return Fraction(0)
    return (goal - at_none) / (at_all - at_none) if goal <= at_all else None


def raw_for(share: Fraction | None, exam: ExamScore) -> int | None:
    """The least whole score that is this share of the items or more."""
    if share is None:
        return None
    raw = ceil(share * exact(exam.items))
    return raw if raw <= exam.items else None
