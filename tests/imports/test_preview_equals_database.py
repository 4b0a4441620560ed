"""What a plan shows is what stands in the database after it, for rosters nobody thought of."""

import csv
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rotc.imports.actions import commit_plan, make_plan
from rotc.imports.drafts import Choices
from rotc.imports.roster_known import stored
from rotc.roster.models import Enrollment

HEAD = [
    "ID",
    "Last Name",
    "First Name",
    "MI",
    "Email",
    "DOB",
    "Course",
    "Battalion",
    "Company",
    "Platoon",
    "MS",
    "Rank",
]
CELL = {
    "ID": st.sampled_from(["001", "002", "003", "a4", "A4", "", "2026-5"]),
    "Last Name": st.sampled_from(["Peña", "Dela Cruz", "", "  Reyes ", "O'Neil"]),
    "First Name": st.sampled_from(["Ana", "Juan Miguel", "", "-"]),
    "MI": st.sampled_from(["S", "Santos", ""]),
    "Email": st.sampled_from(["a@example.org", "", "no mail"]),
    "DOB": st.sampled_from(["2005-03-04", "25/12/2004", "", "03/04/2005", "30/02/2005"]),
    "Course": st.sampled_from(["BSIT", "bsit", "BSN", ""]),
    "Battalion": st.sampled_from(["1st", "2nd Battalion", "", "1st Battalion S1"]),
    "Company": st.sampled_from(["Alpha", "bravo", ""]),
    "Platoon": st.sampled_from(["1", "2nd", "Medics", ""]),
    "MS": st.sampled_from(["MS1", "ms 2", "", "MS9"]),
    "Rank": st.sampled_from(["CDT", "cdt maj", ""]),
}
rosters = st.lists(st.tuples(*(CELL[name] for name in HEAD)), max_size=6)


def as_csv(lines) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *lines])
    return text.getvalue().encode()


class Undo(Exception):
    pass


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=rosters, second=rosters, may_form=st.booleans())
def test_preview_equals_the_database_after(alpha, first, second, may_form):
    term = alpha.term
    try:
        with transaction.atomic():
            for lines in (first, second):
                imported_as_shown(term, lines, Choices(create_units=may_form))
            raise Undo
    except Undo:
        pass


def imported_as_shown(term, lines, choices):
    before = state(term)
    plan = make_plan("roster", term, "a.csv", as_csv(lines), choices, by=None)
    assert state(term) == before
    commit_plan(plan, by=None)
    expected = dict(before)
    for row in plan.rows:
        if row["state"] in ("new", "changed"):
            key = row["student_number"]
            expected[key] = expected.get(key, {}) | row["values"]
            for name, (old, new) in row["changes"].items():
                if name != "unit":
                    assert before[key][name] == old
                    assert state(term)[key][name] == new
    after = state(term)
    assert after.keys() == expected.keys()
    for key, values in expected.items():
        assert {name: after[key][name] for name in values} == values
    again = make_plan("roster", term, "a.csv", as_csv(lines), choices, by=None)
    assert {row["state"] for row in again.rows} <= {"same", "absent"}


def state(term) -> dict:
    names = ["student_number", "last_name", "first_name", "middle_name", "email", "birthdate", "programme"]
    placing = ["ms_level", "rank", "position"]
    return {
        each.cadet.student_number: {name: stored(each.cadet, name) for name in names}
        | {name: stored(each, name) for name in placing}
        | {"unit": each.unit.path}
        for each in Enrollment.objects.filter(term=term).select_related("cadet", "unit")
    }
