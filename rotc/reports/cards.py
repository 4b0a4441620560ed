"""Cadet ID cards: who somebody is and where they stand, the size of a bank card, to be cut."""

from rotc.reports.facts import Facts, Line
from rotc.reports.missing import nobody
from rotc.reports.papers import Column, Group, Paper
from rotc.reports.rows import unit_name
from rotc.roster.models import Unit
from rotc.web.spreadsheets import NAME, TEXT

ON_A_SHEET = {"a4": 10, "letter": 8, "folio": 10}


def columns(facts: Facts) -> list[Column]:
    return [
        Column("Student ID", lambda line: line.cadet.student_number, TEXT),
        Column("Rank", lambda line: line.enrollment.rank, TEXT),
        Column("Last Name", lambda line: line.cadet.last_name, NAME),
        Column("First Name", lambda line: line.cadet.first_name, NAME),
        Column("Company", unit_name(Unit.Kind.COMPANY), TEXT),
        Column("Platoon", unit_name(Unit.Kind.PLATOON), TEXT),
        Column("MS Level", lambda line: line.enrollment.ms_level, TEXT),
        Column("Term", lambda line: facts.term.title, NAME),
    ]


def missing(facts: Facts) -> list[str]:
    bare = sum(not line.cadet.photo for line in facts.lines)
    if not bare:
        return nobody(facts)
    return [f"{bare} {'cadet has' if bare == 1 else 'cadets have'} no photo: the initials stand there."]


def sheets(paper: Paper) -> list[list[Line]]:
    """The cards by the sheet of paper that they are printed on; a group begins a new one."""
    most = ON_A_SHEET[paper.size]
    return [sheet for group in paper.groups for sheet in _parted(group, most)]


def _parted(group: Group, most: int) -> list[list[Line]]:
    return [group.lines[at : at + most] for at in range(0, len(group.lines), most)]
