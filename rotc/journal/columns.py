"""The journal as a file."""

from rotc.web.spreadsheets import NAME, REMARKS, Column


def _changes(entry) -> str:
    return "; ".join(
        f"{field}: {_said(entry, before)} → {_said(entry, after)}"
        for field, (before, after) in entry.changes.items()
    )


def _said(entry, value) -> str:
    return entry.nothing if value is None else str(value)


HISTORY = [
    Column("When", lambda entry: entry.at, NAME),
    Column("Who", lambda entry: entry.actor, NAME),
    Column("What", lambda entry: entry.what.capitalize(), NAME),
    Column("From → To", _changes, REMARKS),
    Column("Reason", lambda entry: entry.reason, NAME),
    Column("How", lambda entry: entry.how_said.capitalize()),
]
