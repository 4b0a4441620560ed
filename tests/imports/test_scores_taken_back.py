"""Imports of scores taken back cell by cell, and codes that a file sets by hand."""

import pytest

from rotc.exams.actions import change_exam
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.standings.models import Standing
from rotc.verdicts.models import Override
from rotc.verdicts.overrides import lift_override, set_override
from tests.imports.scores import reasons, scores, type_in


def test_undo_brings_back_what_was_there_and_versions_only_rise(
    check_scores, commit_scores, undo_scores, term, juan, ana
):
    type_in(ana, "Prelim", "70")
    before = scores(term)
    standings = list(Standing.objects.order_by("pk").values_list("proficiency", "total", "verdict"))
    plan = commit_scores(check_scores("ID,Prelim,Final", "2026-0001,80,ABS", "0012-0002,75,60"))
    undone = undo_scores(plan)
    assert undone.kept == []
    assert scores(term) == before
    assert list(Standing.objects.order_by("pk").values_list("proficiency", "total", "verdict")) == standings
    versions = Score.objects.order_by("enrollment", "exam").values_list("version", flat=True)
    assert sorted(versions) == [2, 2, 2, 3]
    line = JournalEntry.objects.filter(subject__startswith=f"score:{ana.pk}:", how="undo").last()
    assert line.changes == {"Prelim": ["75", "70"]}


def test_undo_keeps_a_cell_changed_since_and_says_whose_it_is(
    check_scores, commit_scores, undo_scores, term, juan, commandant
):
    plan = commit_scores(check_scores("ID,Prelim,Final", "2026-0001,80,60"))
    type_in(juan, "Prelim", "91", by=commandant, version=1)
    [kept] = undo_scores(plan).kept
    assert kept == {
        "row": 2, "name": "Dela Cruz, Juan", "reason": "Prelim is 91 now, set by Sgt Maria Commandant",
    }  # fmt: skip
    assert scores(term) == {("2026-0001", "Prelim"): "91"}


def test_undo_keeps_what_would_not_fit_any_more(check_scores, commit_scores, undo_scores, term, juan):
    type_in(juan, "Prelim", "90")
    plan = commit_scores(check_scores("ID,Prelim", "2026-0001,40"), reason="wrong")
    change_exam(term.exams.get(name="Prelim"), name="Prelim", items=50, weight=1, by=None)
    assert undo_scores(plan).kept[0]["reason"] == "Prelim has 50 items now, and the 90 before does not fit"
    assert scores(term) == {("2026-0001", "Prelim"): "40"}


def test_a_status_sets_the_code_by_hand_with_its_reason(check_scores, commit_scores, juan):
    plan = check_scores("ID,Prelim,Grade Status", "2026-0001,80,inc", "2026-0001,80,INC")
    assert plan.notes["says"][1] == "Will set 1 code by hand."
    commit_scores(plan)
    standing = Standing.objects.get(enrollment=juan)
    assert (standing.rating, standing.verdict) == ("INC", "overridden")
    assert Override.objects.get().reason == "Grade status in scores.csv"
    assert check_scores("ID,Status", "2026-0001,INC").rows[0]["state"] == "same"
    assert check_scores("ID,Status", "2026-0001,").rows[0]["state"] == "same"


def test_a_code_that_the_policy_does_not_know_is_a_problem(check_scores, juan):
    plan = check_scores("ID,Status", "2026-0001,DRP")
    assert reasons(plan) == [(2, "Status", "Dela Cruz, Juan: “DRP” is no code of this term: DO, INC, T")]


def test_undo_lifts_the_code_and_brings_the_earlier_one_back(
    check_scores, commit_scores, undo_scores, juan, ana
):
    set_override(juan, "T", reason="Transferred", by=None)
    plan = commit_scores(check_scores("ID,Status", "2026-0001,DO", "0012-0002,INC"))
    assert [each.code for each in Override.objects.filter(lifted_at=None, enrollment=juan)] == ["DO"]
    undo_scores(plan)
    [standing] = Override.objects.filter(lifted_at=None)
    assert (standing.enrollment, standing.code, standing.reason) == (juan, "T", "Transferred")
    assert Standing.objects.get(enrollment=ana).verdict == "in_progress"


def test_undo_leaves_a_code_that_somebody_lifted(check_scores, commit_scores, undo_scores, juan):
    plan = commit_scores(check_scores("ID,Status,Prelim", "2026-0001,DO,80"))
    lift_override(juan, seen=Override.objects.get().pk, reason="Not dropped", by=None)
    assert undo_scores(plan).kept[0]["reason"] == "its code is lifted already"
    assert not Override.objects.filter(lifted_at=None).exists()


def test_a_code_set_since_the_check_stops_the_commit(check_scores, commit_scores, juan):
    plan = check_scores("ID,Status", "2026-0001,DO")
    set_override(juan, "T", reason="Transferred", by=None)
    with pytest.raises(NotNow, match="The code of Dela Cruz, Juan was changed"):
        commit_scores(plan)
