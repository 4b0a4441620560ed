"""The kinds of file that can be imported. One machinery reads, matches, stores and confirms them all."""

from collections.abc import Callable
from dataclasses import dataclass

from rotc.imports.matching import Field
from rotc.imports.roster_check import check_roster
from rotc.imports.roster_commit import commit_roster
from rotc.imports.roster_fields import FIELDS


@dataclass(frozen=True)
class Kind:
    """``check(term, sheets, sheet, match, choices, by=)`` → Draft; ``commit(plan, by=, how=)`` → enrollment ids."""

    name: str
    fields: tuple[Field, ...]
    check: Callable
    commit: Callable


KINDS = {"roster": Kind("roster", FIELDS, check_roster, commit_roster)}
