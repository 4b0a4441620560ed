"""Grade sheet and roster: what the pages show to the same person, and it is recorded who took them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.exams.actions import record_score
from rotc.journal.models import JournalEntry
from tests import factories
from tests.reports import graded


@pytest.fixture
def in_bravo(bravo):
    return factories.enroll(bravo.children.first(), "2026-0500", "Bautista", "Leo")


@pytest.fixture
def officer(by, tactical):
    return by(tactical)


def numbers(answer, of="cadets"):
    assert answer.status_code == 200, answer.content
    return [each["student_number"] for each in answer.json()[of]]


def taken():
    return list(JournalEntry.objects.filter(what="list taken").order_by("pk"))


# --- the grade sheet


def test_the_sheet_holds_scores_with_their_versions(officer, enrollment, term, tactical):
    exam = term.exams.first()
    record_score(enrollment, exam, typed="80", seen_version=0, by=tactical)
    record_score(enrollment, exam, typed="87.5", seen_version=1, by=tactical)

    sheet = officer.get("sheet").json()

    [row] = sheet["rows"]
    assert row["scores"][0] == {"exam": exam.pk, "typed": "87.5", "version": 2}
    assert row["scores"][1] == {"exam": term.exams.all()[1].pk, "typed": "", "version": 0}
    assert (row["total"], row["proficiency"]) == (None, "35.00")
    assert (row["student_number"], row["name"], row["locked"]) == ("2026-0001", "Dela Cruz, Juan", False)
    assert row["version"] == enrollment.standing.version
    assert (sheet["term"], sheet["editable"], sheet["unit"]["place"]) == (
        term.name, True, "Alpha Company · 1st Platoon",
    )  # fmt: skip


def test_the_columns_are_those_of_the_page(officer, enrollment):
    graded.record(enrollment, "PLA", 3, 2, 80, 85)

    shown = {
        name: officer.get("sheet", columns=name).json()["rows"][0]
        for name in ("exams", "attendance", "aptitude", "all")
    }

    assert shown["exams"]["marks"] is shown["exams"]["merits"] is None
    assert shown["attendance"]["marks"] == ["P", "L", "A"] == shown["all"]["marks"]
    assert shown["attendance"]["scores"] is None
    assert (shown["aptitude"]["merits"], shown["aptitude"]["demerits"]) == (3, 2)
    assert [each["typed"] for each in shown["all"]["scores"]] == ["80", "85", ""]


def test_whom_it_shows_is_asked_as_on_the_page(officer, alpha, enrollment):
    second = alpha.children.last()
    factories.enroll(second, "2026-0002", "Cruz", "Ana")

    assert numbers(officer.get("sheet"), "rows") == ["2026-0001"]
    assert numbers(officer.get("sheet", unit=second.pk), "rows") == ["2026-0002"]
    assert numbers(officer.get("sheet", unit=alpha.pk), "rows") == ["2026-0001", "2026-0002"]
    assert numbers(officer.get("sheet", unit=alpha.pk, q="ana"), "rows") == ["2026-0002"]
    assert numbers(officer.get("sheet", unit=alpha.pk, show="blanks"), "rows") == ["2026-0001", "2026-0002"]
    assert numbers(officer.get("sheet", unit=alpha.pk, show="changed"), "rows") == []


def test_ones_own_row_is_locked(by, enrollment, cadet, alpha):
    factories.appointed(cadet, "tactical_officer", alpha)

    [row] = by(cadet).get("sheet").json()["rows"]

    assert row["locked"] is True


def test_too_many_for_a_sheet_are_said_to_be(by, commandant, platoon):
    factories.many(platoon, 221)

    answer = by(commandant).get("sheet", unit=platoon.term.units.get(kind="corps").pk)

    assert answer.status_code == 422
    assert answer.json()["error"].startswith("221 cadets are too many for one sheet")


def test_before_the_first_term_there_is_no_sheet_and_no_roster(by, administrator):
    assert by(administrator).get("sheet").status_code == 404
    assert by(administrator).get("roster").status_code == 404


# --- the roster


def test_the_roster_lists_whom_its_reader_reaches(officer, by, commandant, enrollment, in_bravo):
    assert numbers(officer.get("roster")) == ["2026-0001"]
    assert numbers(by(commandant).get("roster")) == ["2026-0001", "2026-0500"]


def test_a_cadet_is_listed_with_what_the_page_shows_and_nothing_personal(officer, enrollment):
    enrollment.cadet.address = "12 Mabini Street"
    enrollment.cadet.save()

    [listed] = officer.get("roster").json()["cadets"]

    assert listed == {
        "enrollment": enrollment.pk, "term": enrollment.term.name, "cadet": enrollment.cadet_id, "student_number": "2026-0001",
        "last_name": "Dela Cruz", "first_name": "Juan", "middle_name": "", "suffix": "",
        "unit": {"id": enrollment.unit_id, "place": "Alpha Company · 1st Platoon"},
        "ms_level": "MS1", "rank": "", "position": "", "status": "",
    }  # fmt: skip


def test_it_is_narrowed_as_on_the_page(by, commandant, alpha, enrollment, in_bravo):
    everybody = by(commandant)
    in_bravo.cadet.archived_at = timezone.now()
    in_bravo.cadet.save()

    assert numbers(everybody.get("roster")) == ["2026-0001"]
    assert numbers(everybody.get("roster", show="archived")) == ["2026-0500"]
    assert numbers(everybody.get("roster", show="incomplete")) == ["2026-0001"]
    assert numbers(everybody.get("roster", unit=alpha.pk)) == ["2026-0001"]
    assert numbers(everybody.get("roster", q="cruz juan")) == ["2026-0001"]
    assert numbers(everybody.get("roster", ms="MS1")) == ["2026-0001"]
    assert numbers(everybody.get("roster", ms="")) == []


def test_it_comes_page_by_page_each_cadet_once(by, commandant, platoon):
    factories.many(platoon, 450)
    caller = by(commandant)
    pages = [caller.get("roster", page=page) for page in (1, 2, 3)]

    found = [number for page in pages for number in numbers(page)]

    assert len(found) == len(set(found)) == 450
    assert [len(numbers(page)) for page in pages] == [200, 200, 50]
    assert {(page.json()["count"], page.json()["pages"]) for page in pages} == {(450, 3)}
    beyond = caller.get("roster", page=4)
    assert (beyond.status_code, beyond.json()) == (404, {"error": "The last page is 3."})


def test_all_terms_are_searched_by_who_may_read_them(by, commandant, tactical, enrollment):
    before = factories.company(factories.open_term("2025-2026"), "Alpha").children.first()
    factories.enroll(before, "2025-0777", "Cruz", "Rey")

    found = by(commandant).get("roster", where="all", q="cruz")
    assert [(each["student_number"], each["term"]) for each in found.json()["cadets"]] == [
        ("2025-0777", "2025-2026-1"),
        ("2026-0001", "2026-2027-1"),
    ]
    assert numbers(by(tactical).get("roster", where="all", q="cruz")) == ["2026-0001"]


# --- what is not theirs


@pytest.mark.parametrize("path", ["sheet", "roster"])
def test_another_companys_unit_does_not_exist(officer, bravo, in_bravo, path):
    for unit in (bravo.pk, 99999999, "0"):
        assert officer.get(path, unit=unit).status_code == 404


@pytest.mark.parametrize("path", ["sheet", "roster"])
def test_a_unit_of_another_term_is_not_of_this_one(by, commandant, term, path):
    other = factories.company(factories.open_term("2020-2021"), "Alpha")

    assert by(commandant).get(path, unit=other.pk, term=term.name).status_code == 404


@pytest.mark.parametrize("path", ["sheet", "roster"])
def test_a_cadet_asks_in_vain(by, cadet, path):
    answer = by(cadet).get(path)

    assert (answer.status_code, answer.json()) == (
        403,
        {"error": "You may not do this. Nothing was changed."},
    )
    assert taken() == []


def test_a_cadet_officer_reads_the_roster_and_no_grades(by, leader):
    assert by(leader).get("roster").status_code == 200
    assert by(leader).get("sheet").status_code == 403


@pytest.mark.parametrize(
    ("path", "asked", "sentence"),
    [
        (
            "sheet",
            {"columns": "secrets"},
            "“columns” must be one of 'exams', 'attendance', 'aptitude' or 'all'.",
        ),
        ("sheet", {"unit": "x"}, "“unit” must be a number."),
        ("sheet", {"unit": "-1"}, "“unit” must be a number."),
        ("sheet", {"unit": "9" * 19}, "“unit” must be a number."),
        ("sheet", {"q": "x" * 81}, "“q” may have 80 characters at most."),
        ("sheet", {"show": "all"}, "“show” must be one of '', 'blanks', 'below' or 'changed'."),
        ("roster", {"page": "0"}, "“page” must be 1 or more."),
        ("roster", {"page": "1.5"}, "“page” must be a whole number."),
        ("roster", {"page": "9" * 5000}, "“page” is too large a number."),
        ("roster", {"ms": "x" * 11}, "“ms” may have 10 characters at most."),
    ],
)
def test_what_cannot_be_asked_is_said_by_name(officer, path, asked, sentence):
    answer = officer.get(path, **asked)

    assert (answer.status_code, answer.json()) == (422, {"error": f"{sentence} Nothing was changed."})


# --- who took what


def test_who_takes_a_list_stands_in_the_journal(officer, tactical, enrollment, term):
    officer.get("roster", q="cruz")
    officer.get("sheet")

    roster, sheet = taken()
    assert (roster.subject, roster.actor_id, roster.how, roster.term_id) == (
        "list:roster",
        tactical.pk,
        "api",
        term.pk,
    )
    assert roster.changes == {"page": [None, 1], "rows": [None, 1], "filters": [None, "q cruz"]}
    assert sheet.subject == "list:grade-sheet"
    assert sheet.changes == {"about": [None, "Alpha Company · 1st Platoon"], "rows": [None, 1]}


def test_a_program_that_asks_every_minute_takes_a_list_once_in_ten(officer, enrollment):
    for _ in range(3):
        officer.get("sheet")
    officer.get("sheet", columns="all")
    assert len(taken()) == 2

    cache.clear()
    officer.get("sheet")
    assert len(taken()) == 3


def test_ones_own_standing_is_ones_own_and_not_recorded(by, cadet, enrollment):
    by(cadet).get("me/standing")

    assert taken() == []


@pytest.mark.parametrize("path", ["sheet?columns=all", "roster"])
def test_a_list_costs_the_same_trips_however_long(by, commandant, platoon, path):
    caller, counts = by(commandant), []
    caller.get(path)
    for size in (3, 100):
        factories.many(platoon, size, start=size)
        cache.clear()
        with CaptureQueriesContext(connection) as trips:
            assert caller.get(path).status_code == 200
        counts.append(len(trips))

    assert counts[0] == counts[1] <= 25
