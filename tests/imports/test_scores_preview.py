"""What a plan of scores shows is what stands in the database after it, and its undo leaves the facts as they were."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rotc.exams.models import Score
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.standings.models import Standing
from rotc.verdicts.models import Override
from tests import factories
from tests.bench.empty import rolled_back

CADETS = ("001", "002", "003")
HEAD = ("ID", "Prelims", "Mid-term", "Final Exam", "Grade Status")
FIGURES = ["80", "80.0", "87,5", "0", "100", "35/100", "ABS", "ex", "", "", "-", "105", "35/50", "eighty"]
FIELDS = {"exam_prelim": "Prelim", "exam_midterm": "Midterm", "exam_final": "Final", "status": "code"}


def files():
    figure = st.sampled_from(FIGURES)
    number = st.sampled_from([*CADETS, "004", ""])
    status = st.sampled_from(["", "", "", "INC", "inc", "DO", "T", "DRP"])
    return st.lists(st.tuples(number, figure, figure, figure, status), min_size=1, max_size=5)


def as_csv(lines) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *lines])
    return text.getvalue().encode()


def planned(term, lines):
    return make_plan("scores", term, "a.csv", as_csv(lines), Choices(), by=None, reach=everybody(term))


def facts(term) -> dict:
    """``{(student number, exam or "code"): as shown}``, blanks left out."""
    found = {
        (each.enrollment.cadet.student_number, each.exam.name): each.typed
        for each in Score.objects.filter(exam__term=term).select_related("enrollment__cadet", "exam")
        if each.typed
    }
    codes = Override.objects.filter(lifted_at=None).select_related("enrollment__cadet")
    return found | {(each.enrollment.cadet.student_number, "code"): each.code for each in codes}


def figures(term) -> list:
    kept = ("enrollment", "attendance", "aptitude", "proficiency", "total", "rating", "verdict", "reasons")
    return list(Standing.objects.filter(enrollment__term=term).order_by("enrollment").values_list(*kept))


def versions() -> dict:
    return {(each.enrollment_id, each.exam_id): each.version for each in Score.objects.all()}


def imported_as_shown(term, lines):
    before = facts(term)
    plan = planned(term, lines)
    assert facts(term) == before
    plan = commit_plan(plan, by=None, reach=everybody(term))
    expected = dict(before)
    for row in plan.rows:
        for name, (old, new) in row["changes"].items():
            assert before.get((row["student_number"], FIELDS[name]), "") == old
            expected[row["student_number"], FIELDS[name]] = new
    assert facts(term) == expected
    written = {row["row"] for row in plan.rows if row["row"]}
    assert {row["state"] for row in planned(term, lines).rows if row["row"] in written} <= {"same"}
    return plan


@pytest.fixture
def three(platoon):
    return [factories.enroll(platoon, number, f"Cadet{number}", "Ana") for number in CADETS]


@pytest.mark.django_db
@settings(max_examples=40)
@given(given_files=st.lists(files(), min_size=1, max_size=3))
@example(given_files=[[("004", "80", "80", "80", "")]])  # nobody's: it writes nothing and takes nothing back
def test_preview_equals_the_database_after_and_an_undo_leaves_the_facts_as_before(three, term, given_files):
    with rolled_back():
        steps = []
        for lines in given_files:
            before = facts(term), figures(term)
            steps.append((imported_as_shown(term, lines), before))
        for plan, before in reversed(steps):
            then = versions()
            assert undo_plan(plan, by=None, reach=everybody(term)).kept == []
            assert (facts(term), figures(term)) == before
            assert all(versions()[cell] >= version for cell, version in then.items())
