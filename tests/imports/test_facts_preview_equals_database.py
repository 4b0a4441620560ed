"""What a plan of days or entries shows is what stands after it, and nothing of it after its undo."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from rotc.attendance.models import AttendanceMark, Letter, TrainingDay
from rotc.conduct.models import ConductEntry
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.standings.models import Standing
from tests import factories

WHO = st.sampled_from(["001", "002", "003", "", "404", "=cmd"])
# Days as weeks and days ago: training days, the day between two of them, today, the future, another age.
DAYS = st.sampled_from(["w9", "w8", "d1", "d0", "d-1", "", "31/02/2026", "2001-01-01"])
ATTENDANCE = {
    "ID": WHO,
    "Status": st.sampled_from(["P", "late", "1", "0", "Excused", "", "??", "TRUE"]),
    "In": st.sampled_from(["", "07:31", "0731", "7:40 AM", "noon"]),
    "Out": st.sampled_from(["", "11:30", "06:00", "25:00"]),
    "Remarks": st.sampled_from(["", "bus", "x" * 201]),
    "Date": DAYS,
}
CONDUCT = {
    "ID": WHO,
    "Type": st.sampled_from(["M", "demerit", "-", "?"]),
    "Points": st.sampled_from(["1", "2", "0", "2.5"]),
    "Reason": st.sampled_from(["Drill", "Late", ""]),
    "Date": DAYS,
}


def lines_of(cells):
    return st.lists(st.tuples(*cells.values()), max_size=8)


def as_csv(cells, lines) -> bytes:
    text = io.StringIO()
    rows = [[_dated(cell) for cell in line] for line in lines]
    csv.writer(text).writerows([list(cells), *rows])
    return text.getvalue().encode()


def _dated(cell) -> str:
    if cell[:1] in ("w", "d") and cell[1:].lstrip("-").isdecimal():
        count = timedelta(weeks=1) if cell[0] == "w" else timedelta(days=1)
        return str(factories.today() - int(cell[1:]) * count)
    return cell


class Undo(Exception):
    pass


sixty_times = settings(max_examples=60)


@pytest.fixture
def corps(db):
    year = (factories.today() - timedelta(weeks=10)).year
    alpha = factories.company(factories.open_term(f"{year}-{year + 1}"), "Alpha")
    for number in ("001", "002", "003"):
        factories.enroll(alpha, number, f"Cadet{number}", "Test")
    return alpha.term


@sixty_times
@given(
    first=lines_of(ATTENDANCE), second=lines_of(ATTENDANCE), kind=st.sampled_from(["attendance", "rotcmis"])
)
def test_days_are_marked_as_shown_and_taken_back(corps, first, second, kind):
    shown_written_and_taken_back(corps, kind, [as_csv(ATTENDANCE, each) for each in (first, second)], marked)


@sixty_times
@given(first=lines_of(CONDUCT), second=lines_of(CONDUCT))
def test_entries_are_given_as_shown_and_taken_back(corps, first, second):
    shown_written_and_taken_back(
        corps, "conduct", [as_csv(CONDUCT, each) for each in (first, second)], given_since
    )


def shown_written_and_taken_back(term, kind, files, check_written):
    try:
        with transaction.atomic():
            plans, states = [], [state(term)]
            for data in files:
                plans.append(imported(term, kind, data, check_written))
                states.append(state(term))
            for plan, before in zip(reversed(plans), reversed(states[:-1]), strict=True):
                if plan.committed_at:
                    undo_plan(plan, by=None, reach=everybody(term))
                    assert ImportPlan.objects.get(pk=plan.pk).kept == []
                assert state(term) == before
            raise Undo
    except Undo:
        pass


def imported(term, kind, data, check_written) -> ImportPlan:
    before, marks, entries = state(term), all_marks(term), all_entries(term)
    choices = Choices(day=str(factories.today() - timedelta(weeks=7)))
    plan = make_plan(kind, term, "a.csv", data, choices, by=None, reach=everybody(term))
    assert state(term) == before
    if any(plan.notes["counts"][each] for each in ("new", "changed")):
        plan = commit_plan(plan, by=None, reach=everybody(term))
    else:
        assert state(term) == before
    check_written(term, plan, marks, entries)
    again = make_plan(kind, term, "a.csv", data, choices, by=None, reach=everybody(term))
    assert {row["state"] for row in again.rows} <= {"same", "absent"}
    return plan


def marked(term, plan, marks, _):
    expected = dict(marks)
    for row in plan.rows:
        if row["state"] in ("new", "changed"):
            key = row["student_number"], row["on"]
            said = row["values"] | {name: new for name, (_, new) in row["changes"].items()}
            for name, (old, _) in row["changes"].items():
                assert marks[key].get(name, "") == old
            expected[key] = expected.get(key, {}) | said
    assert all_marks(term) == expected


def given_since(term, plan, _, entries):
    shown = Counter(
        (row["student_number"], row["on"], *(row["values"][name] for name in ("type", "points", "reason")))
        for row in plan.rows
        if row["state"] == "new"
    )
    assert all_entries(term) == entries + shown


def said(on) -> str:
    return f"{on.day} {on:%b %Y}"


def all_marks(term) -> dict:
    found = AttendanceMark.objects.filter(day__term=term).exclude(letter="")
    return {
        (mark.enrollment.cadet.student_number, said(mark.day.date)): {
            name: value
            for name, value in {
                "status": Letter(mark.letter).label,
                "time_in": f"{mark.time_in:%H:%M}" if mark.time_in else "",
                "time_out": f"{mark.time_out:%H:%M}" if mark.time_out else "",
                "remarks": mark.remarks,
            }.items()
            if value
        }
        for mark in found.select_related("day", "enrollment__cadet")
    }


def all_entries(term) -> Counter:
    found = ConductEntry.objects.filter(enrollment__term=term).select_related("enrollment__cadet")
    return Counter(
        (
            each.enrollment.cadet.student_number,
            said(each.date),
            each.get_kind_display(),
            str(each.points),
            each.reason,
        )
        for each in found
    )


def state(term) -> tuple:
    """Every fact of the term and what is reckoned from it."""
    figures = ("enrollment", "attendance", "aptitude", "total", "verdict", "reasons")
    return (
        all_marks(term),
        all_entries(term),
        list(TrainingDay.objects.filter(term=term).values_list("date", "held_at")),
        list(Standing.objects.order_by("enrollment").values_list(*figures)),
    )
