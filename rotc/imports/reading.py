"""Bytes → sheets of text cells. A file that cannot be read is refused in words; nothing is guessed."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath

from rotc.imports.json_files import json_sheets
from rotc.imports.workbooks import workbook_sheets
from rotc.refusals import UnreadableFile
from rotc.web.spreadsheets import as_typed

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 60_000
MOST_COLUMNS = 60
WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
TEXTS = {".csv", ".tsv", ".txt"}
DELIMITERS = ",;\t|"
LOOKED_AT = 60  # rows that settle the delimiter

PACKED, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
STRANGERS = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a recording",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"{\\rtf": "a text document",
}
MARKUP = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml|div|meta|style|script)\b", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``rows[0]`` is row 1 of the file. ``fault`` says why it could not be read, if so."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    fault: str = ""


def read(name: str, data: bytes, *, json: bool = False) -> list[Sheet]:
    """The sheets of a file (a CSV has one); ``json``: whether it may be JSON.

    Raises ``UnreadableFile`` with a sentence for the reader.
    """
    name = PurePath(name).name or "The file"
    if not data.strip():
        raise UnreadableFile(f"{name} is empty.")
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"{name} has {len(data) / 1_000_000:.0f} MB. At most 10 MB can be read.")
    for signature, what in STRANGERS.items():
        if data.startswith(signature):
            raise UnreadableFile(f"{name} is {what}, not a list. Give a CSV, XLSX, XLS or ODS file.")
    suffix = PurePath(name).suffix.casefold()
    if suffix in WORKBOOKS:
        return _workbook(name, data)
    if suffix in TEXTS:
        return [Sheet(name, _delimited(name, data))]
    if suffix == ".json" and json:
        found = json_sheets(name, _decoded(name, data), MOST_ROWS, MOST_COLUMNS)
        return [Sheet(**sheet) for sheet in found]
    raise UnreadableFile(f"{name} cannot be read. Give a CSV, XLSX, XLS or ODS file.")


def _workbook(name, data) -> list[Sheet]:
    if not data.startswith((PACKED, OLD_OFFICE)):
        kind = "a web page" if _is_markup(data) else "not a workbook"
        raise UnreadableFile(
            f"{name} is named like a workbook but is {kind}. Open it in a spreadsheet and save it as XLSX."
        )
    return [Sheet(**sheet) for sheet in workbook_sheets(name, data, MOST_ROWS, MOST_COLUMNS)]


def _is_markup(data) -> bool:
    return bool(MARKUP.match(data[:2000].decode("utf-8-sig", "ignore")))


def _delimited(name, data) -> list[list[str]]:
    if data.startswith((PACKED, OLD_OFFICE)):
        raise UnreadableFile(f"{name} is a workbook under the name of a text file. Rename it to .xlsx.")
    text = _decoded(name, data)
    if MARKUP.match(text):
        raise UnreadableFile(f"{name} is a web page, not a CSV file.")
    rows = _parsed(name, text, _delimiter(text))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(f"{name} has {len(rows):,} rows. At most {MOST_ROWS:,} can be read.")
    if max(map(_width, rows), default=0) > MOST_COLUMNS:
        raise UnreadableFile(f"{name} has more than {MOST_COLUMNS} columns.")
    return rows


def _width(row) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


def _decoded(name, data) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(text):
            return text
    raise UnreadableFile(f"{name} is not a text file. Save it again as CSV UTF-8 or XLSX.")


def _encodings(data) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    # Without a mark, UTF-16 shows by its empty bytes: every second one in Latin text.
    start = data[:400]
    if start[1::2].count(0) > len(start) // 3:
        return ["utf-16-le"]
    if start[::2].count(0) > len(start) // 3:
        return ["utf-16-be"]
    return ["utf-8-sig", "cp1252"]


def _delimiter(text) -> str:
    """The sign that cuts the most rows into the same number of cells."""
    first = text[:10].casefold()
    if first.startswith("sep=") and len(first) > 4:
        return text[4]
    return max(DELIMITERS, key=lambda sign: _evenness(text, sign))


def _evenness(text, sign) -> tuple[int, int]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if any(cell.strip() for cell in row):
                rows.append(_width(row))
            if len(rows) == LOOKED_AT:
                break
    except csv.Error:
        return 0, 0
    wide = Counter(len_ for len_ in rows if len_ > 1)
    if not wide:
        return 0, 0
    # Ragged ends (an empty last cell) are no reason against a sign: rows cut at all count first.
    return sum(wide.values()), max(wide, key=lambda width: (wide[width], width))


def _parsed(name, text, sign) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        # A file that came from here has a mark before what spreadsheets would run; it was not typed.
        return [[as_typed(cell) if cell[:1] == "'" else cell for cell in line] for line in reader]
    except csv.Error:
        raise UnreadableFile(
            f"{name}: near line {reader.line_num} a quotation mark is opened and not closed, "
            "or stands inside a quoted cell."
        ) from None
