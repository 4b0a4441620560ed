import pytest

from rotc.imports.matching import find_header
from rotc.imports.person_names import split_name
from rotc.imports.roster_fields import SHAPE

ALIASES = {
    "student_number": [
        "Student ID",
        "ID",
        "Student Number",
        "Student No",
        "USN",
        "student_no.",
        "STUDENT  ID#",
    ],
    "last_name": ["Last Name", "LName", "Surname"],
    "first_name": ["First Name", "FName", "Given Name"],
    "middle_name": ["Middle Name", "MName", "Middle Initial", "MI", "M.I."],
    "suffix": ["Suffix", "Suffix Name"],
    "name": ["Name", "Full Name", "Cadet Name"],
    "email": ["Email", "E-mail", "E-MAIL"],
    "username": ["Username"],
    "rank": ["Rank"],
    "sex": ["Sex", "Gender"],
    "contact_number": ["Contact Number", "Mobile", "Phone"],
    "address": ["Address"],
    "birthdate": ["Birthdate", "DOB"],
    "programme": ["Course", "Program"],
    "year_level": ["Year Level", "Year"],
    "school_year": ["School Year", "SY"],
    "semester": ["Semester"],
    "battalion": ["Battalion"],
    "company": ["Company"],
    "platoon": ["Platoon"],
    "ms_level": ["Cadet Course", "MS", "MS Level"],
    "position": ["Position"],
    "status": ["Status", "Cadet Status"],
    "religion": ["Religion"],
    "birthplace": ["Birthplace", "Place of Birth"],
    "height_cm": ["Height", "Height (cm)"],
    "weight_kg": ["Weight", "Weight (kg)"],
    "blood_type": ["Blood Type", "BLOOD-TYPE"],
    "civil_status": ["Civil Status"],
    "boots": ["Boots", "Boots Size"],
    "uniform": ["Uniform", "Uniform Size"],
    "bullcap": ["Bullcap", "Bullcap Size"],
    "emergency_name": ["Emergency Contact", "Emergency Contact Person"],
    "emergency_relation": ["Emergency Relation", "Relationship"],
    "emergency_number": ["Emergency Number", "Emergency Contact Number"],
}


@pytest.mark.parametrize(("field", "header"), [(f, h) for f, headers in ALIASES.items() for h in headers])
def test_every_known_header_is_matched(field, header):
    row = [header] if field == "student_number" else ["Student ID", header]
    assert find_header([row], SHAPE).columns[field] == len(row) - 1


def test_a_header_below_a_letterhead_is_found():
    rows = [
        ["Republic of the Philippines"],
        [],
        ["List of Cadets"],
        ["No.", "Student No.", "Name"],
        ["1", "2", "3"],
    ]
    match = find_header(rows, SHAPE)
    assert match.at == 3
    assert match.columns == {"student_number": 1, "name": 2}
    assert match.unused == ["No."]


def test_of_two_columns_for_one_field_the_better_named_is_taken():
    match = find_header([["ID", "Student Number", "Locker"]], SHAPE)
    assert match.columns == {"student_number": 1}
    assert match.unused == ["ID", "Locker"]


def test_without_a_student_number_there_is_no_header():
    assert find_header([["Last Name", "First Name"], ["A", "B"]], SHAPE) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dela Cruz, Juan Miguel Santos", ("Dela Cruz", "Juan Miguel", "Santos", "")),
        ("Peña, Ana", ("Peña", "Ana", "", "")),
        ("Reyes, Jose De La Cruz", ("Reyes", "Jose", "De La Cruz", "")),
        ("Reyes, Jose Cruz Jr.", ("Reyes", "Jose", "Cruz", "Jr.")),
        ("Reyes Jr., Jose Cruz", ("Reyes", "Jose", "Cruz", "Jr.")),
        ("Reyes, Jr., Jose", ("Reyes", "Jose", "", "Jr.")),
        ("Reyes, Jose V.", ("Reyes", "Jose", "V.", "")),
        ("Juan Dela Cruz", ("Dela Cruz", "Juan", "", "")),
        ("Juan P. Reyes III", ("Reyes", "Juan", "P.", "III")),
        ("Maria Clara Santos", ("Santos", "Maria Clara", "", "")),
    ],
)
def test_a_whole_name_is_taken_apart(text, parts):
    found = split_name(text)
    assert tuple(found[name] for name in ("last_name", "first_name", "middle_name", "suffix")) == parts
