"""The terms as a file."""

from rotc.web.spreadsheets import COUNT, Column

TERMS = [
    Column("Term", lambda term: term.name),
    Column("School Year", lambda term: term.school_year),
    Column("Semester", lambda term: term.get_semester_display()),
    Column("Cadets", lambda term: term.cadets, COUNT),
    Column("Opened", lambda term: term.opened_at),
    Column("Closed", lambda term: term.closed_at),
]
