"""Reading a plan for its page."""

from django.core.paginator import Paginator

from rotc.imports.kinds import KINDS
from rotc.imports.roster_fields import WORDS

ROWS_A_PAGE, PROBLEMS_SHOWN, PLANS_A_PAGE = 60, 60, 20
SHOWN = [
    ("changed", "Changed"),
    ("new", "New"),
    ("same", "Same"),
    ("absent", "Not in the file"),
]


def past(plans, number):
    """A page of the imports that were committed."""
    return Paginator(plans.exclude(committed_at=None), PLANS_A_PAGE).get_page(number)


def unfinished(plans, user):
    """The check that this user made last and has not committed, if it is newer than their last commit."""
    newest = plans.filter(made_by=user).first()
    return newest if newest and newest.committed_at is None else None


def screen(plan, show: str | None, number) -> dict:
    """What the page of a plan shows: figures, problems, and one page of the rows of one state."""
    counts = plan.notes["counts"]
    show = show if show in counts else next((state for state, _ in SHOWN if counts[state]), "new")
    rows = [row | {"facts": _facts(row)} for row in plan.rows if row["state"] == show]
    return {
        "plan": plan,
        "counts": counts,
        "writes": counts["new"] + counts["changed"],
        "show": show,
        "chips": [(state, label, counts[state]) for state, label in SHOWN if counts[state]],
        "page": Paginator(rows, ROWS_A_PAGE).get_page(number),
        "problems": plan.problems[:PROBLEMS_SHOWN],
        "more_problems": max(len(plan.problems) - PROBLEMS_SHOWN, 0),
        "matched": _matched(plan),
        "unused": ", ".join(plan.notes["unused"]),
        "added": [word for words in plan.notes["added"].values() for word in words],
    }


def _facts(row) -> list[tuple]:
    """``(word, old, new)`` for what would change; for somebody new ``(word, "", value)``."""
    if row["changes"]:
        return [(WORDS.get(name, name), old, new) for name, (old, new) in row["changes"].items()]
    skipped = {"student_number", "last_name", "first_name", "middle_name", "suffix", "unit"}
    return [
        (WORDS.get(name, name), "", value) for name, value in row["values"].items() if name not in skipped
    ]


def _matched(plan) -> list[tuple[str, str, str]]:
    """``(our field, their column, sample values)`` in the order of our fields."""
    columns, headers, found = plan.notes["columns"], plan.notes["headers"], plan.notes["samples"]
    return [
        (each.label, headers[columns[each.name]], " · ".join(found[columns[each.name]]))
        for each in KINDS[plan.kind].fields
        if each.name in columns
    ]
