"""Workbooks (XLSX, XLS, ODS) as sheets of text, without trusting a byte of them."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from rotc.refusals import UnreadableFile

CHILD = Path(__file__).with_name("workbook_child.py")
PATIENCE = 40  # seconds
MOST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2_000
# The XML of a long, uniform sheet packs 1 to 60; a bomb packs 1 to 1,000.
MOST_RATIO = 250
SMALL_PART = 4 * 1024 * 1024

FAULTS = {
    "password": "is protected by a password. Save it without one and give it again.",
    "broken": "is damaged or is not a workbook. Save it again as XLSX or CSV.",
    "large": "is larger than can be read: at most {rows} rows in all sheets and {columns} columns.",
    "sheets": "has more than 100 sheets. Save the one that you need as a file of its own.",
}


def workbook_sheets(name: str, data: bytes, most_rows: int, most_columns: int) -> list[dict]:
    """The sheets as ``{"name", "rows"}``, or ``{"name", "fault"}`` for one that cannot be read."""
    if data[:2] == b"PK":
        _refuse_bomb(name, data)
    found = _read_apart(data, most_rows, most_columns)
    if "fault" in found:
        raise UnreadableFile(_say(name, found["fault"], most_rows, most_columns))
    return [
        sheet | {"fault": _say(f"Sheet “{sheet['name']}”", sheet["fault"], most_rows, most_columns)}
        if "fault" in sheet
        else sheet
        for sheet in found["sheets"]
    ]


def _say(what, fault, rows, columns) -> str:
    return f"{what} {FAULTS[fault].format(rows=f'{rows:,}', columns=columns)}"


def _refuse_bomb(name, data) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnreadableFile(f"{name} {FAULTS['broken']}") from None
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(f"{name} {FAULTS['password']}")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or any(map(_swells, parts)):
        raise UnreadableFile(f"{name} unpacks to far more than a workbook does. It was not opened.")


def _swells(part) -> bool:
    return part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _read_apart(data, most_rows, most_columns) -> dict:
    command = [sys.executable, "-I", str(CHILD), str(most_rows), str(most_columns)]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
        return json.loads(child.stdout) if child.returncode == 0 else {"fault": "large"}
    except (subprocess.TimeoutExpired, ValueError):
        return {"fault": "large"}
