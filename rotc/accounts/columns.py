"""The staff, their accounts, and how cadets stand with getting in, as files."""

from django.utils import timezone

from rotc.accounts.ways_in import Way
from rotc.web.spreadsheets import NAME, REMARKS, Column


def _appointments(person) -> str:
    return "; ".join(str(each) for each in person.current)


def _account(person) -> str:
    if not person.is_active:
        return "Deactivated"
    if person.code_until:
        return f"Code until {timezone.localdate(person.code_until)}"
    return "No password, no code" if person.no_password else "Open"


def _way(row) -> str:
    if row.way == Way.OPEN:
        return f"Code until {timezone.localdate(row.code_until)}"
    return Way(row.way).label


CODES = [
    Column("Student ID", lambda row: row.cadet.student_number, NAME),
    Column("Name", lambda row: row.cadet.full_name, NAME),
    Column("Unit", lambda row: row.unit.place, NAME),
    Column("MS Level", lambda row: row.ms_level),
    Column("Account", _way, NAME),
]
PEOPLE = [
    Column("Name", lambda person: person.title, NAME),
    Column("Signs In As", lambda person: person.username, NAME),
    Column("Appointments", _appointments, REMARKS),
    Column("Last Sign-in", lambda person: person.last_login),
    Column("Second Factor", lambda person: "Yes" if person.has_second_factor else "No"),
    Column("Account", _account, NAME),
]
