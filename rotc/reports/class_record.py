"""Class record: one line a cadet in bare figures, as a registrar or a spreadsheet takes it."""

from decimal import Decimal

from rotc.reports.facts import Facts, Line
from rotc.reports.papers import FIGURE, NAME, REMARKS, TEXT, Column
from rotc.reports.rows import figure, numbers, present, rating, remarks, score, two_decimals
from rotc.roster.models import Unit


def columns(facts: Facts) -> list[Column]:
    return [
        Column("Student ID", lambda line: line.cadet.student_number, TEXT),
        Column("Last Name", lambda line: line.cadet.last_name, NAME),
        Column("First Name", lambda line: line.cadet.first_name, NAME),
        Column("Company", _unit(Unit.Kind.COMPANY), TEXT),
        Column("Platoon", _unit(Unit.Kind.PLATOON), TEXT),
        *[Column(exam.name, two_decimals(score(place)), FIGURE) for place, exam in enumerate(facts.exams)],
        Column("Subject Score", two_decimals(figure("proficiency")), FIGURE),
        Column("Merits", _bare(lambda line: line.record.merits), FIGURE),
        Column("Demerits", _bare(lambda line: line.record.demerits), FIGURE),
        Column("Attendance Present", _bare(present), FIGURE),
        Column("Attendance Score", two_decimals(figure("attendance")), FIGURE),
        Column("Final Grade", two_decimals(figure("total")), FIGURE),
        Column("Transmuted", rating, TEXT),
        Column("Remarks", remarks, REMARKS),
    ]


def order(line: Line) -> tuple:
    """By formation, then name."""
    return line.enrollment.unit.path, line.cadet.sort_name, line.cadet.student_number


def legend(facts: Facts) -> list[str]:
    """What the short heads mean."""
    return [
        "Subject Score: proficiency points. Attendance Present: days present or late. "
        "Final Grade: the total. Transmuted: the rating."
    ]


def _bare(count):
    """A count as every number stands here: with two decimals."""
    return numbers(lambda line: Decimal(count(line)))


def _unit(kind):
    def of(line):
        unit = line.unit(kind)
        return unit.name if unit else ""

    return of
