"""Reads one workbook in a process of its own: bytes on stdin, its sheets as JSON on stdout.

A workbook of a few kilobytes can ask for gigabytes (two cells in opposite corners are enough), and what
reads it would take the whole server along. Here memory and time are bounded and only this process dies.
Run by its path, so it imports nothing of the house.
"""

import datetime
import io
import json
import resource
import sys

MEMORY = 640 * 1024 * 1024
SECONDS = 12
MOST_SHEETS = 100


def text(value) -> str:
    """A cell as text: whole numbers without ``.0``, dates as ISO."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        day_only = value.time() == datetime.time()
        return value.date().isoformat() if day_only else value.isoformat(" ", "seconds")
    return "" if value is None else str(value)


def sheets(data: bytes, most_rows: int, most_columns: int):
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        return {"fault": "password"}
    except Exception:
        return {"fault": "broken"}
    if len(book.sheet_names) > MOST_SHEETS:
        return {"fault": "sheets"}
    # Each sheet may be as long as the rest of the rows allow: many of them are no way around the limit.
    found, left = [], most_rows
    for name in book.sheet_names:
        found.append(sheet(book, name, left, most_columns))
        left -= len(found[-1].get("rows", ()))
    return {"sheets": found}


def sheet(book, name, most_rows, most_columns):
    try:
        found = book.get_sheet_by_name(name)
        if found.total_height > most_rows or found.total_width > most_columns:
            return {"name": name, "fault": "large"}
        rows = found.to_python(skip_empty_area=False)
    except Exception:
        return {"name": name, "fault": "broken"}
    return {"name": name.replace("\0", ""), "rows": [[text(cell) for cell in row] for row in rows]}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    json.dump(sheets(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
