"""Attendance master: a line a cadet, a column a day held, and how often of each."""

from rotc.reports.facts import Facts
from rotc.reports.papers import Column
from rotc.reports.rows import NOT_MARKED
from rotc.web.spreadsheets import COUNT, DAY, NAME, TEXT

SIGNS = {"P": 1, "L": "L", "E": "E", "A": 0}
TOTALS = {"Present": "P", "Late": "L", "Excused": "E", "Absent": "A"}


def columns(facts: Facts) -> list[Column]:
    return [
        Column("Student ID", lambda line: line.cadet.student_number, TEXT),
        Column("Name", lambda line: line.cadet.full_name, NAME),
        Column("Rank", lambda line: line.enrollment.rank, TEXT),
        *[_day(held) for held in facts.days],
        *[_total(title, letter, facts) for title, letter in TOTALS.items()],
    ]


def _day(held) -> Column:
    date = held.day.date
    return Column(
        f"{date:%Y-%m-%d}",
        lambda line: SIGNS.get(line.letters.get(held.day.pk), NOT_MARKED),
        DAY,
        head=str(held.number),
        under=f"{date.day} {date:%b}",
    )


def _total(title, letter, facts) -> Column:
    days = [held.day.pk for held in facts.days]
    return Column(title, lambda line: sum(line.letters.get(day) == letter for day in days), COUNT)


def legend(facts: Facts) -> list[str]:
    return ["1 present, L late, E excused, 0 absent without excuse, · not marked."]
