"""Subject proficiency: the exams, their weighted mean, and the sentence that names each."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from rotc.grading.figures import exact, spoken
from rotc.grading.policy import Policy
from rotc.grading.record import EXAM_EXCUSED, NO_SHOW, ExamScore

Percentages = Sequence[tuple[ExamScore, Fraction | None]]


def percentages(exams: Sequence[ExamScore], policy: Policy) -> Percentages:
    """Each exam with its percentage, `None` where it has nothing to count."""
    return [(exam, percentage(exam, policy)) for exam in exams]


def percentage(exam: ExamScore, policy: Policy) -> Fraction | None:
    """The share of the items that was right, on the base of the policy."""
    raw = exam.counted_raw
    if raw is None:
        return None
    base = exact(policy.exam_base)
    return exact(raw) * (100 - base) / exact(exam.items) + base


def mean_percentage(taken: Percentages, final: bool) -> Fraction | None:
    """The weighted mean of what counts. A final mean has no gap: one exam short, it is `None`."""
    counted = [(exact(exam.weight), percent) for exam, percent in taken if percent is not None]
    if not counted or (final and len(counted) < len(taken)):
        return None
    weights = sum(weight for weight, _ in counted)
    return sum(weight * percent for weight, percent in counted) / weights


def proficiency_points(mean: Fraction | None, policy: Policy) -> Fraction | None:
    """The exact points for a mean percentage, `None` while there is none."""
    return None if mean is None else exact(policy.weight_proficiency) * mean / 100


def proficiency_because(taken: Percentages, mean: Fraction | None, policy: Policy, final: bool) -> str:
    """Prelim 80 of 100 = 80%, Midterm no score yet, left out: mean 80%."""
    if not taken:
        return "the term has no exams"
    gap = " yet" * (not final) + ", left out" * (mean is not None)
    exams = ", ".join(exam_because(exam, percent, gap) for exam, percent in taken)
    if mean is None:
        return f"{exams}: no mean {'until every exam has a score' if final else 'yet'}"
    base = f" (nothing right gives {spoken(policy.exam_base)}%)" if policy.exam_base else ""
    return f"{exams}: mean {spoken(mean)}%{base}"


def exam_because(exam: ExamScore, percent: Fraction | None, gap: str) -> str:
    """One exam in the sentence above; `gap` says what is made of an exam that cannot count."""
    if percent is None:
        excused = exam.absence == EXAM_EXCUSED
        return f"{exam.name} {'excused, no score' if excused else 'no score'}{gap}"
    raw, items = Decimal(exam.counted_raw), Decimal(exam.items)
    weight = "" if exam.weight == 1 else f" × {spoken(exam.weight)}"
    no_show = f"{NO_SHOW}, counted as " if exam.absence == NO_SHOW else ""
    return f"{exam.name} {no_show}{raw:f} of {items:f} = {spoken(percent)}%{weight}"
