"""Attendance: the days as they count, their points, and the sentence that says why."""

from decimal import Decimal
from fractions import Fraction

from rotc.grading.figures import exact, several, spoken
from rotc.grading.keys import NEUTRAL
from rotc.grading.policy import Policy
from rotc.grading.record import ABSENT, EXCUSED, LATE, PRESENT, CadetRecord


def days_as_counted(days: str, lates_per_absence: int | None) -> str:
    """The days with every n-th late turned into an absence, where the policy does that."""
    if lates_per_absence is None:
        return days
    first, *others = days.split(LATE)
    turned = ((LATE if nth % lates_per_absence else ABSENT) + part for nth, part in enumerate(others, 1))
    return first + "".join(turned)


def credited_days(days: str, policy: Policy) -> Fraction:
    """Days present, and the parts of a day that late and excused days are worth."""
    credit = days.count(PRESENT) + exact(policy.credit_late) * days.count(LATE)
    if policy.credit_excused != NEUTRAL:
        credit += exact(policy.credit_excused) * days.count(EXCUSED)
    return credit


def divisor_days(days: str, policy: Policy) -> int:
    """The days the credit is divided by: all that are marked, or all but the neutral ones."""
    return len(days) - (days.count(EXCUSED) if policy.credit_excused == NEUTRAL else 0)


def attendance_points(days: str, policy: Policy) -> Fraction | None:
    """The exact points for the days as counted, `None` when there is no day to count."""
    divisor = divisor_days(days, policy)
    if not divisor:
        return None
    return exact(policy.weight_attendance) * credited_days(days, policy) / divisor


def attendance_because(record: CadetRecord, days: str, policy: Policy) -> str:
    """14 of 15 days: 13 present, 1 late, 1 absent."""
    if not days:
        return "no training day marked yet"
    credit = spoken(credited_days(days, policy))
    kinds = ", ".join(kinds_of_day(days, policy))
    turned = record.days.count(LATE) - days.count(LATE)
    note = f"; {turned} late counted as absent, one of every {policy.lates_per_absence}"
    divisor = several(divisor_days(days, policy), "day")
    return f"{credit} of {divisor}: {kinds}{note if turned else ''}"


def kinds_of_day(days: str, policy: Policy) -> list[str]:
    """How many days of each kind, with what one is worth where that is not plain."""
    kinds = (
        (PRESENT, "present"),
        (LATE, "late" + worth(policy.credit_late)),
        (EXCUSED, "excused" + worth(policy.credit_excused)),
        (ABSENT, "absent"),
    )
    return [f"{days.count(letter)} {kind}" for letter, kind in kinds if letter in days]


def worth(credit: Decimal | str) -> str:
    """What a day of partial credit is worth, nothing where it is worth a whole day."""
    if credit == NEUTRAL:
        return " (not counted)"
    return "" if credit == 1 else f" (worth {credit:f} each)"
