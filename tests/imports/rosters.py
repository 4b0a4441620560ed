"""Rosters nobody thought of, and what is true of each of them: shared by tests and measurements."""

import csv
import io

from django.apps import apps
from hypothesis import strategies as st

from rotc.accounts.models import SignInName
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS
from rotc.imports.roster_known import stored
from rotc.roster.models import Enrollment

CELL = {
    "ID": ["001", "002", "003", "a4", "A4", "2026-5"],
    "Last Name": ["Peña", "Dela Cruz", "  Reyes ", "O'Neil"],
    "First Name": ["Ana", "Juan Miguel"],
    "MI": ["S", "Santos", ""],
    "Suffix Name": ["Jr.", "III", ""],
    "Email": ["a@example.org", ""],
    "Username": ["ana", "ANA", "bea", "cai", "", "", "", "", "", "", "", ""],
    "Sex": ["F", "male", ""],
    "Phone": ["0917 123 4567", ""],
    "DOB": ["2005-03-04", "25/12/2004", ""],
    "Course": ["BSIT", "bsit", "BSN", ""],
    "Year": ["1", "2nd Year", ""],
    "Battalion": ["1st", "1st", "1st Battalion", "1", "2nd Battalion", "1st Battalion S1"],
    "Company": ["Alpha", "ALPHA Company", "Alpha", "bravo", ""],
    "Platoon": ["1", "2nd", "1st", "Medics", ""],
    "MS": ["MS1", "ms 2", ""],
    "Rank": ["CDT", "cdt maj", ""],
    "Status": ["Ongoing", "dropped", ""],
    "Religion": ["Islam", "islam", "Iglesia ni Nobody", ""],
    "Place of Birth": ["Naawan", ""],
    "Height": ["165", "165.0", "1.65 m", "5'7", ""],
    "Weight (kg)": ["58", "58.4 kg", "128 lbs", ""],
    "Blood Type": ["O+", "o+", "O-", "AB positive", ""],
    "Civil Status": ["single", "Married", ""],
    "Boots Size": ["8R", "8 r", ""],
    "Uniform": ["Medium Regular", "medium/regular", ""],
    "Bullcap": ["57", ""],
    "Emergency Contact": ["Peña, Rosa", ""],
    "Relationship": ["Mother", ""],
    "Emergency Contact Number": ["0999", ""],
}
# Cells that are a problem, or leave a new cadet without a name.
UNFIT = {
    "First Name": ["-"],
    "Email": ["no mail"],
    "Username": ["two words", "002"],
    "Sex": ["x"],
    "Phone": ["9.17E+09"],
    "DOB": ["03/04/2005", "30/02/2005"],
    "Year": ["9"],
    "MS": ["MS9"],
    "Status": ["Somewhere"],
    "Height": ["9"],
    "Weight (kg)": ["thin"],
    "Blood Type": ["Z"],
    "Boots Size": ["99"],
    "Bullcap": ["12"],
    "Last Name": [""],
}
HEAD = list(CELL)


@st.composite
def rosters(draw):
    """The rows of a roster: some cadets, now and then one twice; every fourth row has a cell that is unfit."""
    numbers = draw(st.lists(st.sampled_from(CELL["ID"]), min_size=1, max_size=6, unique_by=str.lower))
    twice = draw(st.sampled_from([*[[]] * 9, numbers[:1]]))
    return [[number, *draw(_cells())] for number in numbers + twice]


@st.composite
def _cells(draw):
    line = [draw(st.sampled_from(CELL[name])) for name in HEAD[1:]]
    name = draw(st.sampled_from([*UNFIT, *[None] * 3 * len(UNFIT)]))
    if name:
        line[HEAD.index(name) - 1] = draw(st.sampled_from(UNFIT[name]))
    return line


# What says when and by whom, not what is so; the plan and its work themselves.
LEFT_OUT = {"JournalEntry", "ImportPlan", "Job"}


def as_csv(lines) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *lines])
    return text.getvalue().encode()


def planned(term, lines, choices):
    return make_plan("roster", term, "a.csv", as_csv(lines), choices, by=None, reach=everybody(term))


def imported_as_shown(term, lines, choices):
    """Import a roster and hold every fact of the term against what its plan showed; the committed plan."""
    before = state(term)
    plan = planned(term, lines, choices)
    assert state(term) == before
    plan = commit_plan(plan, by=None, reach=everybody(term))
    expected, after = dict(before), state(term)
    for row in plan.rows:
        if row["state"] in ("new", "changed"):
            key = row["student_number"]
            expected[key] = expected.get(key, {}) | row["values"]
            for name, (old, new) in row["changes"].items():
                if name != "unit":
                    assert key not in before or before[key][name] == old
                    assert after[key][name] == new
    assert after.keys() == expected.keys()
    for key, values in expected.items():
        assert {name: after[key][name] for name in values} == values
    again = planned(term, lines, choices)
    written = {row["row"] for row in plan.rows if row["row"]}
    assert {row["state"] for row in again.rows if row["row"] in written} <= {"same"}
    return plan


def taken_back_without_a_trace(term, plans, before):
    """Take these imports back, the newest first: every table stands as it did before each of them."""
    for plan, tables_then in reversed(list(zip(plans, before, strict=True))):
        assert undo_plan(plan, by=None, reach=everybody(term)).kept == []
        for name, rows in tables().items():
            assert rows == tables_then[name], name


def run_through(term, files, *, may_form: bool):
    """Import these rosters one after the other, each as it was shown, and take all of them back; the plans."""
    plans, before = [], []
    for lines in files:
        before.append(tables())
        plans.append(imported_as_shown(term, lines, Choices(create_units=may_form)))
    taken_back_without_a_trace(term, plans, before)
    return plans


def tables() -> dict:
    """Every row of every table of the app that holds facts."""
    found = {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("rotc").get_models()
        if model.__name__ not in LEFT_OUT
    }
    # A name that goes and comes again is another row; who signs in under it is what matters.
    found["SignInName"] = list(SignInName.objects.order_by("name").values("name", "kind", "user_id"))
    return found


def state(term) -> dict:
    """Every fact of the cadets of a term as text, by student number."""
    return {
        each.cadet.student_number: {
            name: stored(each.cadet, name) for name in ("student_number", *CADET_FIELDS)
        }
        | {name: stored(each, name) for name in ENROLLMENT_FIELDS}
        | {"unit": each.unit.path, "username": each.cadet.user.username}
        for each in Enrollment.objects.filter(term=term).select_related("cadet__user", "unit")
    }
