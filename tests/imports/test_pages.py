import json

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.imports.actions import QUICK, forget_files, forget_uncommitted
from rotc.imports.models import ImportPlan
from rotc.jobs import actions as jobs
from rotc.roster.models import Cadet, Enrollment
from tests import factories
from tests.imports.conftest import (
    ANA,
    HEAD,
    JUAN,
    checked,
    chosen,
    committed,
    csv_of,
    give,
    plan_at,
    taken_back,
    worked,
    xlsx_of,
)
from tests.imports.rosters import tables
from tests.imports.test_reading import BROKEN


@pytest.fixture
def clerks(as_user, clerk):
    return as_user(clerk)


def test_a_file_is_checked_shown_and_committed(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN, ANA, "3,Cruz,Ben,,,,1st,Zulu,,MS1"))
    page = clerks.get(url).content.decode()
    assert "Commit 2, leave out 1" in page
    assert "Peña, Ana" in page and "Zulu Company" in page
    assert Enrollment.objects.count() == 0
    done = committed(clerks, url).content.decode()
    assert "What to do next" in done
    assert Enrollment.objects.count() == 2


def test_what_the_page_showed_is_what_is_written(clerks, term, alpha):
    committed(clerks, checked(clerks, term, csv_of(HEAD, JUAN)))
    url = checked(clerks, term, csv_of("ID,First Name,Platoon", "0012-0001,Jose,2"))
    page = clerks.get(url).content.decode()
    assert "<s>Juan</s> → <b>Jose</b>" in page.replace("\n", "")
    assert "Alpha Company, 2nd Platoon" in page
    committed(clerks, url)
    juan = Enrollment.objects.get()
    assert (juan.cadet.first_name, juan.unit.path) == ("Jose", "1st/alpha/2nd/")


def test_moves_and_renames_stand_on_top_of_the_review(clerks, term, alpha):
    committed(clerks, checked(clerks, term, csv_of(HEAD, JUAN, ANA)))
    url = checked(clerks, term, csv_of("ID,Platoon,MS", "0012-0001,,MS2", "0012-0002,1st,"))
    assert [row["student_number"] for row in clerks.get(url).context["page"]] == ["0012-0002", "0012-0001"]


def test_units_that_are_not_there_are_formed_when_the_clerk_says_so(clerks, term):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    assert "1st Battalion" in clerks.get(url).content.decode()
    again = clerks.post(f"{url}check/", chosen(clerks, url, create_units="on")).url
    assert "Commit 1" in clerks.get(again).content.decode()
    committed(clerks, again)
    assert Enrollment.objects.get().unit.path == "1st/alpha/1st/"


def test_columns_can_be_matched_by_hand_and_the_choice_is_remembered(clerks, term):
    data = csv_of("Matrikel,Student No,Family,Given", "x,1,Peña,Ana")
    url = checked(clerks, term, data)
    assert "Not used: Matrikel, Family, Given" in clerks.get(url).content.decode()
    again = clerks.post(f"{url}check/", chosen(clerks, url, column_last_name=2, column_first_name=3)).url
    committed(clerks, again)
    assert Cadet.objects.get().full_name == "Peña, Ana"
    later = checked(clerks, term, data.replace(b"x,1", b"x,2"))
    assert "Commit 1" in clerks.get(later).content.decode()


def test_headers_that_nobody_knows_are_matched_by_hand_and_remembered(clerks, term):
    data = csv_of("Matrikel,Familie,Vorname", "1,Peña,Ana")
    url = checked(clerks, term, data)
    page = clerks.get(url).content.decode()
    assert "Match the columns" in page and "holds “Student ID”" in page
    assert clerks.post(f"{url}commit/").status_code == 422
    columns = {"column_student_number": 0, "column_last_name": 1, "column_first_name": 2}
    again = clerks.post(f"{url}check/", chosen(clerks, url, **columns)).url
    committed(clerks, again)
    assert Cadet.objects.get().full_name == "Peña, Ana"
    later = checked(clerks, term, data.replace(b"1,Pe", b"2,Pe"))
    assert "Commit 1" in clerks.get(later).content.decode()


def test_the_header_row_is_chosen_by_its_number(clerks, term):
    data = csv_of("Cadets of Alpha,,", "Nr,Who,Which", ",,", "M,F,V", "1,Peña,Ana")
    url = checked(clerks, term, data)
    there = clerks.post(f"{url}check/", chosen(clerks, url, header=4)).url
    assert plan_at(there).notes["headers"] == ["M", "F", "V"]
    columns = {"column_student_number": 0, "column_last_name": 1, "column_first_name": 2}
    committed(clerks, clerks.post(f"{there}check/", chosen(clerks, there, **columns)).url)
    assert Cadet.objects.get().full_name == "Peña, Ana"


def test_a_header_row_past_the_end_of_the_file_is_said(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name", '1,"A, B"'))
    answer = clerks.post(f"{url}check/", chosen(clerks, url, header=50_000))
    assert answer.status_code == 422
    assert "no header row" in answer.content.decode()


def test_without_a_student_number_column_the_choice_is_refused_in_words(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name", '1,"A, B"'))
    answer = clerks.post(f"{url}check/", chosen(clerks, url, column_student_number=""))
    assert answer.status_code == 422
    assert "Choose the column that holds “Student ID”" in answer.content.decode()


def test_another_sheet_and_another_order_of_dates_can_be_chosen(clerks, term):
    book = xlsx_of([["ID", "Name"], [1, "A, B"]], Second=[["ID", "Name", "DOB"], [2, "C, D", "03/04/2005"]])
    url = checked(clerks, term, book, name="a.xlsx")
    again = clerks.post(f"{url}check/", chosen(clerks, url, sheet="Second", dates="dmy")).url
    committed(clerks, again)
    assert str(Cadet.objects.get().birthdate) == "2005-04-03"


def test_pasted_cells_are_read_like_a_file(clerks, term):
    answer = clerks.post("/imports/roster/", {"term": term.name, "cells": "ID\tName\n007\tPeña, Ana\n"})
    committed(clerks, answer.url)
    assert Cadet.objects.get().student_number == "007"


def test_neither_a_file_nor_cells_is_said(clerks, term):
    answer = clerks.post("/imports/roster/", {"term": term.name, "cells": "  "})
    assert answer.status_code == 422
    assert "Give a file or paste cells" in answer.content.decode()


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_on_the_page_and_writes_nothing(clerks, term, name):
    answer = give(clerks, term, BROKEN[name], name=name)
    if len(BROKEN[name]) > QUICK:
        answer = worked(clerks, answer.url)
        assert "This file could not be read" in answer.content.decode()
    assert answer.status_code == 422
    assert not ImportPlan.objects.exclude(checked_at=None).exists()
    assert not Cadet.objects.exists()


def test_a_plan_is_committed_once(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    committed(clerks, url)
    again = clerks.post(f"{url}commit/")
    assert again.status_code == 422
    assert "committed already" in again.content.decode()


def test_a_roster_that_changed_since_the_check_is_not_overwritten(clerks, term, alpha, enrollment):
    url = checked(clerks, term, csv_of("ID,First Name", "2026-0001,Jose"))
    Cadet.objects.filter(pk=enrollment.cadet_id).update(first_name="Juanito")
    assert "changed since" in committed(clerks, url).content.decode()
    assert Cadet.objects.get().first_name == "Juanito"
    assert ImportPlan.objects.get().committed_at is None


def test_the_same_new_cadet_is_not_enrolled_by_two_plans(clerks, term, alpha):
    first, second = (checked(clerks, term, csv_of(HEAD, JUAN)) for _ in range(2))
    committed(clerks, first)
    assert "changed since" in committed(clerks, second).content.decode()
    assert Enrollment.objects.count() == 1


def test_a_name_taken_since_the_check_stops_the_commit(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name,Username", '1,"A, B",wanted'))
    factories.staff("wanted", "clerk", term.units.get(kind="corps"))
    assert "changed since" in committed(clerks, url).content.decode()
    assert not Cadet.objects.exists()


def test_a_term_closed_since_the_check_refuses(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    confirmed_in_time = checked(clerks, term, csv_of(HEAD, ANA))
    clerks.post(f"{confirmed_in_time}commit/")
    term.closed_at = timezone.now()
    term.save()
    assert clerks.post(f"{url}commit/").status_code == 422
    assert "is closed" in worked(clerks, confirmed_in_time).content.decode()
    assert not Cadet.objects.exists()


def test_problems_can_be_downloaded_without_running_as_formulas(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name", '=1+1,"A, B"', ',"C, D"'))
    answer = clerks.get(f"{url}problems.csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0] == '"Row","Column","Reason"'
    assert len(text.splitlines()) == 3


def test_the_file_is_kept_as_it_was_given_and_dropped_after_a_while(clerks, term, alpha):
    data = csv_of(HEAD, JUAN)
    url = checked(clerks, term, data, name="Listahan ñ.csv")
    kept = plan_at(url).notes["file"]
    committed(clerks, url)
    answer = clerks.get(f"{url}file/")
    assert answer.content == data
    assert "Listahan%20%C3%B1.csv" in answer["Content-Disposition"]
    assert forget_files(before=timezone.now()) == 1
    assert not default_storage.exists(kept)
    assert "Original file" not in clerks.get(url).content.decode()
    assert clerks.get(f"{url}file/").status_code == 422


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_empty_roster_is_a_file_that_the_import_reads(clerks, term, suffix):
    blank = clerks.get(f"/imports/roster/blank.{suffix}")
    assert blank.status_code == 200
    url = checked(clerks, term, blank.content, name=f"roster.{suffix}")
    counts = clerks.get(url).context["counts"]
    assert sum(counts.values()) == 0
    assert clerks.get(url).context["unused"] == ""


@pytest.mark.parametrize("path", ["roster/", "roster/blank.csv"])
def test_only_those_who_change_the_roster_import_one(as_user, path, tactical, cadet, clerk):
    for user, status in ((tactical, 403), (cadet, 403), (clerk, 200)):
        assert as_user(user).get(f"/imports/{path}").status_code == status


def test_the_list_of_imports_offers_each_the_kinds_of_file_that_are_theirs(as_user, tactical, cadet, clerk):
    assert as_user(cadet).get("/imports/").status_code == 403
    offered = {
        user: {kind.name for kind in as_user(user).get("/imports/").context["kinds"]}
        for user in (tactical, clerk)
    }
    assert offered[clerk] == {"roster"}
    assert "roster" not in offered[tactical]


def test_a_plan_is_not_there_for_whoever_may_not_import(as_user, clerk, tactical, leader, term):
    url = checked(as_user(clerk), term, csv_of("ID,Name", '1,"A, B"'))
    for user in (tactical, leader):
        assert as_user(user).get(url).status_code in (403, 404)
        assert as_user(user).post(f"{url}commit/").status_code in (403, 404)
    assert not Cadet.objects.filter(student_number="1").exists()


def test_a_clerk_of_one_company_does_not_import_the_whole_roster(as_user, term, alpha):
    own = factories.staff("clerk.alpha", "clerk", alpha)
    answer = give(as_user(own), term, csv_of(HEAD, JUAN))
    assert answer.status_code == 422
    assert not ImportPlan.objects.exists()


def test_the_list_of_imports_takes_the_same_trips_with_many(clerks, term, clerk):
    def trips():
        with CaptureQueriesContext(connection) as captured:
            assert clerks.get("/imports/").status_code == 200
        return len(captured)

    counts = dict.fromkeys(["new", "changed", "same", "absent", "left_out"], 1)
    plans = [
        ImportPlan(
            kind="roster", term=term, file_name=f"{n}.csv", made_by=clerk, checked_at=timezone.now(),
            committed_at=timezone.now(),
            notes={"counts": counts},
        )
        for n in range(300)
    ]  # fmt: skip
    ImportPlan.objects.bulk_create(plans[:3])
    few = trips()
    ImportPlan.objects.bulk_create(plans[3:])
    assert trips() == few


def test_the_page_of_a_plan_takes_the_same_trips_with_many_rows(clerks, term, alpha):
    def trips(many):
        url = checked(clerks, term, csv_of("ID,Name", *(f'{many}-{n},"Cruz, Ana"' for n in range(many))))
        with CaptureQueriesContext(connection) as captured:
            clerks.get(url)
        return len(captured)

    assert trips(3) == trips(300)


def test_the_plan_is_stored_as_the_command_would_report_it(clerks, term, run):
    data = csv_of("ID,Name,MS", '1,"A, B",MS1', '2,"C, D",MS8')
    checked(clerks, term, data)
    plan = ImportPlan.objects.get()
    outcome = run(data, check=True)
    assert json.loads(json.dumps(plan.problems)) == outcome["problems"]
    assert plan.notes["counts"]["new"] == outcome["new"]


def test_a_file_nobody_commits_is_forgotten_after_a_while_and_a_committed_plan_never(clerks, term, alpha):
    left = ImportPlan.objects.get(pk=checked(clerks, term, csv_of(HEAD, JUAN)).split("/")[-2])
    kept = checked(clerks, term, csv_of(HEAD, ANA))
    committed(clerks, kept)
    forget_uncommitted(before=left.made_at)
    assert default_storage.exists(left.notes["file"])
    forget_uncommitted(before=timezone.now())
    assert not default_storage.exists(left.notes["file"])
    assert clerks.get(f"/imports/{left.pk}/").status_code == 404
    assert clerks.get(kept).status_code == 200


def large() -> bytes:
    """A roster of 2,000 rows that is checked in the background."""
    lines = [f"a-{n},Cruz{n},Ana,Purok {n}{' of an invented village' * 4}" for n in range(2000)]
    return csv_of("ID,Last Name,First Name,Address", *lines)


def test_a_large_file_is_checked_by_a_job_and_the_page_waits_for_it(clerks, term):
    data = large()
    assert len(data) > QUICK
    url = checked(clerks, term, data)
    waiting = clerks.get(url)
    assert "It is being checked" in waiting.content.decode()
    assert clerks.post(f"{url}commit/").status_code == 422
    assert clerks.get(url, headers={"hx-request": "true"}).headers.get("HX-Refresh") is None
    page = worked(clerks, url)
    assert "Commit 2000" in page.content.decode()
    assert clerks.get(url, headers={"hx-request": "true"})["HX-Refresh"] == "true"
    done = committed(clerks, url).content.decode()
    assert "What to do next" in done
    assert Enrollment.objects.count() == 2000
    assert "Everything is as it was before" in taken_back(clerks, url).content.decode()
    assert not Cadet.objects.exists()


def test_a_large_file_without_a_known_header_is_matched_by_hand_too(clerks, term):
    url = checked(clerks, term, large().replace(b"ID,Last Name,First Name", b"M,F,V"))
    assert "Match the columns" in worked(clerks, url).content.decode()
    columns = {"column_student_number": 0, "column_last_name": 1, "column_first_name": 2}
    again = clerks.post(f"{url}check/", chosen(clerks, url, **columns)).url
    assert "It is being checked" in clerks.get(again).content.decode()
    assert "Commit 2000" in worked(clerks, again).content.decode()


def test_two_imports_at_once_do_not_mix(term, alpha, clerk, administrator):
    one, other = Client(), Client()
    one.force_login(clerk)
    other.force_login(administrator)
    first = checked(one, term, csv_of(HEAD, JUAN))
    second = checked(other, term, csv_of(HEAD, ANA))
    one.post(f"{first}commit/")
    other.post(f"{second}commit/")
    assert "It is being committed" in one.get(first).content.decode()
    worked(other, second)
    worked(one, first)
    assert [row["name"] for row in plan_at(first).rows if row["state"] == "new"] == ["Dela Cruz, Juan Santos"]
    assert (plan_at(first).committed_by, plan_at(second).committed_by) == (clerk, administrator)
    one.post(f"{first}undo/")
    worked(one, first)
    assert [each.last_name for each in Cadet.objects.all()] == ["Peña"]
    assert plan_at(second).undone_at is None


def test_pressing_commit_twice_asks_for_it_once(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    clerks.post(f"{url}commit/")
    again = clerks.post(f"{url}commit/")
    assert again.status_code == 422 and "being worked on already" in again.content.decode()
    assert "What to do next" in worked(clerks, url).content.decode()


def test_whoever_leaves_before_the_commit_has_written_nothing_and_finds_the_check_again(clerks, term, alpha):
    before = tables()
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    clerks.get(url)
    assert tables() == before
    assert url in clerks.get("/imports/").content.decode()


def test_somebody_relieved_before_the_work_starts_writes_nothing(clerks, clerk, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    clerks.post(f"{url}commit/")
    clerk.appointments.update(relieved_at=timezone.now())
    jobs.run(plan_at(url).job_id)
    assert not Cadet.objects.exists()
    assert "may not import this any more" in plan_at(url).job.said


def test_with_a_bucket_the_file_is_kept_there_and_while_it_is_away_nothing_is_half_written(
    clerks, term, alpha, bucket
):
    client, store = bucket
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    assert clerks.get(f"{url}file/").content == csv_of(HEAD, JUAN)
    assert len(client.list_objects_v2(Bucket="rotc")["Contents"]) == 1
    store.stop()

    for answer in (
        give(clerks, term, csv_of(HEAD, ANA)),
        clerks.get(f"{url}file/"),
        clerks.post(f"{url}check/", {"sheet": "roster.csv", "header": 1}),
    ):
        assert answer.status_code == 503
        assert "cannot be reached at this moment" in answer.content.decode()
    assert ImportPlan.objects.count() == 1
    assert forget_uncommitted(before=timezone.now()) == 0  # its file could not go yet
    assert ImportPlan.objects.count() == 1
