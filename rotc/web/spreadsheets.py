"""Rows as CSV or as a workbook: the one place that writes either.

A cell is text, a number, a day, a time, or blank. Text stays text: no leading zero is lost and nothing that
somebody typed can run. Days are written 2026-08-08 in both, so both hold the same.
"""

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rotc.web.figures import bare, with_decimals

TEXT, NAME, REMARKS = "text", "name", "remarks"
DAY, COUNT, RAW, FIGURE = "day", "count", "raw", "figure"
WIDTHS = {TEXT: 14, NAME: 30, REMARKS: 44, DAY: 6, COUNT: 9, RAW: 9, FIGURE: 12}
PAPERS = {"a4": 9, "letter": 1, "folio": 14}
MOST_LETTERS = 32_767  # of a cell; XlsxWriter leaves out what is longer
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Spreadsheets of some languages take the full-width signs as well, and some skip what is not seen before them.
UNSEEN = r"[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*"
FORMULA = re.compile(rf"'*(?:{UNSEEN}[=+\-@＝＋－＠]|[\t\r\n])")
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")

Value = str | int | Decimal | date | datetime | time | None


def harmless(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula, whoever typed it."""
    return f"'{text}" if FORMULA.match(text) else text


def as_typed(cell: str) -> str:
    """The text that ``harmless`` made this cell of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` heads it, ``of`` takes its value from whatever a row is made of."""

    title: str
    of: Callable[[Any], Value]
    kind: str = TEXT

    def shown(self, value: Value) -> str:
        """A value as it is read in this column; a blank is empty."""
        match value:
            case None:
                return ""
            case Decimal():
                return bare(value) if self.kind == RAW else with_decimals(value)
            case datetime():
                return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
            case date():
                return value.isoformat()
            case time():
                return f"{value:%H:%M}"
        return str(value)


def to_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 as programs read it.

    Every cell stands in quotes: a reader that takes semicolons for separators finds no new cell in a text.
    """
    return _csv(columns, rows, mark=b"")


def to_marked_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """The CSV behind the mark by which a spreadsheet knows UTF-8: without it ñ opens as two letters."""
    return _csv(columns, rows, mark=BOM_UTF8)


def _csv(columns, rows, *, mark) -> bytes:
    file = io.BytesIO()
    file.write(mark)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    lines = csv.writer(text, quoting=csv.QUOTE_ALL)
    lines.writerow([harmless(column.title) for column in columns])
    for row in rows:
        lines.writerow([_csv_cell(*cell) for cell in zip(columns, row, strict=True)])
    text.flush()
    return file.getvalue()


def _csv_cell(column, value) -> str:
    return harmless(value) if isinstance(value, str) else column.shown(value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; ``head`` and ``foot`` stand on each page when it is printed."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    head: str = ""
    foot: str = ""
    paper: str = "a4"


def to_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook: numbers are numbers, everything else is text in cells formatted as text.

    Rows go to a file of their own as they are written, so the memory it takes does not grow with them.
    """
    import xlsxwriter  # only loaded by whoever asks for a workbook

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"num_format": "@"}),
            "figure": book.add_format({"num_format": "0.00######"}),
            "two": book.add_format({"num_format": "0.00"}),
            "raw": book.add_format({"num_format": "General"}),
        }
        taken = set()
        for sheet in sheets:
            page = book.add_worksheet(_free_name(sheet.name, taken))
            _set_up(page, sheet, looks)
            _fill(page, sheet, looks)
    return file.getvalue()


def _free_name(name: str, taken: set[str]) -> str:
    allowed = FORBIDDEN_IN_SHEET_NAMES.sub(" ", name)[:27].strip("' ") or "Sheet"
    free, turn = allowed, 1
    while free.casefold() in taken | {"history"}:
        turn += 1
        free = f"{allowed} {turn}"
    taken.add(free.casefold())
    return free


def _set_up(page, sheet, looks) -> None:
    page.set_landscape()
    page.set_paper(PAPERS[sheet.paper])
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    page.set_header("&C" + sheet.head.replace("&", "&&")[:200])
    page.set_footer(f"&L{sheet.foot}&RPage &P of &N")
    for place, column in enumerate(sheet.columns):
        # What is typed below the rows later is text as well.
        is_text = column.kind in (TEXT, NAME, REMARKS)
        page.set_column(place, place, WIDTHS[column.kind], looks["text"] if is_text else None)


def _fill(page, sheet, looks) -> None:
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, looks["head"])
    for line, row in enumerate(sheet.rows, 1):
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if isinstance(value, (int, Decimal)):
                page.write_number(line, place, value, looks[_look(column, value)])
            elif value is not None:
                page.write_string(line, place, column.shown(value)[:MOST_LETTERS], looks["text"])


def _look(column, value) -> str:
    if not isinstance(value, Decimal) or column.kind == RAW:
        return "raw"
    return "two" if value == round(value, 2) else "figure"
