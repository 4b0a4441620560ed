"""A JSON file as sheets: a list of records, or an object that holds such lists by name.

Numbers are taken as they are written, so nothing is rounded and no figure is too large.
"""

import json
import re

from rotc.refusals import UnreadableFile

UNKEPT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")  # a database refuses some of these


class Doubled(ValueError):
    pass


def json_sheets(name: str, text: str, most_rows: int, most_columns: int) -> list[dict]:
    """The sheets as ``{"name", "rows"}``; the first row of each holds the names of its facts."""
    # Counted before anything is built: ten megabytes of brackets would take gigabytes.
    if text.count("{") + text.count("[") > 2 * most_rows:
        raise UnreadableFile(f"{name} holds too much to be read: at most {most_rows:,} records.")
    found = _parsed(name, text)
    lists = found if isinstance(found, dict) else {name: found}
    lists = {key: records for key, records in lists.items() if isinstance(records, list) and records}
    if not lists:
        raise UnreadableFile(f"{name} holds no list of records. Give a list with one record a row.")
    return [
        {"name": _kept(key) or name, "rows": _rows(name, records, most_rows, most_columns)}
        for key, records in lists.items()
    ]


def _parsed(name, text):
    try:
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_without_doubles
        )
    except Doubled as doubled:
        raise UnreadableFile(f"{name}: {doubled}") from None
    except RecursionError:
        raise UnreadableFile(f"{name} is nested far too deep to be a list of records.") from None
    except ValueError as error:
        line = f" near line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFile(f"{name} is damaged{line} or is not JSON.") from None


def _without_doubles(pairs) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise Doubled(f"a record has “{_kept(twice)[:40]}” twice.")
    return found


def _rows(name, records, most_rows, most_columns) -> list[list[str]]:
    if len(records) > most_rows:
        raise UnreadableFile(f"{name} has {len(records):,} records. At most {most_rows:,} can be read.")
    keys = {}
    for at, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise UnreadableFile(f"{name}: item {at} is not a record with names and values.")
        keys |= dict.fromkeys(record)
        if len(keys) > most_columns:
            raise UnreadableFile(f"{name} has more than {most_columns} columns.")
    lines = [[_cell(name, at, key, record.get(key)) for key in keys] for at, record in enumerate(records, 1)]
    return [[_kept(key) for key in keys], *lines]


def _cell(name, at, key, value) -> str:
    if isinstance(value, (list, dict)):
        raise UnreadableFile(
            f"{name}: in record {at}, “{_kept(key)[:40]}” holds a list or a record of its own. "
            "Only single values can be read."
        )
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else _kept(value)


def _kept(text: str) -> str:
    return UNKEPT.sub("", text)
