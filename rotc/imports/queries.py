"""Reading a plan for its page."""

from django.core.paginator import Paginator
from django.utils import timezone

from rotc.imports.actions import FILE_KEPT_FOR, UNDO_FOR
from rotc.imports.kinds import KINDS
from rotc.jobs.queries import with_progress
from rotc.operations.queries import letterhead

ROWS_A_PAGE, PROBLEMS_SHOWN, KEPT_SHOWN, PLANS_A_PAGE = 60, 60, 60, 20
SHOWN = [
    ("changed", "Changed"),
    ("new", "New"),
    ("same", "Same"),
    ("absent", "Not in the file"),
]


def past(plans, number):
    """A page of the imports that were committed."""
    return Paginator(committed(plans), PLANS_A_PAGE).get_page(number)


def committed(plans):
    return plans.exclude(committed_at=None)


def unfinished(plans, user):
    """The check that this user made last and has not committed, if it is newer than their last commit."""
    newest = plans.filter(made_by=user).first()
    return newest if newest and newest.committed_at is None else None


def progress(plan):
    """The job that works on a plan, with how far it is."""
    return with_progress(plan.job)


def screen(plan, show: str | None, number) -> dict:
    """What the page of a plan shows: figures, problems, and one page of the rows of one state."""
    counts, words = plan.notes["counts"], _words(plan)
    show = show if show in counts else next((state for state, _ in SHOWN if counts[state]), "new")
    rows = [row for row in plan.rows if row["state"] == show]
    page = Paginator(rows, ROWS_A_PAGE).get_page(number)
    page.object_list = [row | {"facts": _facts(row, words)} for row in page.object_list]
    return {
        "plan": plan,
        "kind": KINDS[plan.kind],
        "counts": counts,
        "writes": counts["new"] + counts["changed"],
        "show": show,
        "chips": [(state, label, counts[state]) for state, label in SHOWN if counts[state]],
        "page": page,
        "questions": [each for each in plan.notes["questions"] if each["fits"]],
        "more_questions": sum(not each["fits"] for each in plan.notes["questions"]),
        "problems": plan.problems[:PROBLEMS_SHOWN],
        "more_problems": max(len(plan.problems) - PROBLEMS_SHOWN, 0),
        "kept": plan.kept[:KEPT_SHOWN],
        "more_kept": max(len(plan.kept) - KEPT_SHOWN, 0),
        "matched": _matched(plan),
        "unused": ", ".join(plan.notes["unused"]),
        "added": _added(plan),
        "failed": plan.job.said if plan.job and not plan.job.done_at else "",
        **_until(plan),
    }


def _until(plan) -> dict:
    """Until when a committed import can be taken back, and its file is kept."""
    if not plan.committed_at:
        return {}
    undo_until = plan.committed_at + UNDO_FOR
    may_undo = plan.undone_at is None and plan.term.closed_at is None and timezone.now() < undo_until
    return {"undo_until": undo_until if may_undo else None, "file_until": plan.committed_at + FILE_KEPT_FOR}


def log(plan) -> dict:
    """All that a committed import changed, its problems, and what its undo left, for the paper."""
    words = _words(plan)
    written = [row | {"facts": _facts(row, words)} for row in plan.rows if row["state"] in ("new", "changed")]
    return {
        "plan": plan,
        "kind": KINDS[plan.kind],
        "counts": plan.notes["counts"],
        "added": _added(plan),
        "rows": written,
        "letterhead": letterhead(),
        "made_at": timezone.now(),
    }


def _added(plan) -> list[str]:
    """The words that come to the unit's lists with it."""
    return [word for words in plan.notes.get("added", {}).values() for word in words]


def _words(plan) -> dict:
    """Our fields as they were called when the file was checked: an exam may have another name by now."""
    return KINDS[plan.kind].shape(plan.term).words | plan.notes.get("words", {}) | {"unit": "Unit"}


def _facts(row, words) -> list[tuple]:
    """``(word, old, new)`` for what would change; for somebody new also ``(word, "", value)``."""
    facts = [(words.get(name, name), old, new) for name, (old, new) in row["changes"].items()]
    if row["state"] == "new" or not facts:
        told = {"student_number", "last_name", "first_name", "middle_name", "suffix", "unit", *row["changes"]}
        facts += [
            (words.get(name, name), "", value) for name, value in row["values"].items() if name not in told
        ]
    return facts


def _matched(plan) -> list[tuple[str, str, str]]:
    """``(our field, their column, sample values)`` in the order of our fields."""
    columns, headers, found = plan.notes["columns"], plan.notes["headers"], plan.notes["samples"]
    return [
        (each.label, headers[columns[each.name]], " · ".join(found[columns[each.name]]))
        for each in KINDS[plan.kind].shape(plan.term).fields
        if each.name in columns
    ]
