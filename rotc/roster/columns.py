"""The roster and the units as files. What a roster's import reads has the header that it reads it by."""

from collections.abc import Callable

from rotc.roster.models import Unit
from rotc.roster.profiles import missing
from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column


def roster(
    may_see_person: Callable[[Unit], bool], show: str = "", *, of_many_terms: bool = False
) -> list[Column]:
    """Columns of an ``Enrollment``; what is personal stays blank where the reader may not see it of that unit.

    ``show`` is the tab: the incomplete say what is missing, the archived since when they are.
    """
    return [
        *NAMES,
        *OF_TAB.get(show, []),
        *(TERM if of_many_terms else []),
        *PLACE,
        *[Column(each.title, _seen(may_see_person, each.of), each.kind) for each in PERSON],
    ]


def _seen(may_see, of):
    return lambda enrollment: of(enrollment) if may_see(enrollment.unit) else None


def within(unit: Unit | None, kind: str) -> Unit | None:
    """The unit itself or the one above it that is of this kind."""
    while unit is not None and unit.kind != kind:
        unit = unit.parent
    return unit


def named(kind: str):
    """The name of the unit of this kind that a cadet stands in."""

    def of(enrollment):
        unit = within(enrollment.unit, kind)
        return unit.name if unit else ""

    return of


NAMES = [
    Column("Student ID", lambda each: each.cadet.student_number),
    Column("Last Name", lambda each: each.cadet.last_name, NAME),
    Column("First Name", lambda each: each.cadet.first_name, NAME),
    Column("Middle Name", lambda each: each.cadet.middle_name),
    Column("Suffix", lambda each: each.cadet.suffix),
]
OF_TAB = {
    "incomplete": [Column("Missing", lambda each: ", ".join(missing(each.cadet, each)), REMARKS)],
    "archived": [Column("Archived", lambda each: each.cadet.archived_at)],
}
TERM = [
    Column("School Year", lambda each: each.term.school_year),
    Column("Semester", lambda each: each.term.get_semester_display()),
]
PLACE = [
    Column("Rank", lambda each: each.rank),
    Column("MS Level", lambda each: each.ms_level),
    Column("Battalion", named(Unit.Kind.BATTALION)),
    Column("Company", named(Unit.Kind.COMPANY)),
    Column("Platoon", named(Unit.Kind.PLATOON)),
    Column("Position", lambda each: each.position),
    Column("Status", lambda each: each.status),
]
PERSON = [
    Column("Sex", lambda each: each.cadet.get_sex_display()),
    Column("Course", lambda each: each.cadet.programme),
    Column("Year Level", lambda each: each.year_level),
    Column("Email", lambda each: each.cadet.email, NAME),
    Column("Contact Number", lambda each: each.cadet.contact_number),
    Column("Address", lambda each: each.cadet.address, REMARKS),
    Column("Birthdate", lambda each: each.cadet.birthdate),
    Column("Birthplace", lambda each: each.cadet.birthplace, NAME),
    Column("Civil Status", lambda each: each.cadet.civil_status),
    Column("Religion", lambda each: each.cadet.religion),
    Column("Height", lambda each: each.cadet.height_cm, COUNT),
    Column("Weight", lambda each: each.cadet.weight_kg, COUNT),
    Column("Blood Type", lambda each: each.cadet.blood_type),
    Column("Boots", lambda each: each.cadet.boots),
    Column("Uniform", lambda each: each.cadet.uniform),
    Column("Bullcap", lambda each: each.cadet.bullcap),
    Column("Emergency Contact", lambda each: each.cadet.emergency_name, NAME),
    Column("Emergency Relation", lambda each: each.cadet.emergency_relation),
    Column("Emergency Number", lambda each: each.cadet.emergency_number),
]
UNITS = [
    Column("Unit", lambda branch: branch.unit.name, NAME),
    Column("Kind", lambda branch: branch.unit.get_kind_display()),
    Column("Stands Under", lambda branch: branch.unit.parent.label if branch.unit.parent else "", NAME),
    Column("Cadets", lambda branch: branch.whole, COUNT),
    Column("Not Placed Further Down", lambda branch: branch.own, COUNT),
]
