"""Drops as a file."""

from rotc.roster.columns import named
from rotc.roster.models import Unit
from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column


def _decision(name):
    return lambda each: each.standing.decision.get(name, "")


def _absent_on(each) -> str:
    return "; ".join(f"{mark.day.date}" for mark in each.absences)


DROPS = [
    Column("Student ID", lambda each: each.cadet.student_number),
    Column("Last Name", lambda each: each.cadet.last_name, NAME),
    Column("First Name", lambda each: each.cadet.first_name, NAME),
    Column("Company", named(Unit.Kind.COMPANY)),
    Column("Platoon", named(Unit.Kind.PLATOON)),
    Column("Days Absent", lambda each: len(each.absences), COUNT),
    Column("Absent On", _absent_on, REMARKS),
    Column("Recommended For", lambda each: each.standing.recommends, REMARKS),
    Column("Decision", lambda each: each.standing.decision.get("decision", "open").capitalize()),
    Column("Decided By", _decision("by"), NAME),
    Column("Decided On", _decision("on")),
    Column("Reason", _decision("reason"), REMARKS),
    Column("Look Again", lambda each: "Yes" if each.standing.decision.get("look_again") else ""),
]
