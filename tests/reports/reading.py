"""Papers as somebody reads them: files opened again, rows by the heads of their columns."""

import csv
import io

from python_calamine import load_workbook


def csv_rows(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(content: bytes) -> dict[str, list[list]]:
    book = load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def xlsx_rows(content: bytes) -> list[dict]:
    [(head, *rows)] = sheets(content).values()
    return [dict(zip(head, row, strict=True)) for row in rows]
