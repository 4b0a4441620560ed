"""Cadet Master List: who is enrolled and how to reach them, with the strength by MS level and sex."""

from collections import Counter

from rotc.reports.facts import Facts
from rotc.reports.papers import Column, Summary
from rotc.roster.models import Cadet
from rotc.web.spreadsheets import NAME, REMARKS, TEXT

SEXES = [*Cadet.Sex.choices, ("", "Not given")]


def columns(facts: Facts) -> list[Column]:
    return [
        Column("Rank", lambda line: line.enrollment.rank, TEXT),
        Column("Name", lambda line: line.cadet.full_name, NAME),
        Column("Student ID", lambda line: line.cadet.student_number, TEXT),
        Column("Unit", lambda line: line.enrollment.unit.place, TEXT),
        Column("Email", lambda line: line.cadet.email, NAME),
        Column("Phone", lambda line: line.cadet.contact_number, TEXT),
        Column("Address", lambda line: line.cadet.address, REMARKS),
    ]


def summary(facts: Facts) -> Summary:
    """How many of each MS level and sex; a sex that nobody lacks has no column."""
    count = Counter((line.enrollment.ms_level, line.cadet.sex) for line in facts.lines)
    sexes = [(sex, label) for sex, label in SEXES if sex or any(not each for _, each in count)]
    levels = [level for level in [*facts.ms_levels, ""] if any(each == level for each, _ in count)]
    rows = [[level or "No MS level", *_counted(count, [level], sexes)] for level in levels]
    return Summary(
        "Strength by MS level and sex",
        ["MS Level", *(label for _, label in sexes), "Total"],
        [*rows, ["Total", *_counted(count, levels, sexes)]],
    )


def _counted(count, levels, sexes) -> list[int]:
    of_sex = [sum(count[level, sex] for level in levels) for sex, _ in sexes]
    return [*of_sex, sum(of_sex)]
