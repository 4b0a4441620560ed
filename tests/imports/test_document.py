"""What the guide to the files promises is what the import reads."""

import re
from pathlib import Path

import pytest

from rotc.imports.kinds import KINDS
from rotc.imports.matching import find_header, key

GUIDE = (Path(__file__).parents[2] / "docs" / "files.md").read_text()
SECTIONS = {
    "roster": ["Whose row it is", "Roster"],
    "scores": ["Whose row it is", "Exam scores"],
    "conduct": ["Whose row it is", "Merits and demerits"],
    "attendance": ["Whose row it is", "Attendance of a day"],
    "rotcmis": ["ROTCMIS"],
}


def rows_of(section):
    """``(field, headers)`` of the table in a section; what follows a colon explains."""
    text = re.split(r"^## ", GUIDE.split(f"## {section}\n")[1], flags=re.MULTILINE)[0]
    for line in re.findall(r"^\| (.+) \| (.+) \|$", text, re.MULTILINE)[1:]:
        yield line[0], line[1].split(":")[0].split(" · ")


CASES = [
    (kind, field, headers)
    for kind, sections in SECTIONS.items()
    for section in sections
    for field, headers in rows_of(section)
]


def test_every_kind_has_its_section():
    assert set(SECTIONS) == set(KINDS)
    assert len(CASES) > 60


@pytest.mark.parametrize("kind,field,headers", CASES)
def test_every_header_in_the_guide_is_read_and_means_one_field(term, kind, field, headers):
    shape = KINDS[kind].shape(term)
    fields = {each.name for header in headers for each in shape.fields if key(header) in each.keys}
    unread = [header for header in headers if not any(key(header) in each.keys for each in shape.fields)]

    assert unread == []
    assert len(fields) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_headers_of_the_guide_are_found_under_a_letterhead(term, kind):
    headers = [headers[0] for each, _, headers in CASES if each == kind]
    rows = [["Invented University"], [], [""] * 19, headers]

    assert find_header(rows, KINDS[kind].shape(term)).at == 3
