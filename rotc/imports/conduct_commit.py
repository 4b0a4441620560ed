"""Writing a plan of merits and demerits, and taking it back."""

from datetime import date

from rotc.conduct.bulk import give_imported
from rotc.conduct.models import ConductEntry
from rotc.conduct.taking_back import take_back_imported
from rotc.imports.conduct_check import imported
from rotc.imports.writing import Taken, Written
from rotc.refusals import NotNow

AGAIN = "Nothing was written; check the file again."


def commit_conduct(plan, *, by, how, reach, tell) -> Written:
    """Give the plan's new entries. ``NotNow`` when other files gave equal ones since, or a cadet is out of reach."""
    rows = [row for row in plan.rows if row["state"] == "new"]
    enrollments = {each.pk: each for each in reach.enrollments}
    known = imported(plan.term, reach)
    for row in rows:
        if row["entry"][0] not in enrollments:
            raise NotNow(f"{row['name']} is not yours to enter any more (row {row['row']}). {AGAIN}")
        if known[tuple(row["entry"])] != row["seen"]:
            raise NotNow(f"Another file changed the same entries (row {row['row']}, {row['name']}). {AGAIN}")
    entries = [_entry(row, enrollments) for row in rows]
    entries = give_imported(plan.term, entries, by=by, how=how, tell=tell)
    trail = [{"row": row["row"], "entry": entry.pk} for row, entry in zip(rows, entries, strict=True)]
    return Written([each.enrollment_id for each in entries], trail)


def _entry(row, enrollments) -> ConductEntry:
    pk, on, kind, points, reason = row["entry"]
    on = date.fromisoformat(on)
    return ConductEntry(enrollment=enrollments[pk], date=on, kind=kind, points=points, reason=reason)


def undo_conduct(plan, *, by, how, reach, tell) -> Taken:
    """Remove the entries that the import gave and nobody reversed since; the journal keeps what they were."""
    rows = {row["row"]: row for row in plan.rows}
    reached = {each.pk for each in reach.enrollments}
    traces = {trace["entry"]: rows[trace["row"]] for trace in plan.trail}
    mine = [pk for pk, row in traces.items() if row["entry"][0] in reached]
    removed, staying = take_back_imported(plan.term, mine, by=by, how=how, tell=tell)
    why = {
        pk: "is not yours to change any more" for pk, row in traces.items() if row["entry"][0] not in reached
    }
    why |= {each.pk: f"was reversed since: {each.reversed_because}" for each in staying}
    kept = [
        {"row": row["row"], "name": row["name"], "reason": why[pk]} for pk, row in traces.items() if pk in why
    ]
    return Taken([each.enrollment_id for each in removed], kept)
