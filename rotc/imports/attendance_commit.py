"""Writing a plan of attendance, day by day, and taking it back."""

from collections import defaultdict
from datetime import date, time

from rotc.attendance.actions import FACTS, Wanted
from rotc.attendance.bulk import mark_days
from rotc.attendance.taking_back import Left, take_back_marks
from rotc.imports.models import ImportPlan
from rotc.imports.writing import Taken, Written
from rotc.refusals import NotNow

KINDS_OF_MARKS = ("attendance", "rotcmis")
AGAIN = "Nothing was written; check the file again."


def commit_attendance(plan, *, by, how, reach, tell) -> Written:
    """Mark what the plan shows. ``NotNow`` when a mark, a day or a cadet is no longer as it was seen."""
    rows = {(row["day"], row["enrollment"]): row for row in plan.rows if row["state"] in ("new", "changed")}
    if plan.notes["new_days"] and not reach.plans_days:
        raise NotNow(f"The file adds training days, which you may not plan. {AGAIN}")
    try:
        marked = mark_days(
            plan.term,
            _wanted(rows, reach),
            add=[date.fromisoformat(on) for on in plan.notes["new_days"]],
            by=by,
            how=how,
            tell=tell,
        )
    except NotNow as why:
        raise NotNow(f"{str(why).removesuffix(' Nothing was written.')} {AGAIN}") from None
    days = {"added": [day.pk for day in marked.added], "held": [day.pk for day in marked.held]}
    trail = [days, *(_trace(mark, rows) for mark in marked.marks)]
    return Written(_touched(plan.term, marked.added, marked.marks), trail)


def _wanted(rows, reach) -> dict[date, list[Wanted]]:
    enrollments = {each.pk: each for each in reach.enrollments}
    wanted = defaultdict(list)
    for (on, enrollment), row in rows.items():
        if enrollment not in enrollments:
            raise NotNow(f"{row['name']} is not yours to mark any more (row {row['row']}). {AGAIN}")
        facts = _facts(row["wanted"])
        wanted[date.fromisoformat(on)].append(
            Wanted(enrollments[enrollment], **facts, seen_version=row["version"])
        )
    return wanted


def _facts(kept) -> dict:
    """The facts of a mark as a plan keeps them → as they are stored."""
    times = {name: time.fromisoformat(kept[name]) if kept[name] else None for name in ("time_in", "time_out")}
    return {name: times.get(name, kept[name]) for name in FACTS}


def _trace(mark, rows) -> dict:
    row = rows[mark.day.date.isoformat(), mark.enrollment_id]
    return {
        "row": row["row"],
        "day": mark.day_id,
        "enrollment": mark.enrollment_id,
        "version": mark.version,
        "before": row["before"],
    }


def _touched(term, changed_days, marks) -> list[int]:
    """Whose standings follow: another number of training days is everybody's matter."""
    if changed_days:
        return list(term.enrollments.values_list("pk", flat=True))
    return [mark.enrollment_id for mark in marks]


def undo_attendance(plan, *, by, how, reach, tell) -> Taken:
    """Give every mark that nobody changed since its earlier facts back; days that only the file made go."""
    if not plan.trail:
        return Taken()
    days, *traces = plan.trail
    reached = {each.pk for each in reach.enrollments}
    mine = [trace for trace in traces if trace["enrollment"] in reached]
    undone = _undone_trails(plan.term)
    left = map(_left, mine, _versions_now(undone, mine))
    back = take_back_marks(plan.term, left, **_days_left(undone, days, mine), by=by, how=how, tell=tell)
    _note_given_back(plan, traces, back.marks)
    since = {(each.day, each.enrollment) for each in back.since}
    rows = {row["row"]: row for row in plan.rows}
    kept = [
        {"row": trace["row"], "name": rows[trace["row"]]["name"], "reason": _why(trace, since)}
        for trace in traces
        if trace["enrollment"] not in reached or (trace["day"], trace["enrollment"]) in since
    ]
    kept += [
        {"row": None, "name": day.label, "reason": "somebody works with this day by now"}
        for day in back.staying
        if day.pk in days["added"]
    ]
    return Taken(_touched(plan.term, back.removed, back.marks), kept)


def _left(trace, version) -> Left:
    return Left(trace["day"], trace["enrollment"], version, **_facts(trace["before"]))


def _undone_trails(term) -> list[list]:
    """What the imports of this term wrote that are taken back by now."""
    undone = ImportPlan.objects.filter(kind__in=KINDS_OF_MARKS, term=term, undone_at__isnull=False)
    return [trail for trail in undone.values_list("trail", flat=True) if trail]


def _days_left(undone, days, traces) -> dict[str, set[int]]:
    """The days that this import made or held, and those of its marks that imports taken back before it did."""
    marked = {trace["day"] for trace in traces}
    return {
        what: {*made, *(pk for earlier, *_ in undone for pk in earlier[what] if pk in marked)}
        for what, made in days.items()
    }


def _versions_now(undone, traces) -> list[int]:
    """The versions of marks that are as this import left them: an undo of a later one gives them a new number."""
    given_back = {
        (trace["day"], trace["enrollment"], trace["version"] - 1): trace["back"]
        for trail in undone
        for trace in trail[1:]
        if "back" in trace
    }
    versions = []
    for trace in traces:
        cell, version = (trace["day"], trace["enrollment"]), trace["version"]
        while (*cell, version) in given_back:
            version = given_back[*cell, version]
        versions.append(version)
    return versions


def _note_given_back(plan, traces, marks) -> None:
    """The trail keeps the versions that the earlier facts have now, for the undo of an earlier import."""
    now = {(mark.day_id, mark.enrollment_id): mark.version for mark in marks}
    for trace in traces:
        if version := now.get((trace["day"], trace["enrollment"])):
            trace["back"] = version
    plan.save(update_fields=["trail"])


def _why(trace, since) -> str:
    marked_since = (trace["day"], trace["enrollment"]) in since
    return "was marked otherwise since" if marked_since else "is not yours to mark any more"
