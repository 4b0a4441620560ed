"""What a signatory reads of a cadet's outcome, the same on every paper."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from rotc.exams.models import Score
from rotc.reports.facts import Line
from rotc.roster.columns import named
from rotc.standings.remarks import beside, dropped
from rotc.web.spreadsheets import Value

ABSENCES = {Score.Absence.NO_SHOW: "ABS", Score.Absence.EXCUSED: "EX"}
NOT_MARKED = "·"
HUNDREDTH = Decimal("0.01")


def numbers(of: Callable[[Line], Value]) -> Callable[[Line], Value]:
    """The same value, but blank where a code was set by hand."""
    return lambda line: None if line.by_hand else of(line)


def figure(name: str) -> Callable[[Line], Value]:
    """A component or the total, as graded."""
    return numbers(lambda line: getattr(line.standing, name))


def score(place: int) -> Callable[[Line], Value]:
    """The raw score in the exam at this place, ``ABS``, ``EX``, or blank."""

    def of(line):
        exam = line.record.exams[place]
        return ABSENCES[exam.absence] if exam.absence else exam.raw

    return numbers(of)


def two_decimals(of: Callable[[Line], Value]) -> Callable[[Line], Value]:
    """The same value; a figure rounded half-up to two decimals."""

    def rounded(line):
        value = of(line)
        return value.quantize(HUNDREDTH, ROUND_HALF_UP) if isinstance(value, Decimal) else value

    return rounded


def unit_name(kind: str) -> Callable[[Line], Value]:
    """The name of the company, or of the platoon, that the cadet stands in."""
    of = named(kind)
    return lambda line: of(line.enrollment)


def by_formation(line: Line) -> tuple:
    """In order of formation, then of names."""
    return line.enrollment.unit.path, line.cadet.sort_name, line.cadet.student_number


def present(line: Line) -> int:
    return sum(line.record.days.count(letter) for letter in "PL")


def rating(line: Line) -> str | None:
    """The rating or code; blank while the term runs, unless a code was set by hand or a drop confirmed."""
    settled = line.record.final or line.by_hand or line.standing.is_confirmed
    return (line.standing.rating or None) if settled else None


def remarks(line: Line) -> str:
    """``Passed``, ``Failed:`` with every reason, the code with its reasons, or ``in progress``; and what was decided."""
    if line.by_hand:
        return "; ".join(line.standing.reasons)
    return "; ".join([_verdict(line), *beside(line.standing)])


def _verdict(line) -> str:
    verdict, reasons = line.standing.verdict, "; ".join(line.standing.reasons)
    if line.standing.is_confirmed:
        return dropped(line.standing)
    if verdict == "dropped":
        running = "" if line.record.final else "in progress; "
        return f"{running}{line.standing.rating} for confirmation: {reasons}"
    return {
        "passed": "Passed",
        "failed": f"Failed: {reasons}",
        "incomplete": f"{line.standing.rating}: {reasons}",
    }.get(verdict, "in progress")
