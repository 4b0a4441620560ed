"""A list on screen and the file of it hold the same, under the same filters and rights."""

import re

import pytest
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.conduct.models import ConductEntry
from rotc.imports.actions import make_plan
from rotc.imports.checking import examine
from rotc.imports.drafts import Choices
from rotc.imports.kinds import KINDS
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet
from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows, xlsx_rows

READ = {"csv": csv_rows, "xlsx": xlsx_rows}


@pytest.fixture
def files(as_user):
    """``files(user, address, suffix, **asked)``: the rows of a list taken as a file."""

    def take(user, address, suffix="csv", **asked):
        answer = as_user(user).get(address, {**asked, "as": suffix})
        assert answer.status_code == 200
        return READ[suffix](answer.content)

    return take


@pytest.fixture
def corps(alpha, bravo):
    """Four of Alpha's 1st Platoon, two of its 2nd, three of Bravo."""
    first, second = alpha.children.all()
    factories.platoon_of(first, 4)
    factories.platoon_of(second, 2, start=5)
    factories.platoon_of(bravo, 3, start=7)
    return alpha, bravo


def links(page) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(r'href="(\?[^"]*as=(?:csv|xlsx)[^"]*)"', page)]


# --- every list offers both, and they are what the page shows

LISTS = [
    "/roster/", "/roster/units/", "/attendance/", "/attendance/{day}/", "/conduct/", "/conduct/catalogue/",
    "/sheet/", "/board/", "/terms/", "/jobs/", "/journal/term/{term}/", "/journal/enrollment/{enrollment}/",
    "/journal/cadet/{cadet}/", "/journal/day/{day}/", "/journal/score/{enrollment}/{exam}/",
]  # fmt: skip


@pytest.fixture
def places(term, corps, commandant):
    """A term with a little of everything; what stands in the addresses of its lists."""
    enrollment = term.enrollments.get(cadet__student_number="77-0001")
    graded.record(enrollment, "PL", 3, 2, 80, 85)
    Job.objects.create(kind="recompute", asked_by=commandant)
    exam, day = term.exams.first(), term.training_days.first()
    for subject in (f"score:{enrollment.pk}:{exam.pk}", f"day:{day.pk}"):
        JournalEntry.objects.create(
            what="changed", subject=subject, actor="Sgt Reyes", how="page", term_id=term.pk,
            enrollment_id=enrollment.pk, cadet_id=enrollment.cadet_id, changes={"Prelim": [None, "80"]},
        )  # fmt: skip
    return {
        "enrollment": enrollment.pk, "cadet": enrollment.cadet_id, "exam": exam.pk, "day": day.pk, "term": term.name,
    }  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_a_list_offers_both_files_with_its_filters_and_they_hold_the_same(
    as_user, commandant, places, address
):
    client, address = as_user(commandant), address.format(**places)
    page = client.get(address, {"term": places["term"], "page": 1}).content.decode()
    as_csv, as_xlsx = links(page)
    assert "term=" in as_csv and "page=" not in as_csv
    text, book = client.get(address + as_csv), client.get(address + as_xlsx)
    rows, of_book = csv_rows(text.content), xlsx_rows(book.content)
    assert rows
    if "journal" in address:  # that the first was taken is a line of it
        of_book = of_book[-len(rows) :]
    assert [list(row) for row in rows] == [list(row) for row in of_book]
    assert [list(map(plain, row.values())) for row in of_book] == [
        list(map(plain, row.values())) for row in rows
    ]


def plain(value):
    try:
        return float(value)
    except ValueError:
        return value


@pytest.mark.parametrize("address", [*LISTS, "/people/"])
@pytest.mark.parametrize("who", ["cadet", "leader", "clerk", "tactical"])
def test_a_file_is_for_whoever_may_open_the_page(request, as_user, corps, term, enrollment, address, who):
    names = {
        "enrollment": enrollment.pk, "cadet": enrollment.cadet_id, "exam": term.exams.first().pk,
        "day": term.training_days.first().pk, "term": term.name,
    }  # fmt: skip
    client, address = as_user(request.getfixturevalue(who)), address.format(**names)
    assert client.get(address, {"as": "csv"}).status_code == client.get(address).status_code


def test_what_is_no_file_does_not_exist(as_user, commandant, corps):
    assert as_user(commandant).get("/roster/", {"as": "pdf"}).status_code == 404


# --- filters and pages


@pytest.mark.parametrize("suffix", READ)
def test_the_roster_is_the_one_that_was_searched_for(files, clerk, corps, suffix):
    _, bravo = corps
    assert len(files(clerk, "/roster/", suffix)) == 9
    assert [row["Student ID"] for row in files(clerk, "/roster/", suffix, unit=bravo.pk)] == [
        "77-0007", "77-0008", "77-0009",
    ]  # fmt: skip
    assert [row["Last Name"] for row in files(clerk, "/roster/", suffix, q="cadet002")] == ["Cadet002"]
    assert files(clerk, "/roster/", suffix, ms="MS2") == []


def test_a_file_holds_every_page_of_its_list(files, as_user, clerk, platoon):
    factories.many(platoon, 130)
    assert len(as_user(clerk).get("/roster/", {"page": 2}).context["page"].object_list) == 60
    assert len(files(clerk, "/roster/", page=2)) == 130


def test_each_officer_takes_only_their_own_units(files, tactical, corps):
    assert len(files(tactical, "/roster/")) == 6
    assert {row["Company"] for row in files(tactical, "/roster/")} == {"Alpha"}


def test_the_ledger_comes_with_its_chip_and_search(files, commandant, corps, term):
    one, two, *_ = term.enrollments.all()
    graded.give(one, merits=3, demerits=2)
    graded.give(two, demerits=5)
    assert len(files(commandant, "/conduct/")) == 3
    assert [row["Points"] for row in files(commandant, "/conduct/", show="merits")] == ["3"]
    [row] = files(commandant, "/conduct/", q=two.cadet.student_number)
    assert row | {"Date": ""} == {
        "Student ID": "77-0002", "Last Name": "Cadet002", "First Name": "Test", "Type": "Demerit", "Points": "5",
        "Reason": "Drill", "Date": "", "State": "Given", "Code": "", "Given By": "Command line",
    }  # fmt: skip


def test_the_sheet_of_a_day_is_that_of_its_unit(files, commandant, corps, term):
    alpha, _ = corps
    first, second = alpha.children.all()
    one, late, *_ = first.enrollments.all()
    day = term.training_days.first()
    AttendanceMark.objects.create(day=day, enrollment=one, letter="P")
    facts = {"time_in": "07:40", "time_out": "11:30", "remarks": "bus broke down"}
    AttendanceMark.objects.create(day=day, enrollment=late, letter="L", **facts)
    rows = files(commandant, f"/attendance/{day.pk}/", unit=first.pk)
    assert [(row["Student ID"], row["Status"]) for row in rows] == [
        ("77-0001", "Present"), ("77-0002", "Late"), ("77-0003", ""), ("77-0004", ""),
    ]  # fmt: skip
    assert (rows[1]["Time In"], rows[1]["Time Out"], rows[1]["Remarks"]) == (
        "07:40",
        "11:30",
        "bus broke down",
    )
    assert len(files(commandant, f"/attendance/{day.pk}/", unit=second.pk)) == 2


def test_a_unit_too_long_for_a_page_comes_as_a_file_all_the_same(files, as_user, commandant, platoon, term):
    factories.many(platoon, 310)
    corps, day = term.units.get(kind="corps"), term.training_days.first()
    page = as_user(commandant).get(f"/attendance/{day.pk}/", {"unit": corps.pk}).content.decode()
    assert "too long for one page" in page and len(links(page)) == 2
    assert len(files(commandant, f"/attendance/{day.pk}/", unit=corps.pk)) == 310
    assert len(files(commandant, "/sheet/", unit=corps.pk)) == 310


@pytest.mark.parametrize("suffix", READ)
def test_the_grade_sheet_has_a_column_an_exam_and_the_figures_shown(files, commandant, enrollment, suffix):
    graded.record(enrollment, "PL", 3, 0, 80.5, "ABS")
    [row] = files(commandant, "/sheet/", suffix, unit=enrollment.unit_id)
    assert [plain(row[name]) for name in ("Prelim", "Midterm", "Final")] == [80.5, "ABS", ""]
    assert row["Student ID"] == "2026-0001"
    every = files(commandant, "/sheet/", unit=enrollment.unit_id, columns="all")[0]
    days = [name for name in every if re.fullmatch(r"\d{4}-\d\d-\d\d", name)]
    assert [every[day] for day in days] == ["P", "L"]
    assert (every["Merits"], every["Demerits"]) == ("3", "0")


def test_the_board_is_in_order_of_merit(files, commandant, corps, term):
    for place, each in enumerate(term.enrollments.all()[:3]):
        graded.record(each, "P", 0, 0, 70 + place, 70, 70)
    rows = files(commandant, "/board/")
    assert [(row["Place"], row["Student ID"]) for row in rows] == [
        ("1", "77-0003"),
        ("2", "77-0002"),
        ("3", "77-0001"),
    ]
    assert re.fullmatch(r"\d\d\.\d\d", rows[0]["Total"])


def test_people_come_as_they_were_searched_for(files, administrator, tactical, clerk):
    assert len(files(administrator, "/people/")) == 3
    [row] = files(administrator, "/people/", q="tactical.alpha")
    assert (row["Signs In As"], row["Appointments"]) == ("tactical.alpha", "Tactical officer, Alpha Company")


def test_past_imports_come_with_what_they_did(files, as_user, clerk, term):
    assert files(clerk, "/imports/") == []
    data = b"Student ID,Last Name,First Name\n1,Abad,Jo\n"
    plan = make_plan("roster", term, "new.csv", data, Choices(), by=clerk, reach=everybody(term))
    ImportPlan.objects.filter(pk=plan.pk).update(committed_at=timezone.now(), committed_by=clerk)
    [row] = files(clerk, "/imports/")
    assert (row["File"], row["New"], row["By"]) == ("new.csv", "1", clerk.title)


# --- who sees what, and that it is recorded


def test_what_is_personal_is_for_those_who_read_it_on_the_cadets_page(files, clerk, leader, enrollment):
    Cadet.objects.filter(pk=enrollment.cadet_id).update(
        religion="Islam", birthdate="2005-03-01", blood_type="O+", contact_number="0917"
    )
    name = enrollment.cadet.last_name
    [of_clerk], [of_leader] = files(clerk, "/roster/", q=name), files(leader, "/roster/", q=name)
    personal = ("Religion", "Birthdate", "Blood Type", "Contact Number")
    assert [of_clerk[each] for each in personal] == ["Islam", "2005-03-01", "O+", "0917"]
    assert [of_leader[each] for each in personal] == [""] * 4
    assert of_leader["Last Name"] == name


def test_who_took_which_list_of_whom_is_in_the_journal(files, as_user, clerk, corps, term):
    files(clerk, "/roster/", "xlsx", term=term.name, q="cadet", unit=corps[0].pk, page=1)
    line = JournalEntry.objects.get(what="list taken")
    assert (line.subject, line.how, line.actor_id, line.term_id) == (
        "list:roster",
        "export",
        clerk.pk,
        term.pk,
    )
    assert line.changes["rows"] == [None, 6]
    assert line.changes["format"] == [None, "xlsx"]
    assert line.changes["filters"] == [None, f"q cadet, unit {corps[0].pk}"]
    as_user(clerk).get("/roster/")
    assert JournalEntry.objects.filter(what="list taken").count() == 1


def test_a_file_is_named_by_list_term_and_day_and_kept_by_no_cache(as_user, clerk, corps):
    answer = as_user(clerk).get("/roster/", {"as": "csv"})
    name = f"roster_2026-2027-1_{factories.today()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"


# --- what anybody typed


@pytest.mark.parametrize("typed", ["=1+1", "+639171234567", "-5", "@x", "\t=1", "\r=1", " =1"])
def test_nothing_that_was_typed_becomes_a_formula(files, commandant, enrollment, term, typed):
    cadet, day = enrollment.cadet, term.training_days.first()
    cadet.last_name, cadet.contact_number, cadet.position = typed, typed, typed
    cadet.save()
    ConductEntry.objects.create(
        enrollment=enrollment, kind="merit", points=1, reason=typed, date=day.date, approved_at=timezone.now()
    )
    AttendanceMark.objects.create(day=day, enrollment=enrollment, letter="P", remarks=typed)
    JournalEntry.objects.create(
        what="x",
        subject="x",
        actor=typed,
        how="page",
        term_id=term.pk,
        enrollment_id=enrollment.pk,
        reason=typed,
    )
    for address, column in [
        ("/roster/", "Last Name"), ("/roster/", "Contact Number"), ("/conduct/", "Reason"), ("/sheet/", "Last Name"),
        (f"/attendance/{day.pk}/", "Remarks"), (f"/journal/enrollment/{enrollment.pk}/", "Reason"),
    ]:  # fmt: skip
        [in_csv] = [row[column] for row in files(commandant, address)][:1]
        [in_xlsx] = [row[column] for row in files(commandant, address, "xlsx")][:1]
        assert in_csv == f"'{typed}", address
        assert in_xlsx.replace("\n", "\r") == typed, address


@pytest.mark.parametrize("suffix", READ)
def test_zeros_in_front_and_letters_with_tildes_stay(files, clerk, platoon, suffix):
    zeros = factories.enroll(platoon, "0012345", "Peña", "Niño")
    Cadet.objects.filter(pk=zeros.cadet_id).update(contact_number="09171234567")
    [row] = files(clerk, "/roster/", suffix)
    assert (row["Student ID"], row["Last Name"], row["Contact Number"]) == ("0012345", "Peña", "09171234567")


# --- what comes out can go in again


@pytest.mark.parametrize("suffix", READ)
def test_a_roster_that_came_out_goes_in_again_and_changes_nothing(as_user, commandant, corps, term, suffix):
    for place, each in enumerate(term.enrollments.select_related("cadet")):
        each.rank, each.year_level, each.status = "CDT", "2nd", "Ongoing"
        each.save()
        facts = {
            "middle_name": "Ñuñez", "suffix": "Jr.", "email": f"a{place}@example.org", "sex": "MF"[place % 2],
            "contact_number": f"+63917000000{place}", "address": "-5 Rizal St., =Barangay", "birthdate": "2005-03-01",
            "birthplace": "Iligan", "religion": "Islam", "civil_status": "Single", "height_cm": 165, "weight_kg": 58,
            "blood_type": "O+", "programme": "BSIT", "boots": "8R", "emergency_name": "@Ana",
            "emergency_relation": "Mother", "emergency_number": "0917",
        }  # fmt: skip
        for name, value in facts.items():
            setattr(each.cadet, name, value)
        each.cadet.save()
    factories.enroll(term.units.get(kind="corps"), "0001", "Peña", "Not Placed")
    data = as_user(commandant).get("/roster/", {"as": suffix}).content
    found = examine("roster", term, f"roster.{suffix}", data, Choices(), by=commandant, reach=everybody(term))
    assert found.draft.problems == []
    assert [row["state"] for row in found.draft.rows] == ["same"] * 10
    assert found.given.match.unused == []


def test_a_sheet_of_scores_has_the_headers_that_its_import_reads(as_user, commandant, enrollment, term):
    graded.take_exams(enrollment, 80, "ABS")
    asked = {"as": "csv", "unit": enrollment.unit_id}
    data = as_user(commandant).get("/sheet/", asked).content
    reach = everybody(term)
    found = examine("scores", term, "scores.csv", data, Choices(), by=commandant, reach=reach)
    assert found.draft.problems == []
    assert {row["state"] for row in found.draft.rows} == {"same"}


def test_every_header_of_the_roster_is_one_of_the_imports(files, clerk, enrollment, term):
    labels = {field.label for field in KINDS["roster"].shape(term).fields}
    assert set(files(clerk, "/roster/")[0]) <= labels
