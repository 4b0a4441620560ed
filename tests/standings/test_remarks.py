"""What a list says of a cadet in a few words, while the term runs and when it is over."""

import pytest

from rotc.standings.models import Standing
from tests.reports import graded
from tests.verdicts.people import drop_rule


@pytest.fixture
def short(enrollment):
    """Two absences of six days, and exams below the minimum."""
    drop_rule(enrollment.term)
    graded.record(enrollment, "PPAPAP", 0, 0, 30, 30, 30)
    return enrollment


def remark():
    return Standing.objects.get().remark


def test_a_component_below_its_minimum_is_named_while_the_term_runs_and_nobody_has_failed(short):
    assert remark() == (
        "In progress. Attendance 20.00 is below the 24 that is needed. "
        "Proficiency 26.00 is below the 28 that is needed"
    )


def test_when_the_term_is_over_every_failed_test_is_a_reason(short):
    graded.close(short.term)
    assert remark() == (
        "Failed: attendance 20.00 is below the minimum of 24; proficiency 26.00 is below the minimum of 28"
    )


def test_the_cadet_reads_the_minimum_before_there_is_a_total(as_user, cadet, enrollment):
    drop_rule(enrollment.term)
    graded.hold_days(enrollment, "PAPA")
    page = as_user(cadet).get("/standing/").text
    assert "No exam score is entered for you yet." in page
    assert "Attendance 15.00 is below the 24 that is needed." in page
    assert "ailed" not in page


def test_a_cadet_above_every_minimum_reads_the_rating_so_far(enrollment):
    drop_rule(enrollment.term)
    graded.record(enrollment, "PPPP", 0, 0, 95)
    assert remark() == "In progress, 1.00 if it ended today"


def test_the_sheet_says_it_in_its_row(as_user, commandant, short):
    assert "Attendance 20.00 is below the 24 that is needed" in as_user(commandant).get("/sheet/").text
