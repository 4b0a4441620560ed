"""Whatever anybody typed comes out of a file as they typed it, and never as a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotc.web.spreadsheets import (
    FIGURE,
    RAW,
    Column,
    Sheet,
    as_typed,
    harmless,
    to_csv,
    to_marked_csv,
    to_xlsx,
)
from tests.reports.reading import sheets

RUNNING = [
    "=1+1",
    "+639171234567",
    "-5",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    "\u00a0=1",
    "\ufeff=1",
    "＝1+1",
]
HARMLESS = ["Peña", "2026-0001", "0917", "a=b", "5 - 3", "'quoted'", "−2", "", "100%"]
HERE = Column("Here", lambda text: text)


def written(text) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv([HERE], [[text]]).decode(), newline="")))


@pytest.mark.parametrize("text", RUNNING)
def test_what_a_spreadsheet_would_run_is_quoted_in_a_csv(text):
    assert written(text)[1] == [f"'{text}"]
    assert as_typed(f"'{text}") == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_it_would_not_run_stays_as_it_is(text):
    assert written(text)[1] == [text]
    assert as_typed(text) == text


@given(st.text(st.sampled_from("'=+-@ \t\r\n＝a1")))
def test_reading_a_cell_gives_what_was_typed_however_it_begins(text):
    assert as_typed(harmless(text)) == text
    assert harmless(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("text", [*RUNNING, *HARMLESS, "http://example.org", "{=1}", "x" * 40_000])
def test_a_workbook_holds_text_as_text_and_no_formula_nor_link(text):
    content = to_xlsx([Sheet("Here", [HERE], [[text]])])
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        xml = file.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in xml and b"hyperlink" not in xml
    if text and "\r" not in text:  # which XML reads as a line feed
        assert sheets(content)["Here"][1] == [text[:32_767]]


def test_a_head_is_text_as_well():
    column = Column("=1+1", lambda text: text)
    assert to_csv([column], []) == b'"\'=1+1"\r\n'
    assert sheets(to_xlsx([Sheet("Here", [column], [])]))["Here"] == [["=1+1"]]


def test_a_text_with_semicolons_stays_one_cell():
    found = csv.reader(io.StringIO(to_csv([HERE, HERE], [["a;=1+1", "b"]]).decode()), delimiter=";")
    assert not any(cell.startswith("=") for row in found for cell in row[:1])
    assert b'"a;=1+1","b"' in to_csv([HERE, HERE], [["a;=1+1", "b"]])


def test_values_are_the_same_in_both():
    columns = [
        Column("a", None),
        Column("b", None, FIGURE),
        Column("c", None, RAW),
        *[Column(x, None) for x in "defg"],
    ]
    moment = datetime(2026, 8, 8, 0, 5, tzinfo=UTC)
    row = ["0012", Decimal("82.00000000"), Decimal("87.50"), 3, date(2005, 3, 1), time(7, 40), moment]
    [_, line] = csv.reader(io.StringIO(to_csv(columns, [row]).decode()))
    assert line == ["0012", "82.00", "87.5", "3", "2005-03-01", "07:40", "2026-08-08 08:05"]
    [_, cells] = sheets(to_xlsx([Sheet("Here", columns, [row])]))["Here"]
    assert cells == ["0012", 82.0, 87.5, 3.0, "2005-03-01", "07:40", "2026-08-08 08:05"]


def test_a_csv_for_spreadsheets_carries_the_mark_of_utf_8():
    assert to_marked_csv([HERE], [["ñ"]]).decode("utf-8-sig") == to_csv([HERE], [["ñ"]]).decode()


def test_ten_thousand_rows_take_little_memory():
    import tracemalloc

    columns = [Column(f"Column {n}", None) for n in range(30)]
    rows = ([f"text {n} of {m}" for m in range(30)] for n in range(10_000))
    tracemalloc.start()
    content = to_xlsx([Sheet("Here", columns, rows)])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000 + 2 * len(content)
