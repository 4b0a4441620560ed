"""The policy said a second time, slowly and on purpose without a line of the engine's.

Only what a calculator would do: the engine must agree with it on every record.
"""

from fractions import Fraction
from itertools import groupby
from math import floor


def half_up(x, places):
    return Fraction(floor(x * 10**places + Fraction(1, 2)), 10**places)


def grade_by_hand(record, policy):
    """Attendance, aptitude, proficiency and total as compared, verdict, rating, rating so far."""
    letters = letters_by_hand(record.days, policy.lates_per_absence)
    parts = [
        attendance_by_hand(letters, policy),
        aptitude_by_hand(record, policy),
        proficiency_by_hand(record, policy),
    ]
    places = {"components": 2, "integer": 0}.get(policy.rounding)
    if places is not None:
        parts = [part if part is None else half_up(part, places) for part in parts]
    total = None if None in parts else sum(parts)
    if total is not None and policy.rounding == "total":
        total = half_up(total, 2)
    return (*parts, total, *verdict_by_hand(record, policy, letters, parts, total))


def letters_by_hand(days, n):
    letters, lates = [], 0
    for letter in days:
        if letter == "L":
            lates += 1
        turned = letter == "L" and n and lates % n == 0
        letters.append("A" if turned else letter)
    return letters


def attendance_by_hand(letters, policy):
    worth = {"P": Fraction(1), "A": Fraction(0), "L": Fraction(policy.credit_late)}
    if policy.credit_excused == "neutral":
        letters = [letter for letter in letters if letter != "E"]
    else:
        worth["E"] = Fraction(policy.credit_excused)
    if not letters:
        return None
    share = sum(worth[letter] for letter in letters) / len(letters)
    return Fraction(policy.weight_attendance) * share


def aptitude_by_hand(record, policy):
    net = Fraction(policy.aptitude_base) + record.merits - record.demerits
    net = 0 if net < 0 else net
    net = Fraction(policy.aptitude_cap) if net > policy.aptitude_cap else net
    return Fraction(policy.weight_aptitude) * net / 100


def proficiency_by_hand(record, policy):
    base, weighted, weights = Fraction(policy.exam_base), Fraction(0), Fraction(0)
    for exam in record.exams:
        if exam.raw is None and exam.absence != "no-show":
            if record.final:
                return None
            continue
        raw = Fraction(0) if exam.absence == "no-show" else Fraction(exam.raw)
        weighted += Fraction(exam.weight) * (raw / Fraction(exam.items) * (100 - base) + base)
        weights += Fraction(exam.weight)
    if not weights:
        return None
    return Fraction(policy.weight_proficiency) * weighted / weights / 100


def verdict_by_hand(record, policy, letters, parts, total):
    allowed = floor(Fraction(policy.unexcused_limit) * record.planned_days)
    runs = [len(list(group)) for letter, group in groupby(letters) if letter == "A"]
    if record.override is not None:
        return "overridden", record.override, None
    away = letters.count("A") > allowed or max(runs, default=0) >= policy.consecutive_limit
    if away and policy.drop_rule and not record.drop_waived:
        return "dropped", policy.code_dropped, None
    minimums = (policy.minimum_attendance, policy.minimum_aptitude, policy.minimum_proficiency)
    fine = total is not None and total >= policy.passing_total
    for part, minimum in zip(parts, minimums, strict=True):
        fine = fine and (minimum is None or part >= minimum)
    row = next((rating for bound, rating in policy.scale if fine and total >= bound), None)
    if not record.final:
        return "in_progress", None, row
    if total is None or (policy.drop_rule and letters.count("E") > allowed):
        return "incomplete", policy.code_incomplete, None
    return ("passed", row, None) if fine else ("failed", "5.00", None)
