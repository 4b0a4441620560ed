"""Class record: one line a cadet in bare figures, as a registrar or a spreadsheet takes it."""

from decimal import Decimal

from rotc.reports.facts import Facts
from rotc.reports.papers import Column
from rotc.reports.rows import figure, numbers, present, rating, remarks, score, two_decimals, unit_name
from rotc.roster.models import Unit
from rotc.web.spreadsheets import FIGURE, NAME, REMARKS, TEXT


def columns(facts: Facts) -> list[Column]:
    return [
        Column("Student ID", lambda line: line.cadet.student_number, TEXT),
        Column("Last Name", lambda line: line.cadet.last_name, NAME),
        Column("First Name", lambda line: line.cadet.first_name, NAME),
        Column("Company", unit_name(Unit.Kind.COMPANY), TEXT),
        Column("Platoon", unit_name(Unit.Kind.PLATOON), TEXT),
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


def legend(facts: Facts) -> list[str]:
    """What the short heads mean."""
    return [
        "Subject Score: proficiency points. Attendance Present: days present or late. "
        "Final Grade: the total. Transmuted: the rating."
    ]


def _bare(count):
    """A count as every number stands here: with two decimals."""
    return numbers(lambda line: Decimal(count(line)))
