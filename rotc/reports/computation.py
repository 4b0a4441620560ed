"""Computation of Grades: every day, entry and score of a cadet, and what they come to."""

from rotc.reports.facts import Facts, Line
from rotc.reports.papers import Column
from rotc.reports.rows import NOT_MARKED, figure, numbers, rating, remarks, score
from rotc.web.spreadsheets import COUNT, DAY, FIGURE, NAME, RAW, REMARKS, TEXT


def columns(facts: Facts) -> list[Column]:
    rules = facts.rules
    return [
        Column("Nr", lambda line: line.number, COUNT),
        Column("Name", lambda line: line.cadet.full_name, NAME),
        *[_day(held) for held in facts.days],
        Column(f"Attendance {rules.weight_attendance:f}%", figure("attendance"), FIGURE),
        Column("Merit", numbers(lambda line: line.record.merits), COUNT),
        Column("Demerit", numbers(lambda line: line.record.demerits), COUNT),
        Column(f"Aptitude {rules.weight_aptitude:f}%", figure("aptitude"), FIGURE),
        *[
            Column(exam.name, score(place), RAW, under=f"of {exam.items}")
            for place, exam in enumerate(facts.exams)
        ],
        Column(f"Proficiency {rules.weight_proficiency:f}%", figure("proficiency"), FIGURE),
        Column("Total", figure("total"), FIGURE),
        Column("Rating", rating, TEXT),
        Column("Remarks", remarks, REMARKS),
    ]


def order(line: Line) -> tuple:
    """By name: the paper has no column for the unit."""
    return line.cadet.sort_name, line.cadet.student_number


def _day(held) -> Column:
    date = held.day.date
    return Column(
        f"Day {held.number} {date:%Y-%m-%d}",
        lambda line: line.letters.get(held.day.pk, NOT_MARKED),
        DAY,
        head=str(held.number),
        under=f"{date.day} {date:%b}",
    )


def legend(facts: Facts) -> list[str]:
    """How to check the paper with a calculator."""
    rules = facts.rules
    base = f" from a base of {rules.exam_base:f}" if rules.exam_base else ""
    return [
        "P present, L late, E excused, A absent, · not marked.",
        f"Aptitude: {rules.weight_aptitude:f} × ({rules.aptitude_base:f} + merit − demerit, "
        f"at most {rules.aptitude_cap:f}) ÷ 100.",
        f"Proficiency: {rules.weight_proficiency:f} × the mean of the exams in percent{base} ÷ 100.",
        "Total: attendance + aptitude + proficiency as printed.",
    ]
