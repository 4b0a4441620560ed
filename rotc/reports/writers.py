"""A paper written down: as CSV, as a workbook, or as a page that prints."""

import csv
import io
import re
from codecs import BOM_UTF8
from decimal import Decimal

import xlsxwriter
from django.conf import settings
from django.template.loader import render_to_string

from rotc.operations.queries import letterhead
from rotc.reports.choices import GROUPS
from rotc.reports.papers import COUNT, DAY, FIGURE, NAME, RAW, REMARKS, TEXT, Paper
from rotc.web.spreadsheets import harmless

XLSX_PAPER = {"a4": 9, "letter": 1, "folio": 14}
XLSX_WIDTHS = {TEXT: 14, NAME: 30, REMARKS: 44, DAY: 6, COUNT: 9, RAW: 9, FIGURE: 12}
ROWS_AT_SIGNATURES = 2
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
PRINT_STYLE = settings.BASE_DIR / "static" / "css" / "print.css"


def to_marked_csv(paper: Paper) -> bytes:
    """The CSV behind the mark by which a spreadsheet knows UTF-8: without it ñ opens as two letters."""
    return BOM_UTF8 + to_csv(paper)


def to_csv(paper: Paper) -> bytes:
    """UTF-8 as programs read it. Grouped, the group is the first column."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    grouping = [GROUPS[paper.grouped_by].removeprefix("One per ")] if paper.grouped_by else []
    lines.writerow([*grouping, *[harmless(column.title) for column in paper.columns]])
    for group in paper.groups:
        first = [harmless(group.name)] if grouping else []
        for row in group.rows:
            cells = zip(paper.columns, row, strict=True)
            lines.writerow(first + [_csv_cell(column, value) for column, value in cells])
    return text.getvalue().encode()


def _csv_cell(column, value) -> str:
    return harmless(value) if isinstance(value, str) else column.shown(value)


def to_xlsx(paper: Paper) -> bytes:
    """A workbook with one sheet a group: student numbers are text, figures are numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "text": book.add_format({"num_format": "@"}),
            "figure": book.add_format({"num_format": "0.00######"}),
            "two": book.add_format({"num_format": "0.00"}),
            "raw": book.add_format({"num_format": "General"}),
        }
        taken = set()
        for group in paper.groups:
            sheet = book.add_worksheet(_sheet_name(group.name or paper.title, taken))
            _set_up(sheet, paper, group)
            _fill(sheet, paper, group, looks)
    return file.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    bare = FORBIDDEN_IN_SHEET_NAMES.sub(" ", name)[:27].strip("' ") or "Sheet"
    free, turn = bare, 1
    while free.casefold() in taken | {"history"}:
        turn += 1
        free = f"{bare} {turn}"
    taken.add(free.casefold())
    return free


def _set_up(sheet, paper, group) -> None:
    sheet.set_landscape()
    sheet.set_paper(XLSX_PAPER[paper.size])
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    head = " · ".join(part for part in (paper.title, paper.term.title, paper.about, group.name) if part)
    sheet.set_header("&C" + head.replace("&", "&&")[:200])
    sheet.set_footer(f"&L{paper.made_at:%Y-%m-%d %H:%M}&RPage &P of &N")
    for place, column in enumerate(paper.columns):
        sheet.set_column(place, place, XLSX_WIDTHS[column.kind])


def _fill(sheet, paper, group, looks) -> None:
    for place, column in enumerate(paper.columns):
        sheet.write_string(0, place, column.title, looks["head"])
    for line, row in enumerate(group.rows, 1):
        for place, (column, value) in enumerate(zip(paper.columns, row, strict=True)):
            if isinstance(value, str):
                sheet.write_string(line, place, value, looks["text"])
            elif value is not None:
                sheet.write_number(line, place, value, looks[_look(column, value)])


def _look(column, value) -> str:
    if not isinstance(value, Decimal) or column.kind == RAW:
        return "raw"
    return "two" if value == round(value, 2) else "figure"


def page_context(paper: Paper) -> dict:
    """What ``print.html`` shows."""
    return {
        "paper": paper,
        "letterhead": letterhead(),
        "pages": [_page(paper, group) for group in paper.groups],
    }


def _page(paper, group) -> dict:
    rows = [
        [(column.kind, column.shown(value)) for column, value in zip(paper.columns, row, strict=True)]
        for row in group.rows
    ]
    # Nobody signs an empty page: the last rows stay with the signatures.
    return {
        "name": group.name,
        "missing": group.missing,
        "rows": rows[:-ROWS_AT_SIGNATURES],
        "last_rows": rows[-ROWS_AT_SIGNATURES:],
    }


def to_html(paper: Paper) -> bytes:
    """A page that prints by itself: its style stands inside."""
    context = {**page_context(paper), "style": PRINT_STYLE.read_text()}
    return render_to_string("print.html", context).encode()


WRITERS = {"csv": to_csv, "xlsx": to_xlsx, "html": to_html}
