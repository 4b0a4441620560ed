from decimal import Decimal

import pytest

from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows

PATH = "/reports/computation-of-grades.csv"


@pytest.fixture
def paper(as_user, clerk):
    def rows(**choices):
        return csv_rows(as_user(clerk).get(PATH, choices).content)

    return rows


def test_every_fact_and_figure_stands_in_its_own_column(paper, enrollment, term):
    graded.record(enrollment, "PLEA ", 10, 30, 80, "87.5", 90)
    [row] = paper()
    days = [name for name in row if name.startswith("Day")]
    assert list(row) == [
        "Nr", "Name", *days, "Attendance 30%", "Merit", "Demerit", "Aptitude 30%",
        "Prelim", "Midterm", "Final", "Proficiency 40%", "Total", "Rating", "Remarks",
    ]  # fmt: skip
    assert days[0] == f"Day 1 {term.training_days.first().date}"
    assert [row[day] for day in days] == ["P", "L", "E", "A", "·"]
    assert (row["Nr"], row["Name"]) == ("1", "Dela Cruz, Juan")
    assert (row["Merit"], row["Demerit"]) == ("10", "30")
    assert (row["Prelim"], row["Midterm"], row["Final"]) == ("80", "87.5", "90")


def test_a_running_term_has_a_total_so_far_and_no_rating(paper, enrollment):
    graded.record(enrollment, "PPPPPPPPPPPPAAA", 10, 30, 80, 85, 90)
    [row] = paper()
    assert (row["Total"], row["Rating"], row["Remarks"]) == ("82.00", "", "in progress")


def test_undefined_figures_are_blank_and_never_zero(paper, enrollment):
    [row] = paper()
    for name in ("Attendance 30%", "Prelim", "Proficiency 40%", "Total", "Rating"):
        assert row[name] == "", name
    assert row["Aptitude 30%"] == "30.00"


def test_a_closed_term_says_passed_and_the_paper_adds_up(paper, enrollment, term):
    graded.record(enrollment, "PPPPPPPPPPPPAAA", 10, 30, 80, 85, 90)
    graded.close(term)
    [row] = paper(term=term.name)
    figures = [Decimal(row[name]) for name in ("Attendance 30%", "Aptitude 30%", "Proficiency 40%")]
    assert figures == [Decimal("24.00"), Decimal("24.00"), Decimal("34.00")]
    assert sum(figures) == Decimal(row["Total"]) == Decimal("82.00")
    assert (row["Rating"], row["Remarks"]) == ("2.50", "Passed")


def test_a_failure_names_every_failed_test(as_user, clerk, administrator):
    term = factories.open_term("2025-2026", 2, policy="navrescom")
    weak = factories.enroll(factories.company(term, "Alpha"), "24-1", "Peña", "Íñigo")
    graded.record(weak, "PPPPPPPPPPPAEEE", 0, 0, 20, 20, 19)
    graded.close(term)
    [row] = csv_rows(as_user(administrator).get(PATH, {"term": term.name}).content)
    assert row["Name"] == "Peña, Íñigo"
    assert row["Rating"] == "5.00"
    assert row["Remarks"].startswith("Failed: ")
    assert "proficiency 23.93 is below the minimum of 28" in row["Remarks"]


def test_weights_in_the_heads_are_those_of_the_policy(paper, enrollment, term):
    term.policy |= {"weight_attendance": "20", "weight_aptitude": "32.5", "weight_proficiency": "47.5"}
    term.save(update_fields=["policy"])
    [row] = paper()
    assert {"Attendance 20%", "Aptitude 32.5%", "Proficiency 47.5%"} <= set(row)


def test_a_missing_exam_of_a_closed_term_is_incomplete_with_its_reason(paper, enrollment, term):
    graded.record(enrollment, "P" * 15, 0, 0, 90, "ABS", "EX")
    graded.close(term)
    [row] = paper(term=term.name)
    assert (row["Prelim"], row["Midterm"], row["Final"]) == ("90", "ABS", "EX")
    assert (row["Proficiency 40%"], row["Total"], row["Rating"]) == ("", "", "INC")
    assert row["Remarks"] == "INC: Final is excused and has no score"


def test_a_drop_is_for_confirmation(as_user, administrator):
    term = factories.open_term("2025-2026", 2, policy="navrescom")
    gone = factories.enroll(factories.company(term, "Alpha"), "24-1", "Cruz", "Ana")
    graded.record(gone, "AAAP", 0, 0, 90)
    client = as_user(administrator)
    [row] = csv_rows(client.get(PATH, {"term": term.name}).content)
    assert row["Rating"] == ""
    assert row["Remarks"].startswith("in progress; DRP for confirmation: absences: 3 in a row")
    graded.close(term)
    [row] = csv_rows(client.get(PATH, {"term": term.name}).content)
    assert row["Rating"] == "DRP"


def test_a_code_set_by_hand_is_printed_and_the_numbers_are_blank(paper, enrollment):
    graded.record(enrollment, "PPP", 10, 5, 80, 85, 90)
    graded.code_by_hand(enrollment, "DO")
    [row] = paper()
    blank = ["Attendance 30%", "Merit", "Demerit", "Aptitude 30%", "Prelim", "Proficiency 40%", "Total"]
    assert [row[name] for name in blank] == [""] * len(blank)
    assert (row["Rating"], row["Remarks"]) == ("DO", "DO set by hand")


def test_a_cancelled_day_has_no_column_and_later_days_move_up(paper, enrollment, term):
    term.training_days.filter(pk=term.training_days.first().pk).update(cancelled_at="2026-08-01T00:00Z")
    graded.hold_days(enrollment, "P")
    [row] = paper()
    second = term.training_days.all()[1]
    assert [name for name in row if name.startswith("Day")] == [f"Day 1 {second.date}"]


def test_exact_figures_are_not_rounded_into_a_paper_that_does_not_add_up(paper, enrollment):
    term = enrollment.term
    term.policy |= {"rounding": "exact"}
    term.save(update_fields=["policy"])
    graded.record(enrollment, "PPP", 0, 0, 75, 75, 74)
    [row] = paper()
    assert row["Proficiency 40%"] == "29.86666667"
    assert row["Total"] == "89.86666667"


def test_names_are_in_order_and_numbered(paper, platoon):
    for number, name in enumerate(["Zafra", "Ñato", "Nava", "Abad"]):
        factories.enroll(platoon, f"26-{number}", name, "Jo")
    rows = paper()
    assert [(row["Nr"], row["Name"]) for row in rows] == [
        ("1", "Abad, Jo"), ("2", "Ñato, Jo"), ("3", "Nava, Jo"), ("4", "Zafra, Jo"),
    ]  # fmt: skip
