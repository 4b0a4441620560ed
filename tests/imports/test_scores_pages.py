"""A file of scores on the page and from the command line."""

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rotc.exams.actions import change_exam
from rotc.exams.models import Score
from rotc.imports.models import ImportPlan
from tests import factories
from tests.imports.conftest import checked, committed, csv_of, taken_back
from tests.imports.scores import scores, type_in


def test_from_the_page_and_back(as_user, tactical, term, juan):
    client = as_user(tactical)
    given = {"term": term.name, "cells": "ID\tScore\n2026-0001\t80\n"}
    asked = client.post("/imports/scores/", given)
    assert asked.status_code == 422
    assert "Choose the exam that the column “Score” is of." in asked.content.decode()
    url = client.post("/imports/scores/", given | {"exam": "Prelim"}).url
    assert "Will change 1 score, leave 0, lower none." in client.get(url).content.decode()
    committed(client, url)
    assert scores(term) == {("2026-0001", "Prelim"): "80"}
    taken_back(client, url)
    assert scores(term) == {}


def test_the_exams_on_the_page_are_those_of_the_chosen_term(as_user, commandant, term):
    other = factories.open_term("2025-2026", 1)
    factories.appointed(commandant, "commandant", other.units.get(kind="corps"))
    change_exam(other.exams.get(name="Prelim"), name="Quiz", items=100, weight=1, by=None)
    client = as_user(commandant)
    assert "Quiz" not in client.get("/imports/scores/").content.decode()
    assert "Quiz" in client.get("/imports/scores/", {"term": other.name}).content.decode()
    given = {"term": term.name, "cells": "ID\tScore\n1\t80\n", "exam": "Quiz"}
    answer = client.post("/imports/scores/", given)
    assert answer.status_code == 422
    assert "Quiz is not an exam of this term." in answer.content.decode()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_sheet_as_a_file_goes_in_again_and_changes_nothing(
    as_user, tactical, check_scores, juan, ana, suffix
):
    type_in(juan, "Prelim", "87.5")
    type_in(ana, "Midterm", "ABS")
    file = as_user(tactical).get("/sheet/", {"as": suffix}).content
    plan = check_scores(data=file, name=f"sheet.{suffix}")
    assert plan.problems == []
    assert {row["state"] for row in plan.rows} == {"same"}
    assert plan.notes["says"] == ["Will change 0 scores, leave 2, lower none."]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_empty_file_of_scores_is_read(as_user, tactical, check_scores, suffix):
    blank = as_user(tactical).get(f"/imports/scores/blank.{suffix}").content
    plan = check_scores(data=blank, name=f"blank.{suffix}")
    assert plan.notes["unused"] == []
    assert {"exam_prelim", "exam_midterm", "exam_final", "status"} <= plan.notes["columns"].keys()


def test_without_a_reason_nothing_is_lowered(as_user, tactical, term, juan):
    type_in(juan, "Prelim", "80")
    client = as_user(tactical)
    url = client.post("/imports/scores/", {"term": term.name, "cells": "ID\tPrelim\n2026-0001\t70\n"}).url
    assert client.post(f"{url}commit/").status_code == 422
    assert scores(term) == {("2026-0001", "Prelim"): "80"}
    committed(client, url, reason="Misread")
    assert scores(term) == {("2026-0001", "Prelim"): "70"}


def test_the_clerk_does_not_import_scores(as_user, clerk, term):
    assert as_user(clerk).get("/imports/scores/").status_code == 403


def test_the_command_writes_the_same(run, term, juan, ana):
    options = {"kind": "scores", "name": "scores.csv"}
    outcome = run(csv_of("ID,Score", "2026-0001,80", "0012-0002,105"), "--exam", "Prelim", **options)
    assert (outcome.status, outcome["new"], outcome["committed"]) == (1, 1, True)
    assert scores(term) == {("2026-0001", "Prelim"): "80"}
    lower = csv_of("ID,Score", "2026-0001,70")
    with pytest.raises(CommandError, match="Say why scores are lowered"):
        run(lower, "--exam", "Prelim", **options)
    assert run(lower, "--exam", "Prelim", "--reason", "Misread", **options)["changed"] == 1
    assert scores(term) == {("2026-0001", "Prelim"): "70"}


def test_a_commit_takes_the_same_trips_for_many_as_for_few(
    check_scores, commit_scores, undo_scores, platoon, tactical
):
    def trips(start, size):
        many = factories.many(platoon, size, start=start)
        lines = [f"{each.cadet.student_number},80,70,INC" for each in many]
        plan = check_scores("ID,Prelim,Final,Status", *lines)
        with CaptureQueriesContext(connection) as captured:
            undo_scores(commit_scores(plan))
        return sum(each["sql"].startswith("SELECT") for each in captured)  # SQLite cuts long INSERTs

    assert trips(0, 3) == trips(100, 150)


def test_of_many_questions_some_are_asked_and_the_others_counted(as_user, tactical, term, alpha):
    for number in range(22):
        factories.enroll(alpha, f"9-{number}", "Cruz", "Ana")
    lines = ["Ana Cruz,80"] * 63
    client = as_user(tactical)
    url = checked(client, term, csv_of("Name,Prelim", *lines), name="scores.csv", kind="scores")
    page = client.get(url).content.decode()
    assert page.count("<fieldset") == 60 and page.count('name="answer_2"') == 20
    assert "And 2 more. If it is one of them, write their student number in the file." in page
    assert "3 more rows will be asked about after these." in page


def test_of_many_rows_that_stay_some_are_shown_and_the_log_has_all(as_user, tactical, term, alpha):
    cadets = factories.many(alpha, 63)
    lines = [f"{each.cadet.student_number},80" for each in cadets]
    client = as_user(tactical)
    url = checked(client, term, csv_of("ID,Prelim", *lines), name="scores.csv", kind="scores")
    committed(client, url)
    Score.objects.update(version=5)
    page = taken_back(client, url).content.decode()
    assert "63 rows changed since and stayed" in page and "And 3 more, all in" in page
    assert page.count("Prelim is 80 now") == 60
    assert client.get(f"{url}log/").content.decode().count("Prelim is 80 now") == 63


def test_an_exam_that_has_another_name_by_now_is_called_as_it_was(as_user, tactical, term, juan):
    client = as_user(tactical)
    url = checked(client, term, csv_of("ID,Prelim", "2026-0001,80"), name="scores.csv", kind="scores")
    committed(client, url)
    change_exam(term.exams.get(name="Prelim"), name="Quiz", items=100, weight=1, by=None)
    for page in (url, f"{url}log/"):
        shown = client.get(page).content.decode()
        assert "exam_prelim" not in shown and "Prelim" in shown


def test_a_reason_with_signs_that_no_database_keeps_is_kept_without_them(as_user, tactical, term, juan):
    type_in(juan, "Prelim", "90")
    client = as_user(tactical)
    url = checked(client, term, csv_of("ID,Prelim", "2026-0001,80"), name="scores.csv", kind="scores")
    assert client.post(f"{url}commit/", {"reason": "\0"}).status_code == 422
    assert "lowered: recount" in committed(client, url, reason="re\0count").content.decode()


def test_a_file_name_with_signs_that_cannot_be_shown_is_kept_without_them(run, juan):
    outcome = run(csv_of("ID,Prelim", "2026-0001,80"), name="pre\nlim\udcff.csv", kind="scores")
    assert (outcome.status, outcome["new"]) == (0, 1)
    assert ImportPlan.objects.get().file_name == "prelim.csv"


def test_who_has_another_company_by_now_does_not_spend_the_undo(
    as_user, tactical, commandant, term, juan, bravo
):
    client = as_user(tactical)
    url = checked(client, term, csv_of("ID,Prelim", "2026-0001,80"), name="scores.csv", kind="scores")
    committed(client, url)
    tactical.appointments.update(unit=bravo)
    assert "Nobody in this import is yours to change any more" in taken_back(client, url).content.decode()
    assert scores(term) == {("2026-0001", "Prelim"): "80"}
    taken_back(as_user(commandant), url)
    assert scores(term) == {}
