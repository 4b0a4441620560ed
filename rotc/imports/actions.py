"""Keeping what a check found as a plan, committing exactly that plan, and taking it back."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.imports import cells, files
from rotc.imports.checking import Checked, check, columns_used_before
from rotc.imports.drafts import Choices
from rotc.imports.kinds import KINDS
from rotc.imports.matching import samples
from rotc.imports.models import ImportPlan
from rotc.imports.reading import read
from rotc.imports.writing import quietly
from rotc.jobs.actions import ask
from rotc.refusals import BadValue, NotNow, Refusal
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Term

UNDO_FOR = timedelta(days=7)
FILE_KEPT_FOR = timedelta(days=90)  # of a committed file; one that was not committed goes after a week
QUICK = 200_000  # bytes; a larger file is checked in the background


def give_file(kind: str, term, name: str, data: bytes, choices: Choices, *, by, reach) -> ImportPlan:
    """Take a file in: a small one is checked at once, a large one by a job that the plan names."""
    if len(data) <= QUICK:
        return make_plan(kind, term, name, data, choices, by=by, reach=reach)
    refuse_if_closed(term)
    with transaction.atomic():
        plan = _new_plan(kind, term, name, choices, by=by, file=files.keep(data))
        plan.save()
        return _ask("check import", plan, by=by)


def make_plan(kind: str, term, name: str, data: bytes, choices: Choices, *, by, reach) -> ImportPlan:
    """Check a file and store what was found, to be looked at and committed. The records stay as they are."""
    plan = _new_plan(kind, term, name, choices, by=by, file=files.keep(data))
    try:
        return fill_plan(plan, check_kept(plan, by=by, reach=reach))
    except Refusal:
        files.drop(plan)
        raise


def check_kept(plan: ImportPlan, *, by, reach) -> Checked:
    """Check the file of a plan that was only taken in. Reads and reckons; nothing is written."""
    refuse_if_closed(plan.term)
    choices = Choices(**plan.notes["choices"])
    sheets = read(plan.file_name, files.kept(plan), json="json" in KINDS[plan.kind].asks)
    if not choices.columns:
        choices = columns_used_before(plan.kind, plan.term, plan.file_name, sheets, choices)
    return check(plan.kind, plan.term, plan.file_name, sheets, choices, by=by, reach=reach, to_match=True)


def fill_plan(plan: ImportPlan, checked: Checked) -> ImportPlan:
    """Store what a check found in a plan that waits for it."""
    sheet, match = checked.given.sheet, checked.given.match
    plan.rows = [*checked.draft.rows, *checked.draft.absent]
    plan.problems = [problem.to_dict() for problem in checked.draft.problems]
    plan.notes = checked.draft.notes | {
        "file": plan.notes["file"],
        "choices": checked.given.choices.to_dict(),
        "counts": checked.draft.counts,
        "questions": checked.draft.questions,
        "missing": checked.missing,
        "sheets": [sheet.name for sheet in checked.sheets],
        "sheet": sheet.name,
        "header_row": match.at + 1,
        "headers": match.headers,
        "words": checked.given.shape.words,
        "columns": match.columns,
        "samples": [samples(sheet.rows, match, at) for at in range(len(match.headers))],
        "unused": match.unused,
    }
    plan.checked_at = timezone.now()
    plan.save()
    return plan


def check_again(plan: ImportPlan, choices: Choices, *, by, reach) -> ImportPlan:
    """Another plan of the same file under other choices. The first stays what it showed."""
    if plan.committed_at:
        raise NotNow("This import is committed already. Give the file again to check it once more.")
    refuse_if_closed(plan.term)
    again = _new_plan(plan.kind, plan.term, plan.file_name, choices, by=by, file=plan.notes["file"])
    if files.size(plan) > QUICK:
        with transaction.atomic():
            again.save()
            return _ask("check import", again, by=by)
    return fill_plan(again, check_kept(again, by=by, reach=reach))


def keep_plan(kind: str, term, name: str, checked: Checked, *, by, file: str = "") -> ImportPlan:
    """Store what a check found, once. ``file``: where the given file is kept for another check."""
    return fill_plan(_new_plan(kind, term, name, checked.given.choices, by=by, file=file), checked)


def _new_plan(kind, term, name, choices, *, by, file) -> ImportPlan:
    return ImportPlan(
        kind=kind,
        term=term,
        file_name=files.bare(name)[-200:],
        made_by=by,
        notes={"file": file, "choices": choices.to_dict()},
    )


def confirm(plan: ImportPlan, *, reason: str = "", by) -> ImportPlan:
    """Ask for the commit of a plan as it was shown. It is written in the background, all or nothing.

    Raises ``NotNow`` when it cannot be committed, ``BadValue`` when it lowers scores and no reason is given.
    """
    with transaction.atomic():
        plan = _held(plan)
        refuse_if_closed(plan.term)
        _refuse_unless_ready(plan)
        plan.reason = reason_given(plan, reason)
        plan.save(update_fields=["reason"])
        return _ask("commit import", plan, by=by)


def ask_undo(plan: ImportPlan, *, by) -> ImportPlan:
    """Ask for an import to be taken back, in the background as well."""
    with transaction.atomic():
        plan = _held(plan)
        refuse_if_closed(plan.term)
        refuse_undo(plan)
        return _ask("undo import", plan, by=by)


def _held(plan) -> ImportPlan:
    held = ImportPlan.objects.select_for_update(of=("self",), no_key=True)
    plan = held.select_related("term", "job").get(pk=plan.pk)
    if plan.job and plan.job.open:
        raise NotNow("This is being worked on already. Wait until it is done.")
    return plan


def _ask(work, plan, *, by) -> ImportPlan:
    plan.job = ask(work, by=by, plan=plan.pk)
    plan.save(update_fields=["job"])
    return plan


def _refuse_unless_ready(plan) -> None:
    if plan.committed_at:
        raise NotNow("This import is committed already. Nothing was changed again.")
    if not plan.checked_at or plan.notes["missing"]:
        raise NotNow("This file is not checked yet. Nothing was changed.")
    if not any(plan.notes["counts"][state] for state in ("new", "changed")):
        raise NotNow("There is nothing to commit in this file.")


def reason_given(plan, reason: str) -> str:
    """The reason as it is kept. A plan that lowers scores needs one (``BadValue``)."""
    reason = cells.clean(reason)
    if plan.notes.get("lowers") and not reason:
        raise BadValue("Say why scores are lowered. Nothing was changed.")
    if len(reason) > 200:
        raise BadValue("The reason has at most 200 characters. Nothing was changed.")
    return reason


def commit_plan(plan: ImportPlan, *, by, reach, how: str = "import", tell=quietly) -> ImportPlan:
    """Write exactly what the plan shows, all or nothing.

    Refuses when it was committed before, when the term is closed, or when the records are no longer as the
    plan saw them. ``tell(done, total)`` hears how far it is.
    """
    try:
        with transaction.atomic():
            return _commit(plan, by=by, reach=reach, how=how, tell=tell)
    except IntegrityError:
        raise NotNow(
            "Somebody changed the records at the same moment. Nothing was written; check the file again."
        ) from None


def _commit(plan, *, by, reach, how, tell) -> ImportPlan:
    # Two imports into one term come one after the other.
    term = Term.objects.select_for_update(no_key=True).get(pk=plan.term_id)
    refuse_if_closed(term)
    open_plans = ImportPlan.objects.filter(pk=plan.pk, checked_at__isnull=False, committed_at=None)
    if not open_plans.update(committed_at=timezone.now(), committed_by=by):
        raise NotNow("This import is committed already. Nothing was changed again.")
    plan.refresh_from_db()
    written = KINDS[plan.kind].commit(plan, by=by, how=how, reach=reach, tell=tell)
    plan.trail = written.trail
    plan.save(update_fields=["trail"])
    reactions.facts_changed(plan.term, written.touched)
    return plan


def refuse_undo(plan) -> None:
    """Refuse when a plan cannot be taken back: not committed, taken back already, or too long ago."""
    if plan.committed_at is None:
        raise NotNow("This import is not committed. There is nothing to take back.")
    if plan.undone_at:
        raise NotNow("This import is taken back already. Nothing was changed again.")
    if timezone.now() - plan.committed_at > UNDO_FOR:
        raise NotNow(f"An import can be taken back for {UNDO_FOR.days} days. Nothing was changed.")


def _refuse_beyond(plan, reach) -> None:
    """Refuse who may change none of its cadets any more: it would be spent, and nothing taken back."""
    numbers = {row["student_number"] for row in plan.rows if row["state"] in ("new", "changed")}
    reached = reach.enrollments.order_by().values_list("cadet__student_number", flat=True)
    if plan.kind != "roster" and numbers and numbers.isdisjoint(reached):
        raise NotNow("Nobody in this import is yours to change any more. Nothing was changed.")


def undo_plan(plan: ImportPlan, *, by, reach, how: str = "undo", tell=quietly) -> ImportPlan:
    """Take an import back in one transaction. Rows changed since stay as they are and are named in ``kept``."""
    with transaction.atomic():
        term = Term.objects.select_for_update(no_key=True).get(pk=plan.term_id)
        refuse_if_closed(term)
        plan = ImportPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
        refuse_undo(plan)
        _refuse_beyond(plan, reach)
        taken = KINDS[plan.kind].undo(plan, by=by, how=how, reach=reach, tell=tell)
        plan.kept, plan.undone_at, plan.undone_by = taken.kept, timezone.now(), by
        plan.save(update_fields=["kept", "undone_at", "undone_by"])
        reactions.facts_changed(term, taken.touched)
    return plan


def forget_uncommitted(*, before) -> int:
    """Drop plans made before a moment and never committed, with their files: nobody waits for them."""
    left = ImportPlan.objects.filter(committed_at=None, made_at__lt=before)
    return sum(plan.delete()[0] for plan in left if files.drop(plan))


def forget_files(*, before) -> int:
    """Drop the files of imports committed before a moment; what they wrote, and their plans, stay."""
    dropped = 0
    for plan in ImportPlan.objects.filter(committed_at__lt=before).exclude(notes__file=""):
        if files.drop(plan):
            plan.notes["file"] = ""
            plan.save(update_fields=["notes"])
            dropped += 1
    return dropped
