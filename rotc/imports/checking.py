"""Reading a file against a term: which sheet, which header, which columns, and what it would change."""

from dataclasses import dataclass, replace

from rotc.imports.drafts import Choices, Draft, Given
from rotc.imports.files import bare
from rotc.imports.kinds import KINDS
from rotc.imports.matching import Match, Shape, chosen, find_header, likely_header
from rotc.imports.models import ImportPlan
from rotc.imports.reach import Reach
from rotc.imports.reading import Sheet, read
from rotc.refusals import UnreadableFile
from rotc.roster.actions import refuse_if_closed

REMEMBERED = 20  # the newest commits of a kind


@dataclass(frozen=True)
class Checked:
    """A finished check: the file's sheets, what was read of them, and what it found.

    ``missing``: the columns that the importer has to match before anything can be found.
    """

    sheets: list[Sheet]
    given: Given
    draft: Draft
    missing: list[str]


def examine(kind: str, term, name: str, data: bytes, choices: Choices, *, by, reach: Reach) -> Checked:
    """Check a file against a term and write nothing. Raises ``UnreadableFile`` or ``TermClosed``."""
    refuse_if_closed(term)
    sheets = read(bare(name), data, json="json" in KINDS[kind].asks)
    return check(kind, term, name, sheets, choices, by=by, reach=reach)


def check(kind, term, name, sheets, choices, *, by, reach, to_match=False) -> Checked:
    """``to_match``: a file without a header that is understood is no refusal, its columns are to be matched."""
    shape = KINDS[kind].shape(term)
    sheet, match = _start(bare(name), sheets, shape, choices, to_match)
    given = Given(term, sheet, shape, match, choices, reach, by)
    missing = shape.missing(match.columns)
    draft = Draft(rows=[], problems=[]) if missing else KINDS[kind].check(given)
    return Checked(sheets, given, draft, missing)


def columns_used_before(kind: str, term, name: str, sheets, choices: Choices) -> Choices:
    """The columns as they were chosen the last time for a file with the same headers."""
    shape = KINDS[kind].shape(term)
    _, match = _start(bare(name), sheets, shape, choices, to_match=True)
    committed = ImportPlan.objects.filter(kind=kind, committed_at__isnull=False)
    for notes in committed.values_list("notes", flat=True)[:REMEMBERED]:
        columns = notes["choices"]["columns"]
        if columns and notes["headers"] == match.headers and columns.keys() <= shape.words.keys():
            return replace(choices, columns=columns)
    return choices


def _start(name, sheets, shape: Shape, choices, to_match) -> tuple[Sheet, Match]:
    """The sheet to check and its header: the chosen sheet, else the first that has a header."""
    offered = [sheet for sheet in sheets if choices.sheet.casefold() in ("", sheet.name.casefold())]
    if not offered:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
        raise UnreadableFile(f"{name} has no sheet “{choices.sheet}”. It has {names}.")
    at = choices.header - 1 if choices.header else None
    for find in (find_header, likely_header) if to_match or choices.columns else (find_header,):
        for sheet in offered:
            if match := find(sheet.rows, shape, at):
                return sheet, _as_chosen(match, shape, choices)
    raise UnreadableFile(_why_not(name, offered, shape))


def _as_chosen(match, shape, choices) -> Match:
    if not choices.columns:
        return match
    match = chosen(match, choices.columns)
    if lacking := shape.missing(match.columns):
        raise UnreadableFile(f"Choose the column that holds {lacking[0]}; without it no row can be read.")
    return match


def _why_not(name, offered, shape) -> str:
    faults = [sheet.fault for sheet in offered if sheet.fault]
    if faults:
        return faults[0]
    needed = " and ".join(shape.missing(()))
    return f"{name} has no header row: none of its first rows names {needed}."
