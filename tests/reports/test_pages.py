import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead, Signatory
from tests import factories
from tests.reports import graded
from tests.reports.reading import csv_rows

PAPER = "/reports/computation-of-grades/"


def test_the_clerk_finds_every_paper_with_what_it_is(as_user, clerk):
    page = as_user(clerk).get("/reports/").content.decode()
    assert "Computation of Grades" in page
    assert "Class Record" in page
    assert "1st Semester, SY 2026-2027" in page


@pytest.mark.parametrize("who", ["tactical", "leader", "cadet"])
@pytest.mark.parametrize("path", ["/reports/", PAPER, "/reports/class-record.csv"])
def test_papers_are_for_the_office_and_the_command(request, as_user, who, path):
    assert as_user(request.getfixturevalue(who)).get(path).status_code == 403


def test_a_paper_carries_letterhead_rows_and_those_who_sign(as_user, clerk, enrollment):
    Letterhead.objects.update(
        university="Mindanao Test University", unit_name="Test ROTC Unit", command_lines="1st CDC\n2nd RCDG"
    )
    Signatory.objects.filter(label="Certified correct").update(rank="MAJ", name="Ana Reyes")
    graded.record(enrollment, "PL", 0, 0, 80)
    page = as_user(clerk).get(PAPER).content.decode()
    for text in (
        "Mindanao Test University", "Test ROTC Unit", "1st CDC", "2nd RCDG", "1st Semester, SY 2026-2027",
        "Dela Cruz, Juan", "Prepared by:", "Chief Clerk", "MAJ Ana Reyes", "Commandant", "Made ",
    ):  # fmt: skip
        assert text in page, text
    assert 'class="a4"' in page


def test_the_unit_usual_paper_size_is_taken_unless_another_is_chosen(as_user, clerk, enrollment):
    Letterhead.objects.update(paper="folio")
    client = as_user(clerk)
    assert 'class="folio"' in client.get(PAPER).content.decode()
    assert 'class="letter"' in client.get(PAPER, {"size": "letter"}).content.decode()


def test_a_term_without_results_says_what_is_missing(as_user, clerk, platoon):
    factories.platoon_of(platoon, 2)
    page = as_user(clerk).get(PAPER).content.decode()
    assert "No training day held yet." in page
    assert "2 cadets have no Prelim score." in page
    assert "5.00" not in page


def test_missing_marks_are_counted(as_user, clerk, platoon):
    first, _ = factories.platoon_of(platoon, 2)
    graded.hold_days(first, "P")
    assert "1 mark is missing on the days held." in as_user(clerk).get(PAPER).content.decode()


def test_an_empty_selection_is_a_paper_that_says_so(as_user, clerk):
    assert "No cadet is enrolled here." in as_user(clerk).get(PAPER).content.decode()
    assert csv_rows(as_user(clerk).get("/reports/class-record.csv").content) == []
    assert as_user(clerk).get("/reports/class-record.xlsx").status_code == 200


def test_unit_ms_level_and_sex_choose_who_is_on_it(as_user, clerk, alpha, bravo):
    first = factories.enroll(alpha, "26-1", "Abad", "Ana")
    first.cadet.sex = "F"
    first.cadet.save()
    factories.enroll(bravo, "26-2", "Bago", "Ben")
    third = factories.enroll(bravo, "26-3", "Cruz", "Caloy")
    third.ms_level = "MS2"
    third.save()

    def names(**choices):
        rows = csv_rows(as_user(clerk).get("/reports/class-record.csv", choices).content)
        return [row["Last Name"] for row in rows]

    assert names() == ["Abad", "Bago", "Cruz"]
    assert names(unit=bravo.path) == ["Bago", "Cruz"]
    assert names(ms_level="MS2") == ["Cruz"]
    assert names(sex="F") == ["Abad"]
    assert names(unit=bravo.path, ms_level="MS1") == ["Bago"]


def test_each_group_is_a_paper_with_its_own_numbering_and_missing_list(as_user, clerk, alpha, bravo):
    graded.take_exams(factories.enroll(alpha, "26-1", "Abad", "Ana"), 80, 80, 80)
    factories.enroll(bravo, "26-2", "Bago", "Ben")
    client = as_user(clerk)
    rows = csv_rows(client.get("/reports/computation-of-grades.csv", {"group": "company"}).content)
    assert [(row["company"], row["Nr"], row["Name"]) for row in rows] == [
        ("Alpha Company, 1st Battalion", "1", "Abad, Ana"),
        ("Bravo Company, 1st Battalion", "1", "Bago, Ben"),
    ]
    alphas, bravos = client.get(PAPER, {"group": "company"}).content.decode().split("<section")[1:]
    assert "Alpha Company, 1st Battalion" in alphas
    assert "no Prelim score" not in alphas
    assert "1 cadet has no Prelim score." in bravos
    assert "Certified correct" in alphas and "Certified correct" in bravos


@pytest.mark.parametrize(
    ("by", "names"),
    [("ms_level", ["MS1", "MS2", "No MS level"]), ("sex", ["Male", "Female", "Sex not given"])],
)
def test_groups_stand_in_the_units_order(as_user, clerk, alpha, by, names):
    for place, (level, sex) in enumerate([("", ""), ("MS2", "F"), ("MS1", "M")]):
        each = factories.enroll(alpha, f"26-{place}", "Abad", "Ana")
        each.ms_level, each.cadet.sex = level, sex
        each.save()
        each.cadet.save()
    rows = csv_rows(as_user(clerk).get("/reports/class-record.csv", {"group": by}).content)
    assert [next(iter(row.values())) for row in rows] == names


@pytest.mark.parametrize("choices", [{"unit": "nowhere/"}, {"size": "a0"}, {"group": "x"}])
def test_a_choice_that_is_none_is_said_in_words(as_user, clerk, choices):
    for path in (PAPER, "/reports/class-record.csv"):
        answer = as_user(clerk).get(path, choices)
        assert answer.status_code == 422
        assert "errorlist" in answer.content.decode()


def test_coming_back_from_a_paper_finds_the_choices_as_they_were(as_user, clerk, bravo):
    page = as_user(clerk).get("/reports/", {"unit": bravo.path, "size": "folio"}).content.decode()
    assert f'<option value="{bravo.path}" selected>' in page
    assert '<option value="folio" selected>' in page


@pytest.mark.parametrize(
    "path", ["/reports/nothing/", "/reports/class-record.pdf", "/reports/class-record/?term=1999-2000-1"]
)
def test_what_does_not_exist_is_not_found(as_user, clerk, path):
    assert as_user(clerk).get(path).status_code == 404


def test_a_clerk_of_one_company_never_sees_another(as_user, alpha, bravo):
    factories.enroll(alpha, "26-1", "Abad", "Ana")
    factories.enroll(bravo, "26-2", "Bago", "Ben")
    client = as_user(factories.staff("clerk.alpha", "clerk", alpha))
    rows = csv_rows(client.get("/reports/class-record.csv", {"unit": alpha.path}).content)
    assert [row["Last Name"] for row in rows] == ["Abad"]
    assert client.get("/reports/class-record.csv", {"unit": bravo.path}).status_code == 422
    assert client.get("/reports/class-record.csv").status_code == 422


def test_who_took_which_paper_of_whom_is_in_the_journal(as_user, clerk, alpha, enrollment):
    as_user(clerk).get("/reports/class-record.xlsx", {"unit": alpha.path, "ms_level": "MS1"})
    line = JournalEntry.objects.get(what="report made")
    assert (line.subject, line.how, line.actor_id) == ("report:class-record", "report", clerk.pk)
    assert line.term_id == alpha.term_id
    assert line.changes["about"] == [None, "Alpha Company, 1st Battalion · MS1"]
    assert line.changes["format"] == [None, "xlsx"]
    assert line.changes["cadets"] == [None, 1]


def test_files_are_named_by_paper_term_and_day(as_user, clerk, enrollment):
    answer = as_user(clerk).get("/reports/class-record.csv")
    name = f"class-record_2026-2027-1_{factories.today()}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"


def test_without_a_term_the_page_says_who_opens_one(as_user, administrator):
    assert "No term yet" in as_user(administrator).get("/reports/").content.decode()


def test_a_name_is_never_markup(as_user, clerk, alpha):
    factories.enroll(alpha, "26-1", "<script>x</script>", "Ana")
    assert "<script>x" not in as_user(clerk).get(PAPER).content.decode()


@pytest.mark.parametrize("path", [PAPER, "/reports/computation-of-grades.xlsx", "/reports/class-record.csv"])
def test_a_paper_of_300_takes_no_more_trips_than_one_of_3(as_user, clerk, platoon, path):
    client = as_user(clerk)

    def trips():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path, {"group": "company"}).status_code == 200
        return len(found)

    graded.many(platoon, 3)
    few = trips()
    graded.many(platoon, 297, start=4)
    assert trips() == few
