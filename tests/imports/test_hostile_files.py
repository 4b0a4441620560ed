"""Files made to break what reads them: refused in words within moments and bounded memory, or read as data."""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager

import pytest
import xlsxwriter

from rotc.imports.models import ImportPlan
from rotc.imports.reading import read
from rotc.refusals import UnreadableFile
from rotc.roster.models import Cadet
from tests.imports.conftest import checked, committed, csv_of, give, plan_at, xlsx_of
from tests.imports.test_reading import corners, packed

ROSTER = [["Student ID", "Last Name", "First Name"], ["0012", "Peña", "Ana"]]


def parts_of(data) -> dict:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def with_macros() -> bytes:
    parts = parts_of(xlsx_of(ROSTER))
    types = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return packed(**parts | {"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Shell()"})


def with_links() -> bytes:
    """A workbook of which a cell fetches from elsewhere, with the value it had when it was saved."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        for at, line in enumerate(ROSTER):
            sheet.write_row(at, 0, line)
        sheet.write_formula(1, 1, '=WEBSERVICE("http://192.0.2.1/x")', None, "Peña")
        sheet.write_url(1, 2, "http://192.0.2.1/y", string="Ana")
    return data.getvalue()


def claiming(reference) -> bytes:
    """A workbook whose sheet says that it is as large as a sheet can be, and holds two rows."""
    parts = parts_of(xlsx_of(ROSTER))
    sheet = "xl/worksheets/sheet1.xml"
    start = parts[sheet].index(b'<dimension ref="') + 16
    end = parts[sheet].index(b'"', start)
    return packed(**parts | {sheet: parts[sheet][:start] + reference + parts[sheet][end:]})


def many_sheets(many) -> bytes:
    return xlsx_of(ROSTER, **{f"Sheet{n}": [["nothing"]] for n in range(many - 1)})


def nested(depth) -> bytes:
    """A workbook with an XML part of elements within elements."""
    parts = parts_of(xlsx_of(ROSTER))
    return packed(**parts | {"xl/sharedStrings.xml": b"<a>" * depth + b"</a>" * depth})


def laughing() -> bytes:
    """A workbook whose strings are entities of entities."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    strings = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><sst><si><t>&e11;</t></si></sst>'
    )
    return packed(**parts_of(xlsx_of(ROSTER)) | {"xl/sharedStrings.xml": strings.encode()})


REFUSED = {
    "corners.xlsx": corners(),
    "sheets.xlsx": many_sheets(200),
    "bomb.xlsx": packed(**{"xl/workbook.xml": b"0" * 40_000_000}),
    "parts.xlsx": packed(**{f"part{n}": b"x" for n in range(3000)}),
    "bomb.ods": packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b" " * 60_000_000}),
    "cut.ods": packed(**{"content.xml": b"<office:document-content", "mimetype": b"x"})[:150],
    "nothing.xlsx": b"PK\x03\x04" + bytes(2000),
    "page.xlsx": b"\xef\xbb\xbf\r\n<!DOCTYPE html><table><tr><td>Student ID</td></tr></table>",
    "page.xls": b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>ID</td></tr></table>',
    "old.xls": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>',
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "nul.csv": b"Student ID,Name\n1,A\x00na\n",
    "zeros.csv": bytes(5_000_000),
    "wide.csv": b",".join(b"x" for _ in range(200_000)),
    "quotes.csv": b'"' * 2_000_001,
}  # fmt: skip


@contextmanager
def busy_at_most(seconds):
    """Of processor time, here and in whoever is started to read a workbook."""
    began, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert time.process_time() - began + after.ru_utime - children.ru_utime < seconds


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_words_within_moments(name):
    with busy_at_most(4), pytest.raises(UnreadableFile) as refusal:
        sheets = read(name, REFUSED[name])
        raise UnreadableFile(next(sheet.fault for sheet in sheets if sheet.fault))
    assert str(refusal.value).endswith(".") and "{" not in str(refusal.value)


@pytest.mark.parametrize("data", [nested(200_000), laughing()], ids=["nested", "laughing"])
def test_a_trap_in_the_markup_is_refused_or_without_effect(data):
    with busy_at_most(20):
        try:
            cells = [cell for sheet in read("a.xlsx", data) for row in sheet.rows for cell in row]
        except UnreadableFile:
            cells = []
    assert sum(map(len, cells)) < 10_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("macros.xlsm", with_macros()),
        ("links.xlsx", with_links()),
        ("claims.xlsx", claiming(b"A1:XFD1048576")),
        ("sheets.xlsx", many_sheets(100)),
    ],
)
def test_what_only_looks_dangerous_is_read_as_data(name, data):
    sheet = read(name, data)[0]
    assert sheet.rows[:2] == ROSTER


def test_many_sheets_are_no_way_around_the_limit_of_rows_and_the_rest_says_why():
    long = [["Student ID"], *([str(n)] for n in range(25_000))]
    sheets = read("a.xlsx", xlsx_of(long, Second=long, Third=long, Fourth=[["Student ID"], ["1"]]))
    assert [len(sheet.rows) for sheet in sheets] == [25_001, 25_001, 0, 2]
    assert "“Third” is larger than can be read" in sheets[2].fault


@pytest.mark.parametrize("name", ["corners.xlsx", "bomb.xlsx", "zeros.csv", "wide.csv", "sheets.xlsx"])
def test_memory_stays_bounded_in_parent_and_child(name, tmp_path):
    """In a process of its own, for the peak of this one says nothing any more."""
    file = tmp_path / name
    file.write_bytes(REFUSED[name])
    lines = (
        "import resource, sys; import django; django.setup()\n"
        "from rotc.imports.reading import read\n"
        "from rotc.refusals import UnreadableFile\n"
        "own = lambda who: resource.getrusage(who).ru_maxrss // 1024\n"
        "before = own(resource.RUSAGE_SELF)\n"
        "try: read(sys.argv[1], open(sys.argv[1], 'rb').read())\n"
        "except UnreadableFile: pass\n"
        "print(own(resource.RUSAGE_SELF) - before, own(resource.RUSAGE_CHILDREN))"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines, str(file)], capture_output=True, text=True, timeout=60, check=True
    )
    parent, child = map(int, done.stdout.split())
    assert parent < 120, f"{parent} MB more in the server"
    assert child < 400, f"{child} MB in the reader"


def test_names_of_three_hundred_characters_are_problems_of_their_row(as_user, clerk, term):
    url = checked(as_user(clerk), term, csv_of("ID,Last Name,First Name", f"1,{'x' * 300},Ana", "2,Cruz,Ben"))
    plan = plan_at(url)
    assert [problem["reason"] for problem in plan.problems] == ["is 300 characters long; at most 80 are kept"]
    assert plan.notes["counts"]["new"] == 1


def test_marks_that_turn_the_reading_direction_are_taken_out(as_user, clerk, term):
    client = as_user(clerk)
    name = "\u202eCruz\u202c"
    url = checked(client, term, csv_of("ID,Last Name,First Name", f"1,{name},\u200fA\u2066n\u200ba\u2069"))
    committed(client, url)
    assert Cadet.objects.get().full_name == "Cruz, Ana"


def test_a_file_name_of_any_kind_is_kept_harmless(as_user, clerk, term):
    client = as_user(clerk)
    name = "\u202evsc.<script>" + "é" * 300 + ".csv"
    url = checked(client, term, csv_of("ID,Name", '1,"A, B"'), name=name)
    page = client.get(url)
    assert page.status_code == 200 and "<script>é" not in page.content.decode()
    assert client.get(f"{url}file/").status_code == 200


@pytest.mark.parametrize(
    "data",
    [b"[[[[" * 50_000, b"{" * 50_000, b"nul", b'{"a": 1e999}', b"[1,2,", b"\xff\xfe{}", json.dumps("x" * 999).encode()],
)  # fmt: skip
def test_json_that_is_no_list_is_refused_in_words(as_user, commandant, term, data):
    answer = give(as_user(commandant), term, data, name="export.json", kind="rotcmis")
    assert answer.status_code == 422
    assert not ImportPlan.objects.exists()
