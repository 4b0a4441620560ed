"""The order of merit as a file."""

from rotc.roster.columns import named
from rotc.roster.models import Unit
from rotc.web.spreadsheets import COUNT, FIGURE, NAME, Column


def _place_in(kind):
    of = named(kind)
    return lambda standing: of(standing.enrollment)


BOARD = [
    Column("Place", lambda standing: standing.place, COUNT),
    Column("Student ID", lambda standing: standing.enrollment.cadet.student_number),
    Column("Last Name", lambda standing: standing.enrollment.cadet.last_name, NAME),
    Column("First Name", lambda standing: standing.enrollment.cadet.first_name, NAME),
    Column("Company", _place_in(Unit.Kind.COMPANY)),
    Column("Platoon", _place_in(Unit.Kind.PLATOON)),
    Column("Total", lambda standing: standing.total, FIGURE),
    Column("Rating", lambda standing: standing.rating),
    Column("Rating If It Ended Today", lambda standing: standing.if_ended_today),
    Column("Proficiency", lambda standing: standing.proficiency, FIGURE),
    Column("Attendance", lambda standing: standing.attendance, FIGURE),
    Column("Aptitude", lambda standing: standing.aptitude, FIGURE),
]
