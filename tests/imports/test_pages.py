import json

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.imports.actions import forget_uncommitted
from rotc.imports.models import ImportPlan
from rotc.roster.models import Cadet, Enrollment
from tests import factories
from tests.imports.conftest import ANA, HEAD, JUAN, csv_of, xlsx_of
from tests.imports.test_reading import BROKEN


@pytest.fixture
def clerks(as_user, clerk):
    return as_user(clerk)


def give(client, term, data, name="roster.csv", **choices):
    upload = SimpleUploadedFile(name, data)
    return client.post("/imports/roster/", {"term": term.name, "file": upload, "dates": "", **choices})


def checked(client, term, data, **given):
    answer = give(client, term, data, **given)
    assert answer.status_code == 302
    return answer.url


def chosen(client, url, **other):
    """The fields of "Read it differently" as the page shows them."""
    fields = {bound.name: bound.value() for bound in client.get(url).context["choices"]}
    return {
        name: value for name, value in (fields | other).items() if value is not None and value is not False
    }


def test_a_file_is_checked_shown_and_committed(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN, ANA, "3,Cruz,Ben,,,,1st,Zulu,,MS1"))
    page = clerks.get(url).content.decode()
    assert "Commit 2, leave out 1" in page
    assert "Peña, Ana" in page and "Zulu Company" in page
    assert Enrollment.objects.count() == 0
    done = clerks.post(f"{url}commit/", follow=True).content.decode()
    assert "What to do next" in done
    assert Enrollment.objects.count() == 2


def test_what_the_page_showed_is_what_is_written(clerks, term, alpha):
    clerks.post(checked(clerks, term, csv_of(HEAD, JUAN)) + "commit/")
    url = checked(clerks, term, csv_of("ID,First Name,Platoon", "0012-0001,Jose,2"))
    page = clerks.get(url).content.decode()
    assert "<s>Juan</s> → <b>Jose</b>" in page.replace("\n", "")
    assert "Alpha Company, 2nd Platoon" in page
    clerks.post(f"{url}commit/")
    juan = Enrollment.objects.get()
    assert (juan.cadet.first_name, juan.unit.path) == ("Jose", "1st/alpha/2nd/")


def test_moves_and_renames_stand_on_top_of_the_review(clerks, term, alpha):
    clerks.post(checked(clerks, term, csv_of(HEAD, JUAN, ANA)) + "commit/")
    url = checked(clerks, term, csv_of("ID,Platoon,MS", "0012-0001,,MS2", "0012-0002,1st,"))
    assert [row["student_number"] for row in clerks.get(url).context["page"]] == ["0012-0002", "0012-0001"]


def test_units_that_are_not_there_are_formed_when_the_clerk_says_so(clerks, term):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    assert "1st Battalion" in clerks.get(url).content.decode()
    again = clerks.post(f"{url}check/", chosen(clerks, url, create_units="on")).url
    assert "Commit 1" in clerks.get(again).content.decode()
    clerks.post(f"{again}commit/")
    assert Enrollment.objects.get().unit.path == "1st/alpha/1st/"


def test_columns_can_be_matched_by_hand_and_the_choice_is_remembered(clerks, term):
    data = csv_of("Matrikel,Student No,Family,Given", "x,1,Peña,Ana")
    url = checked(clerks, term, data)
    assert "Not used: Matrikel, Family, Given" in clerks.get(url).content.decode()
    again = clerks.post(f"{url}check/", chosen(clerks, url, column_last_name=2, column_first_name=3)).url
    clerks.post(f"{again}commit/")
    assert Cadet.objects.get().full_name == "Peña, Ana"
    later = checked(clerks, term, data.replace(b"x,1", b"x,2"))
    assert "Commit 1" in clerks.get(later).content.decode()


def test_without_a_student_number_column_the_choice_is_refused_in_words(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name", '1,"A, B"'))
    answer = clerks.post(f"{url}check/", chosen(clerks, url, column_student_number=""))
    assert answer.status_code == 422
    assert "student number" in answer.content.decode()


def test_another_sheet_and_another_order_of_dates_can_be_chosen(clerks, term):
    book = xlsx_of([["ID", "Name"], [1, "A, B"]], Second=[["ID", "Name", "DOB"], [2, "C, D", "03/04/2005"]])
    url = checked(clerks, term, book, name="a.xlsx")
    again = clerks.post(f"{url}check/", chosen(clerks, url, sheet="Second", dates="dmy")).url
    clerks.post(f"{again}commit/")
    assert str(Cadet.objects.get().birthdate) == "2005-04-03"


def test_pasted_cells_are_read_like_a_file(clerks, term):
    answer = clerks.post("/imports/roster/", {"term": term.name, "cells": "ID\tName\n007\tPeña, Ana\n"})
    clerks.post(f"{answer.url}commit/")
    assert Cadet.objects.get().student_number == "007"


def test_neither_a_file_nor_cells_is_said(clerks, term):
    answer = clerks.post("/imports/roster/", {"term": term.name, "cells": "  "})
    assert answer.status_code == 422
    assert "Give a file or paste cells" in answer.content.decode()


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_on_the_page_and_writes_nothing(clerks, term, name):
    assert give(clerks, term, BROKEN[name], name=name).status_code == 422
    assert not ImportPlan.objects.exists()


def test_a_plan_is_committed_once(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    clerks.post(f"{url}commit/")
    again = clerks.post(f"{url}commit/")
    assert again.status_code == 422
    assert "committed already" in again.content.decode()


def test_a_roster_that_changed_since_the_check_is_not_overwritten(clerks, term, alpha, enrollment):
    url = checked(clerks, term, csv_of("ID,First Name", "2026-0001,Jose"))
    Cadet.objects.filter(pk=enrollment.cadet_id).update(first_name="Juanito")
    answer = clerks.post(f"{url}commit/")
    assert "changed since" in answer.content.decode()
    assert Cadet.objects.get().first_name == "Juanito"
    assert ImportPlan.objects.get().committed_at is None


def test_the_same_new_cadet_is_not_enrolled_by_two_plans(clerks, term, alpha):
    first, second = (checked(clerks, term, csv_of(HEAD, JUAN)) for _ in range(2))
    clerks.post(f"{first}commit/")
    assert "changed since" in clerks.post(f"{second}commit/").content.decode()
    assert Enrollment.objects.count() == 1


def test_a_name_taken_since_the_check_stops_the_commit(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name,Username", '1,"A, B",wanted'))
    factories.staff("wanted", "clerk", term.units.get(kind="corps"))
    assert clerks.post(f"{url}commit/").status_code == 422
    assert not Cadet.objects.exists()


def test_a_term_closed_since_the_check_refuses(clerks, term, alpha):
    from django.utils import timezone

    url = checked(clerks, term, csv_of(HEAD, JUAN))
    term.closed_at = timezone.now()
    term.save()
    clerks.post(f"{url}commit/")
    assert not Cadet.objects.exists()


def test_problems_can_be_downloaded_without_running_as_formulas(clerks, term):
    url = checked(clerks, term, csv_of("ID,Name", '=1+1,"A, B"', ',"C, D"'))
    answer = clerks.get(f"{url}problems.csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Row,Column,Reason"
    assert len(text.splitlines()) == 3


def test_the_kept_file_goes_when_its_plan_is_committed(
    clerks, term, alpha, django_capture_on_commit_callbacks
):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    kept = ImportPlan.objects.get().notes["file"]
    assert default_storage.exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        clerks.post(f"{url}commit/")
    assert not default_storage.exists(kept)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_empty_roster_is_a_file_that_the_import_reads(clerks, term, suffix):
    blank = clerks.get(f"/imports/roster/roster.{suffix}")
    assert blank.status_code == 200
    url = checked(clerks, term, blank.content, name=f"roster.{suffix}")
    counts = clerks.get(url).context["counts"]
    assert sum(counts.values()) == 0
    assert clerks.get(url).context["unused"] == ""


@pytest.mark.parametrize("path", ["", "roster/", "roster/roster.csv"])
def test_only_those_who_change_the_roster_import(as_user, path, tactical, cadet, clerk):
    for user, status in ((tactical, 403), (cadet, 403), (clerk, 200)):
        assert as_user(user).get(f"/imports/{path}").status_code == status


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
        with CaptureQueriesContext(connection_of_tests()) as captured:
            assert clerks.get("/imports/").status_code == 200
        return len(captured)

    from django.utils import timezone

    counts = dict.fromkeys(["new", "changed", "same", "absent", "left_out"], 1)
    plans = [
        ImportPlan(
            kind="roster", term=term, file_name=f"{n}.csv", made_by=clerk, committed_at=timezone.now(),
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
        with CaptureQueriesContext(connection_of_tests()) as captured:
            clerks.get(url)
        return len(captured)

    assert trips(3) == trips(300)


def connection_of_tests():
    from django.db import connection

    return connection


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
    clerks.post(f"{kept}commit/")
    forget_uncommitted(before=left.made_at)
    assert default_storage.exists(left.notes["file"])
    forget_uncommitted(before=timezone.now())
    assert not default_storage.exists(left.notes["file"])
    assert clerks.get(f"/imports/{left.pk}/").status_code == 404
    assert clerks.get(kept).status_code == 200
