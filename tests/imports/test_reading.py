import io
import struct
import zipfile

import pytest

from rotc.imports.reading import read
from rotc.refusals import UnreadableFile
from tests.imports.conftest import xlsx_of

ROWS = [["Student ID", "Name"], ["0012", "Peña, Ana"]]
TEXT = 'Student ID,Name\n0012,"Peña, Ana"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_keeps_the_enye(encoding):
    assert read("a.csv", TEXT.encode(encoding))[0].rows == ROWS


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_beside_commas_in_names(sign):
    text = f'Student ID{sign}Name\n0012{sign}"Peña, Ana"\n0013{sign}"Cruz, Juan"\n'
    assert read("a.csv", text.encode())[0].rows[:2] == ROWS


def test_a_semicolon_file_with_unquoted_commas_is_cut_at_semicolons():
    assert read("a.csv", b"ID;Name\n1;Reyes, Juan\n2;Cruz, Ana\n")[0].rows[1] == ["1", "Reyes, Juan"]


def test_windows_line_ends_and_a_sep_line_are_no_cells():
    assert read("a.csv", b"sep=;\r\nID;Name\r\n1;A, B\r\n")[0].rows == [
        ["sep=", ""],
        ["ID", "Name"],
        ["1", "A, B"],
    ]


def test_whole_numbers_of_a_workbook_have_no_decimals_and_text_keeps_its_zeros():
    sheets = read("a.xlsx", xlsx_of([["ID", "Phone"], [20260001, "0917"], ["007", 9171234567]]))
    assert sheets[0].rows == [["ID", "Phone"], ["20260001", "0917"], ["007", "9171234567"]]


def test_all_sheets_are_read_and_rows_keep_the_numbers_they_have_in_the_file():
    sheets = read("a.xlsx", xlsx_of([[], [], ["ID"], ["1"]], Second=[["x"]]))
    assert [sheet.name for sheet in sheets] == ["Roster", "Second"]
    assert sheets[0].rows[2:] == [["ID"], ["1"]]


def packed(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


def corners() -> bytes:
    """A valid workbook of a few kilobytes whose two cells span seventeen thousand million."""
    source = zipfile.ZipFile(io.BytesIO(xlsx_of([["a"], ["b"]])))
    parts = {name: source.read(name) for name in source.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet].replace(b'r="A2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"')
    )
    return packed(**parts)


BROKEN = {
    "empty.csv": b"",
    "blank.csv": b" \n\n ",
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "photo.csv": b"\xff\xd8\xff\xe0" + bytes(60),
    "page.xlsx": b"<!DOCTYPE html><html><table><tr><td>ID</td></tr></table></html>",
    "page.xls": b"  <html><body><table></table></body></html>",
    "page.csv": b"<html><table><tr><td>Student ID</td></tr></table></html>",
    "text.xlsx": b"Student ID,Name\n1,Ana\n",
    "cut.xlsx": xlsx_of([["ID"]] * 400)[:3000],
    "letters.xlsx": packed(**{"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}),
    "bomb.xlsx": packed(**{"xl/workbook.xml": b"0" * 40_000_000}),
    "corners.xlsx": corners(),
    "workbook.csv": xlsx_of([["ID"]]),
    "nul.csv": b"Student ID,Name\n1,A\x00na\n",
    "bytes.csv": bytes(range(256)) * 4,
    "quote.csv": b'Student ID,Name\n1,"Ana\n2,Juan\n3,Maria\n',
    "wide.csv": ",".join(f"c{n}" for n in range(61)).encode(),
    "long.csv": b"1,2\n" * 60_001,
    "letter.pdf": b"%PDF-1.7",
    "list.docx": packed(a=b"1"),
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<I", 7) * 300,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(name):
    with pytest.raises(UnreadableFile) as refusal:
        sheets = read(name, BROKEN[name])
        raise UnreadableFile(next(sheet.fault for sheet in sheets if sheet.fault))
    assert len(str(refusal.value)) > 15
    assert str(refusal.value).endswith(".")


def test_a_file_over_ten_megabytes_is_refused_unread():
    with pytest.raises(UnreadableFile, match="10 MB"):
        read("a.csv", b"1," * 6_000_000)


def test_a_protected_workbook_says_so():
    with pytest.raises(UnreadableFile, match="password"):
        data = bytearray(packed(**{"xl/workbook.xml": "<x/>"}))
        for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + flag] |= 1
        read("locked.xlsx", bytes(data))
