"""Which of their columns is which of our fields: the header row found, aliases known, the rest not used."""

import re
from dataclasses import dataclass
from functools import cached_property

from rotc.roster.models import folded

MOST_SHOWN = 120  # characters of a header or sample
SEARCHED = 40  # official sheets start low, under a letterhead


@dataclass(frozen=True)
class Field:
    """One of our fields and the headers that people give it; the better alias comes first."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    needed: bool = False

    @cached_property
    def keys(self) -> list[str]:
        """The headers that fit, as they are compared."""
        return [key(self.label), *map(key, self.aliases)]


@dataclass(frozen=True)
class Match:
    """``at``: index of the header row; ``columns``: our field → their column."""

    at: int
    headers: list[str]
    columns: dict[str, int]

    @property
    def unused(self) -> list[str]:
        """Headers that match nothing: said, never a problem."""
        taken = set(self.columns.values())
        return [text for place, text in enumerate(self.headers) if text and place not in taken]

    def column(self, field: Field) -> str:
        """The header as the file has it, or our own word where the file has no such column."""
        place = self.columns.get(field.name)
        return field.label if place is None else self.headers[place] or field.label


def key(header: str) -> str:
    """A header as it is compared: no case, spaces or punctuation."""
    return re.sub(r"[^a-z0-9]", "", folded(header))


def find_header(rows: list[list[str]], fields: tuple[Field, ...]) -> Match | None:
    """The first row that names the most fields, every needed one among them."""
    best = None
    for at, row in enumerate(rows[:SEARCHED]):
        columns = _columns(row, fields)
        complete = all(each.name in columns for each in fields if each.needed)
        if complete and (best is None or len(columns) > len(best.columns)):
            best = Match(at, [" ".join(cell.split())[:MOST_SHOWN] for cell in row], columns)
    return best


def _columns(row, fields) -> dict[str, int]:
    fits = {}
    for place, header in enumerate(row):
        header_key = key(header)
        for each in fields if header_key else ():
            if header_key in each.keys:
                fits.setdefault(each.name, []).append((each.keys.index(header_key), place))
    return {name: min(found)[1] for name, found in fits.items()}


def chosen(match: Match, choice: dict[str, int | None]) -> Match:
    """The match as the importer chose it: for each field a column of theirs, or None."""
    width = len(match.headers)
    columns = {name: place for name, place in choice.items() if place is not None and 0 <= place < width}
    return Match(match.at, match.headers, columns)


def samples(rows: list[list[str]], match: Match, place: int, many: int = 3) -> list[str]:
    """The first values under a header, to see what the column holds."""
    values = (
        row[place].strip()[:MOST_SHOWN] for row in rows[match.at + 1 : match.at + 60] if place < len(row)
    )
    return list(dict.fromkeys(value for value in values if value))[:many]
