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

    @cached_property
    def keys(self) -> list[str]:
        """The headers that fit, as they are compared."""
        return [key(self.label), *map(key, self.aliases)]


@dataclass(frozen=True)
class Shape:
    """The columns of a kind of file. Of each group of ``needs`` a file has at least one."""

    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    def field(self, name: str) -> Field:
        return self._by_name[name]

    @cached_property
    def words(self) -> dict[str, str]:
        """Our fields as people read them."""
        return {each.name: each.label for each in self.fields}

    def missing(self, columns) -> list[str]:
        """What a file with these columns lacks, in words: ``“Student ID”``, ``“Prelim” or “Midterm”``."""
        return [
            " or ".join(f"“{self.words[name]}”" for name in group)
            for group in self.needs
            if not any(name in columns for name in group)
        ]


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


def find_header(rows: list[list[str]], shape: Shape, at: int | None = None) -> Match | None:
    """The first row that names the most fields, with everything that is needed; or row ``at``, if chosen."""
    best = None
    for place in range(min(len(rows), SEARCHED)) if at is None else [at] if at < len(rows) else []:
        match = _match(rows, place, shape)
        if not shape.missing(match.columns) and (best is None or len(match.columns) > len(best.columns)):
            best = match
    return best


def likely_header(rows: list[list[str]], shape: Shape, at: int | None = None) -> Match | None:
    """Where no row names what is needed: the row that most looks like a header, for the importer to match."""
    if at is not None:
        return _match(rows, at, shape) if at < len(rows) else None
    found = [_match(rows, place, shape) for place in range(min(len(rows), SEARCHED))]
    wide = [match for match in found if sum(map(bool, match.headers)) > 1]
    return max(wide, key=lambda match: (len(match.columns), -match.at), default=None)


def _match(rows, at, shape) -> Match:
    row = rows[at]
    return Match(at, [" ".join(cell.split())[:MOST_SHOWN] for cell in row], _columns(row, shape.fields))


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
