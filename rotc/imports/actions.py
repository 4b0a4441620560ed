"""Checking a file, keeping what was found as a plan, and committing exactly that plan."""

import secrets
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.imports.drafts import Choices, Draft
from rotc.imports.kinds import KINDS
from rotc.imports.matching import Match, chosen, find_header, samples
from rotc.imports.models import ImportPlan
from rotc.imports.reading import Sheet, read
from rotc.refusals import NotNow, UnreadableFile
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Term


def examine(kind: str, term, name: str, data: bytes, choices: Choices, *, by) -> Draft:
    """Check a file against a term and write nothing. Raises ``UnreadableFile`` or ``TermClosed``."""
    refuse_if_closed(term)
    return _examined(kind, term, name, read(name, data), choices, by=by)


def _examined(kind, term, name, sheets, choices, *, by) -> Draft:
    sheet, match = _start(name, sheets, KINDS[kind].fields, choices)
    draft = KINDS[kind].check(term, sheets, sheet, match, choices, by=by)
    draft.file_name = PurePath(name).name
    return draft


def make_plan(kind: str, term, name: str, data: bytes, choices: Choices, *, by) -> ImportPlan:
    """Check a file and store what was found, to be looked at and committed. The roster stays as it is."""
    refuse_if_closed(term)
    sheets = read(name, data)
    choices = choices if choices.columns else _remembered(kind, name, sheets, choices)
    draft = _examined(kind, term, name, sheets, choices, by=by)
    return keep_plan(kind, term, draft, choices, by=by, file=_keep_file(data))


def check_again(plan: ImportPlan, choices: Choices, *, by) -> ImportPlan:
    """Another plan of the same file under other choices. The first stays what it showed."""
    _refuse_committed(plan)
    draft = examine(plan.kind, plan.term, plan.file_name, _kept_file(plan), choices, by=by)
    return keep_plan(plan.kind, plan.term, draft, choices, by=by, file=plan.notes["file"])


def keep_plan(kind: str, term, draft: Draft, choices: Choices, *, by, file: str = "") -> ImportPlan:
    """Store what a check found, once. ``file``: where the given file is kept for another check."""
    return ImportPlan.objects.create(
        kind=kind,
        term=term,
        file_name=draft.file_name[-200:],
        rows=[*draft.rows, *draft.absent],
        problems=[problem.to_dict() for problem in draft.problems],
        made_by=by,
        notes=draft.notes
        | {
            "file": file,
            "choices": choices.to_dict(),
            "counts": draft.counts,
            "sheets": [sheet.name for sheet in draft.sheets],
            "sheet": draft.sheet.name,
            "header_row": draft.match.at + 1,
            "headers": draft.match.headers,
            "columns": draft.match.columns,
            "samples": [samples(draft.sheet.rows, draft.match, at) for at in range(len(draft.match.headers))],
            "unused": draft.match.unused,
        },
    )


def commit_plan(plan: ImportPlan, *, by, how: str = "import") -> ImportPlan:
    """Write exactly what the plan shows, all or nothing.

    Refuses when it was committed before, when the term is closed, or when the roster is no longer as the
    plan saw it.
    """
    try:
        return _commit(plan, by=by, how=how)
    except IntegrityError:
        raise NotNow(
            "Somebody changed the roster at the same moment. Nothing was written; check the file again."
        ) from None


def _commit(plan, *, by, how) -> ImportPlan:
    with transaction.atomic():
        # Two imports into one term come one after the other.
        term = Term.objects.select_for_update(no_key=True).get(pk=plan.term_id)
        refuse_if_closed(term)
        if not ImportPlan.objects.filter(pk=plan.pk, committed_at=None).update(committed_at=timezone.now()):
            raise NotNow("This import is committed already. Nothing was changed again.")
        plan.refresh_from_db()
        touched = KINDS[plan.kind].commit(plan, by=by, how=how)
        reactions.facts_changed(plan.term, touched)
        transaction.on_commit(lambda: _drop_file(plan), robust=True)
    return plan


def forget_uncommitted(*, before) -> int:
    """Drop plans made before a moment and never committed, with their files: nobody waits for them."""
    left = ImportPlan.objects.filter(committed_at=None, made_at__lt=before)
    for plan in left:
        _drop_file(plan)
    return left.delete()[0]


def _start(name, sheets, fields, choices) -> tuple[Sheet, Match]:
    """The sheet to check and its header: the chosen sheet, else the first that has a header."""
    offered = [sheet for sheet in sheets if choices.sheet.casefold() in ("", sheet.name.casefold())]
    if not offered:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
        raise UnreadableFile(f"{name} has no sheet “{choices.sheet}”. It has {names}.")
    for sheet in offered:
        match = find_header(sheet.rows, fields)
        if match:
            return sheet, _as_chosen(match, choices)
    faults = [sheet.fault for sheet in offered if sheet.fault]
    needed = " and ".join(f"“{each.label}”" for each in fields if each.needed)
    raise UnreadableFile(
        faults[0]
        if faults
        else f"{PurePath(name).name} has no header row: none of its first rows names {needed}."
    )


def _as_chosen(match, choices) -> Match:
    if not choices.columns:
        return match
    if choices.columns.get("student_number") is None:
        raise UnreadableFile(
            "Choose the column that holds the student number; without it no row can be known."
        )
    return chosen(match, choices.columns)


def _remembered(kind, name, sheets, choices) -> Choices:
    """The columns as they were chosen the last time for a file with the same headers."""
    _, match = _start(name, sheets, KINDS[kind].fields, choices)
    committed = ImportPlan.objects.filter(kind=kind, committed_at__isnull=False)
    for notes in committed.values_list("notes", flat=True)[:20]:
        columns = notes["choices"]["columns"]
        if columns and notes["headers"] == match.headers:
            return Choices(**choices.to_dict() | {"columns": columns})
    return choices


def _keep_file(data) -> str:
    return default_storage.save(f"imports/{secrets.token_urlsafe(16)}", ContentFile(data))


def _kept_file(plan) -> bytes:
    try:
        with default_storage.open(plan.notes["file"]) as file:
            return file.read()
    except (OSError, ValueError):
        raise NotNow(f"{plan.file_name} is not kept any more. Give the file again.") from None


def _drop_file(plan) -> None:
    if plan.notes["file"]:
        default_storage.delete(plan.notes["file"])


def _refuse_committed(plan) -> None:
    if plan.committed_at:
        raise NotNow("This import is committed already. Give the file again to check it against the roster.")
