"""An empty roster with the headers that the import knows, to be filled in."""

import csv
import io

from rotc.imports.roster_fields import FIELDS
from rotc.web.spreadsheets import harmless

LEFT_OUT = {"name", "school_year", "semester"}
HEADERS = [each.label for each in FIELDS if each.name not in LEFT_OUT]
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"


def blank_csv() -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(HEADERS)
    return text.getvalue().encode("utf-8-sig")


def blank_xlsx() -> bytes:
    """Columns formatted as text, so that leading zeros of student and phone numbers stay."""
    import xlsxwriter  # only loaded by whoever asks for a workbook

    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        sheet.set_column(0, len(HEADERS) - 1, 18, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, HEADERS, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
    return data.getvalue()


BLANK_FILES = {"csv": (blank_csv, CSV_TYPE), "xlsx": (blank_xlsx, XLSX_TYPE)}


def problems_csv(problems) -> bytes:
    """The problems of a plan. A reason that a spreadsheet would run as a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Row", "Column", "Reason"])
    for problem in problems:
        writer.writerow([problem["row"], harmless(problem["column"]), harmless(problem["reason"])])
    return text.getvalue().encode("utf-8-sig")
