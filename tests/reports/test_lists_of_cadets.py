"""The papers about who is enrolled and who was there: master list, attendance master, ID cards."""

import re

import pytest
from django.utils import timezone

from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead
from rotc.roster.models import Cadet
from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows, sheets, xlsx_rows

READ = {"csv": csv_rows, "xlsx": xlsx_rows}


@pytest.fixture
def ana(platoon):
    found = factories.enroll(platoon, "0012345", "Peña", "Ana", rank="CDT CPT")
    Cadet.objects.filter(pk=found.cadet_id).update(
        sex="F", email="ana@example.org", contact_number="+639170000000", address="Purok 1, =Barangay"
    )
    return found


def strength(page) -> list[list[str]]:
    """The rows of the table under a master list."""
    table = page.split('class="summary"')[1].split("</table>")[0]
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in table.split("</tr>")[:-1]]


@pytest.mark.parametrize("suffix", READ)
def test_the_master_list_says_who_where_and_how_to_reach_them(as_user, clerk, ana, suffix):
    content = as_user(clerk).get(f"/reports/master-list.{suffix}").content
    rows = (
        csv_rows(content)
        if suffix == "csv"
        else [dict(zip(*sheets(content)["Cadet Master List"], strict=True))]
    )
    mark = "'" if suffix == "csv" else ""
    assert rows == [
        {
            "Rank": "CDT CPT", "Name": "Peña, Ana", "Student ID": "0012345", "Unit": "Alpha Company · 1st Platoon",
            "Email": "ana@example.org", "Phone": f"{mark}+639170000000", "Address": "Purok 1, =Barangay",
        }
    ]  # fmt: skip


def test_under_the_master_list_stands_the_strength_by_ms_level_and_sex(as_user, clerk, ana, platoon):
    ben, cai = factories.enroll(platoon, "2", "Bago", "Ben"), factories.enroll(platoon, "3", "Cruz", "Cai")
    Cadet.objects.filter(pk=ben.cadet_id).update(sex="M")
    Cadet.objects.filter(pk=cai.cadet_id).update(sex="M")
    cai.ms_level = "MS2"
    cai.save()
    client = as_user(clerk)
    assert strength(client.get("/reports/master-list/").content.decode()) == [
        ["MS Level", "Male", "Female", "Total"],
        ["MS1", "1", "1", "2"],
        ["MS2", "1", "0", "1"],
        ["Total", "2", "1", "3"],
    ]
    of_book = sheets(client.get("/reports/master-list.xlsx").content)["Strength"]
    assert of_book[-1] == ["Total", 2.0, 1.0, 3.0]


def test_who_has_no_sex_or_level_yet_is_counted_as_such(as_user, clerk, platoon):
    one = factories.enroll(platoon, "2", "Bago", "Ben")
    one.ms_level = ""
    one.save()
    assert strength(as_user(clerk).get("/reports/master-list/").content.decode())[1:] == [
        ["No MS level", "0", "0", "1", "1"],
        ["Total", "0", "0", "1", "1"],
    ]


def test_a_master_list_does_not_ask_for_marks_or_scores(as_user, clerk, ana):
    page = as_user(clerk).get("/reports/master-list/").content.decode()
    assert "missing" not in page.split("<main>")[1] and "no Prelim score" not in page


@pytest.mark.parametrize("suffix", READ)
def test_the_attendance_master_has_a_sign_a_day_and_totals(as_user, clerk, ana, term, suffix):
    graded.hold_days(ana, "PPLEA ")
    days = [f"{day.date}" for day in term.training_days.all()[:6]]
    [row] = READ[suffix](as_user(clerk).get(f"/reports/attendance.{suffix}").content)
    assert [str(row[day]).removesuffix(".0") for day in days] == ["1", "1", "L", "E", "0", "·"]
    totals = [str(row[name]).removesuffix(".0") for name in ("Present", "Late", "Excused", "Absent")]
    assert totals == ["2", "1", "1", "1"]
    assert (row["Student ID"], row["Rank"]) == ("0012345", "CDT CPT")


def test_the_attendance_master_says_which_marks_are_missing_and_nothing_of_exams(as_user, clerk, ana):
    graded.hold_days(ana, "P ")
    page = as_user(clerk).get("/reports/attendance/").content.decode()
    assert "1 mark is missing on the days held." in page
    assert "Prelim" not in page


def test_a_card_says_whose_it_is_and_where_they_stand(as_user, clerk, ana):
    Letterhead.objects.update(unit_name="Test ROTC Unit", university="Test University")
    page = as_user(clerk).get("/reports/id-cards/").content.decode()
    [card] = re.findall(r"<article.*?</article>", page, re.DOTALL)
    for text in (
        "Test ROTC Unit", "Test University", "CDT CPT", "Peña, Ana", "0012345", "Alpha Company · 1st Platoon", "MS1",
        "1st Semester, SY 2026-2027",
    ):  # fmt: skip
        assert text in card, text
    assert "AP" in card and "/photo/" not in card
    assert "1 cadet has no photo" in page


def test_a_card_carries_the_photo_where_there_is_one(as_user, clerk, ana):
    Cadet.objects.filter(pk=ana.cadet_id).update(photo="photos/ana.jpg")
    page = as_user(clerk).get("/reports/id-cards/").content.decode()
    assert f'src="/roster/{ana.pk}/photo/"' in page
    assert "no photo" not in page


@pytest.mark.parametrize(("size", "on_each"), [("a4", [10, 2]), ("letter", [8, 4]), ("folio", [10, 2])])
def test_as_many_cards_stand_on_a_sheet_as_its_paper_takes(as_user, clerk, platoon, size, on_each):
    factories.platoon_of(platoon, 12)
    page = as_user(clerk).get("/reports/id-cards/", {"size": size}).content.decode()
    assert [part.count("<article") for part in page.split('class="sheet"')[1:]] == on_each


def test_a_group_of_cards_begins_a_new_sheet(as_user, clerk, alpha, bravo):
    factories.platoon_of(alpha, 2)
    factories.platoon_of(bravo, 1, start=3)
    page = as_user(clerk).get("/reports/id-cards/", {"group": "company"}).content.decode()
    assert [part.count("<article") for part in page.split('class="sheet"')[1:]] == [2, 1]


@pytest.mark.parametrize("suffix", READ)
def test_the_facts_of_the_cards_come_as_a_file(as_user, clerk, ana, suffix):
    [row] = READ[suffix](as_user(clerk).get(f"/reports/id-cards.{suffix}").content)
    assert row == {
        "Student ID": "0012345", "Rank": "CDT CPT", "Last Name": "Peña", "First Name": "Ana", "Company": "Alpha",
        "Platoon": "1st", "MS Level": "MS1", "Term": "1st Semester, SY 2026-2027",
    }  # fmt: skip


@pytest.mark.parametrize("slug", ["master-list", "attendance", "id-cards"])
def test_they_are_for_the_office_and_the_command_and_each_is_recorded(
    as_user, clerk, tactical, leader, ana, slug
):
    for officer in (tactical, leader, ana.cadet.user):
        assert as_user(officer).get(f"/reports/{slug}/").status_code == 403
        assert as_user(officer).get(f"/reports/{slug}.csv").status_code == 403
    assert as_user(clerk).get(f"/reports/{slug}/").status_code == 200
    assert JournalEntry.objects.get(what="report made").subject == f"report:{slug}"


@pytest.mark.parametrize("slug", ["master-list", "attendance", "id-cards"])
def test_about_nobody_they_say_so(as_user, clerk, slug):
    assert "No cadet is enrolled here." in as_user(clerk).get(f"/reports/{slug}/").content.decode()


@pytest.mark.parametrize("slug", ["master-list", "id-cards"])
def test_who_is_archived_gets_no_card_and_is_on_no_list_while_the_term_runs(as_user, clerk, ana, slug):
    graded.hold_days(ana, "P")
    Cadet.objects.filter(pk=ana.cadet_id).update(archived_at=timezone.now())
    client = as_user(clerk)
    assert csv_rows(client.get(f"/reports/{slug}.csv").content) == []
    graded.close(ana.term)
    assert len(csv_rows(client.get(f"/reports/{slug}.csv").content)) == 1
