import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rotc.accounts.actions import open_account
from rotc.accounts.models import SignInName, User
from rotc.imports.models import ImportPlan
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment, ListedValue, Unit
from rotc.standings.models import Standing
from tests import factories
from tests.imports.conftest import ANA, HEAD, JUAN, csv_of, xlsx_of
from tests.imports.test_reading import BROKEN

FORM = "--create-units"


def tables():
    models = (Cadet, Enrollment, Unit, User, SignInName, JournalEntry, ImportPlan, ListedValue, Standing)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_check_counts_and_writes_nothing_at_all(run):
    before = tables()
    outcome = run(csv_of(HEAD, JUAN, ANA), FORM, check=True)
    assert outcome == {
        "new": 2, "changed": 0, "same": 0, "absent": 0, "problems": [], "committed": False,
    }  # fmt: skip
    assert outcome.status == 0
    assert tables() == before


def test_a_commit_enrolls_with_unit_account_standing_and_journal(run, term):
    assert run(csv_of(HEAD, JUAN, ANA), FORM)["committed"] is True
    ana = Enrollment.objects.get(cadet__student_number="0012-0002")
    assert ana.cadet.full_name == "Peña, Ana"
    assert (ana.unit.path, ana.unit.label, ana.ms_level) == ("1st/alpha/2nd/", "2nd Platoon", "MS2")
    assert ana.cadet.user.sign_in_names.get().name == "0012-0002"
    assert not ana.cadet.user.has_usable_password()
    assert ana.standing.verdict == "in_progress"
    lines = JournalEntry.objects.filter(cadet_id=ana.cadet_id)
    assert {line.what for line in lines} == {"cadet added", "enrolled", "account opened"}
    assert {line.actor for line in lines} == {"command line"}


def test_the_same_file_again_changes_nothing(run):
    run(csv_of(HEAD, JUAN, ANA), FORM)
    before = tables()
    outcome = run(csv_of(HEAD, JUAN, ANA), FORM)
    assert (outcome["new"], outcome["changed"], outcome["same"]) == (0, 0, 2)
    assert tables() == before


def test_an_ms_level_may_be_written_as_its_number_alone(run):
    head = "ID,Name,MS"
    outcome = run(
        csv_of(head, '1,"Peña, Ana",1', '2,"Cruz, Ben",32', '3,"Cruz, Cai",coqc', '4,"Cruz, Dan",9')
    )
    levels = Enrollment.objects.order_by("cadet__student_number").values_list("ms_level", flat=True)
    assert list(levels) == ["MS1", "MS32", "COQC"]
    [problem] = outcome["problems"]
    assert problem["reason"] == (
        "“9” is not in the list of MS levels: MS1, MS2, COQC, MS31, MS32, MS41, MS42"
    )


def test_a_blank_cell_and_a_missing_column_erase_nothing(run):
    run(csv_of(HEAD, JUAN), FORM)
    before = tables()
    assert run(csv_of(HEAD, "0012-0001,,,,,,,,,"))["same"] == 1
    assert run(csv_of("ID,Company", "0012-0001,alpha company"))["same"] == 1
    assert run(csv_of("ID,MI,Name", '0012-0001,S.,"DELA CRUZ, Juan S."'))["same"] == 1
    assert tables() == before


def test_leading_zeros_and_enye_survive_a_workbook(run):
    head = HEAD.split(",")
    run(xlsx_of([head, ANA.split(","), JUAN.split(",")]), FORM, name="roster.xlsx")
    assert Cadet.objects.get(student_number="0012-0002").last_name == "Peña"
    assert Cadet.objects.get(student_number="0012-0001").contact_number == "09171234567"


def test_a_change_says_from_what_to_what(run):
    run(csv_of(HEAD, JUAN), FORM)
    assert run(csv_of("ID,First Name,Platoon", "0012-0001,Johnny,2nd"), FORM)["changed"] == 1
    assert JournalEntry.objects.get(what="cadet changed").changes == {"first name": ["Juan", "Johnny"]}
    assert JournalEntry.objects.get(what="enrollment changed").changes == {
        "unit": [
            "1st Battalion, Alpha Company, 1st Platoon",
            "1st Battalion, Alpha Company, 2nd Platoon",
        ]
    }
    assert User.objects.get(cadet__student_number="0012-0001").first_name == "Johnny"


def test_rows_with_a_problem_are_left_out_and_named(run, alpha):
    lines = [
        HEAD + ",Sex,Rank,Birthdate,Year",
        "1,Cruz,Ana,,not-mail,,1st,Alpha,1,MS1,,,,",
        "2,Cruz,Ben,,,,1st,Zulu,1,MS1,,,,",
        "3,Cruz,Cai,,,,1st,Alpha,9,MS1,,,,",
        "4,Cruz,Dan,,,,,,,MS9,,,,",
        "5,Cruz,Eva,,,,,,,MS1,X,,,",
        "6,Cruz,Fe,,,,,,,MS1,,General,,",
        "7,Cruz,Gil,,,,,,,MS1,,,31/02/2005,",
        "8,Cruz,Hal,,,,,,,MS1,,,2999-01-01,",
        "9,Cruz,Ian,,,,,,,MS1,,,03/04/2005,",
        ",Cruz,Jun,,,,,,,MS1,,,,",
        "11,,,,,,,,,MS1,,,,",
        f"12,{'x' * 81},Kim,,,,,,,MS1,,,,",
        "13,Cruz,Leo,,,9.17E+09,,,,MS1,,,,",
        "14,Cruz,Mia,,,,,,,MS1,,,,9",
        "2.026E+07,Cruz,Noe,,,,,,,MS1,,,,",
        "16,Cruz,Ola,,,,1st,Alpha,2,MS1,Female,CDT,25/12/2005,1",
    ]
    outcome = run(csv_of(*lines))
    assert outcome.status == 1
    assert [(problem["row"], problem["column"]) for problem in outcome["problems"]] == [
        (2, "Email"), (3, "Company"), (4, "Platoon"), (5, "MS Level"), (6, "Sex"), (7, "Rank"), (8, "Birthdate"),
        (9, "Birthdate"), (10, "Birthdate"), (11, "Student ID"), (12, "Last Name"), (13, "Last Name"),
        (14, "Contact Number"), (15, "Year"), (16, "Student ID"),
    ]  # fmt: skip
    assert "Zulu Company" in outcome["problems"][1]["reason"]
    assert (outcome["new"], Cadet.objects.count()) == (1, 1)
    ola = Enrollment.objects.get()
    assert (str(ola.cadet.birthdate), ola.cadet.sex, ola.year_level) == ("2005-12-25", "F", "1st")


@pytest.mark.parametrize(
    ("dates", "written", "kept"),
    [
        ("dmy", "03/04/2005", "2005-04-03"),
        ("mdy", "03/04/2005", "2005-03-04"),
        ("iso", "2005-04-03", "2005-04-03"),
    ],
)
def test_dates_are_read_as_the_importer_chose(run, dates, written, kept):
    run(csv_of("ID,Name,DOB", f'1,"Cruz, Ana",{written}'), "--dates", dates)
    assert str(Cadet.objects.get().birthdate) == kept


def test_dates_against_the_chosen_order_are_problems(run):
    outcome = run(csv_of("ID,Name,DOB", '1,"Cruz, Ana",25/12/2005'), "--dates", "mdy")
    assert "month/day/year" in outcome["problems"][0]["reason"]
    assert run(csv_of("ID,Name,DOB", '1,"Cruz, Ana",25/12/2005'), "--dates", "iso").status == 1


def test_equal_rows_count_once_and_differing_rows_are_all_problems(run):
    outcome = run(csv_of("ID,Name", '1,"Cruz, Ana"', '1,"Cruz, Ana"', 'a2,"Cruz, Ben"', 'A2,"Cruz, Bea"'))
    assert outcome["new"] == 1
    assert [problem["row"] for problem in outcome["problems"]] == [4, 5]


def test_the_student_number_is_the_same_in_capitals(run):
    run(csv_of("ID,Name", 'a-1,"Cruz, Ana"'))
    assert run(csv_of("ID,Name", 'A-1,"Cruz, Ana"'))["same"] == 1


def test_positions_among_the_battalions_are_sorted_apart(run):
    run(
        csv_of(
            "ID,Name,Battalion,Position",
            '1,"Cruz, Ana",1st Battalion S1,',
            '2,"Cruz, Ben",1st Battalion,Corps Commander',
            '3,"Cruz, Cai",,2nd Battalion',
        ),
        FORM,
    )
    found = Enrollment.objects.order_by("cadet__student_number").values_list("position", "unit__path")
    assert list(found) == [("1st Battalion S1", ""), ("Corps Commander", "1st/"), ("", "2nd/")]


def test_a_company_may_stand_under_the_corps_and_is_found_by_its_name_alone(run, term, alpha):
    run(csv_of("ID,Name,Company", '1,"Cruz, Ana",ALPHA', '2,"Cruz, Ben",HQSCOY'), FORM)
    found = Enrollment.objects.order_by("cadet__student_number").values_list("unit__path", flat=True)
    assert list(found) == ["1st/alpha/", "hqscoy/"]


def test_a_company_name_that_fits_two_battalions_is_a_question_not_a_guess(run, term):
    factories.company(term, "Alpha", "1st")
    factories.company(term, "Alpha", "2nd")
    outcome = run(csv_of("ID,Name,Company", '1,"Cruz, Ana",Alpha'))
    assert outcome["problems"][0]["column"] == "Company"


def test_an_unknown_programme_joins_the_list_and_a_known_one_keeps_its_spelling(run):
    run(csv_of("ID,Name,Course", '1,"Cruz, Ana",bsit', '2,"Cruz, Ben",BSN', '3,"Cruz, Cai",bsn'))
    assert list(Cadet.objects.values_list("programme", flat=True)) == ["BSIT", "BSN", "BSN"]
    assert ListedValue.objects.filter(list="programme", value__iexact="bsn").count() == 1


def test_another_term_in_the_file_is_a_problem(run):
    outcome = run(
        csv_of("ID,Name,SY,Semester", '1,"Cruz, Ana",2025-2026,1st', '2,"Cruz, Ben",SY 2026-27,First')
    )
    assert [(each["row"], each["column"]) for each in outcome["problems"]] == [(2, "SY")]
    assert outcome["new"] == 1


def test_sign_in_names_are_one_namespace(run, commandant):
    outcome = run(
        csv_of(
            "ID,Name,Username",
            '1,"Cruz, Ana",Commandant',
            '2,"Cruz, Ben",twin',
            '3,"Cruz, Cai",TWIN',
            '4,"Cruz, Dan",5',
            '5,"Cruz, Eva",eva',
            'commandant,"Cruz, Fe",',
            '7,"Cruz, Gil",7',
        )
    )
    assert [(each["row"], each["column"]) for each in outcome["problems"]] == [
        (2, "Username"), (3, "Username"), (4, "Username"), (5, "Username"), (7, "ID"),
    ]  # fmt: skip
    assert set(SignInName.objects.exclude(user=commandant).values_list("name", flat=True)) == {
        "5",
        "eva",
        "7",
    }


def test_a_username_of_a_cadet_who_has_an_account_is_changed(run):
    run(csv_of("ID,Name", '1,"Cruz, Ana"'))
    assert run(csv_of("ID,Username", "1,ana"))["changed"] == 1
    assert set(SignInName.objects.values_list("name", flat=True)) == {"1", "ana"}
    assert run(csv_of("ID,Username", "1,ana"))["same"] == 1


def test_an_email_that_two_cadets_share_is_kept_on_both(run):
    assert run(csv_of("ID,Name,Email", '1,"Cruz, Ana",a@b.ph', '2,"Cruz, Ben",a@b.ph')).status == 0
    assert Cadet.objects.filter(email="a@b.ph").count() == 2


def test_a_cadet_of_an_earlier_term_keeps_the_record_and_is_enrolled_again(run, term):
    run(csv_of(HEAD, JUAN), FORM)
    later = factories.open_term(semester=2)
    outcome = run(csv_of("ID,First Name,MS", "0012-0001,Juan,MS2"), term=later)
    assert outcome["new"] == 1
    cadet = Cadet.objects.get()
    assert list(cadet.enrollments.order_by("term__name").values_list("ms_level", flat=True)) == ["MS1", "MS2"]
    assert User.objects.filter(cadet=cadet).count() == 1


def test_who_is_not_in_the_file_is_counted_and_untouched(run, enrollment):
    assert run(csv_of("ID,Name", '1,"Cruz, Ana"'))["absent"] == 1
    enrollment.refresh_from_db()
    assert enrollment.unit.path == "1st/alpha/1st/"


def test_the_sheet_is_the_first_with_a_header_or_the_named_one(run):
    book = xlsx_of(
        [["Cover page"]],
        First=[["ID", "Name"], [1, "A, B"]],
        Second=[["ID", "Name"], [2, "C, D"], [3, "E, F"]],
    )
    assert run(book, name="a.xlsx", check=True)["new"] == 1
    assert run(book, "--sheet", "second", name="a.xlsx", check=True)["new"] == 2


@pytest.mark.parametrize("name", [*BROKEN, "no_header.csv"])
def test_a_file_that_cannot_be_read_ends_with_status_two_and_writes_nothing(run, name):
    before = tables()
    with pytest.raises(CommandError) as stopped:
        run(BROKEN.get(name, b"one,two\nthree,four\n"), name=name)
    assert stopped.value.returncode == 2
    assert tables() == before


def test_a_file_that_cannot_be_read_says_so_in_json_too(term, tmp_path):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(b"<html>no workbook</html>")
    said = StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command("import_file", "roster", file, "--term", term.name, "--json", stdout=said)
    outcome = json.loads(said.getvalue())
    assert (outcome["new"], outcome["committed"]) == (0, False)
    assert outcome["problems"] == [{"row": None, "column": None, "reason": str(stopped.value)}]


def test_a_missing_file_and_an_unknown_term_end_with_status_two(term):
    for arguments in (["none.csv", "--term", term.name], ["none.csv", "--term", "1999-2000-1"]):
        with pytest.raises(CommandError) as stopped:
            call_command("import_file", "roster", *arguments)
        assert stopped.value.returncode == 2


def test_an_unknown_name_for_by_ends_with_status_two_as_nothing_was_read(run):
    with pytest.raises(CommandError, match="Nobody signs in") as stopped:
        run(csv_of(HEAD, JUAN), FORM, "--by", "nobody")
    assert stopped.value.returncode == 2


def test_a_closed_term_takes_no_import(run, term):
    from django.utils import timezone

    term.closed_at = timezone.now()
    term.save()
    with pytest.raises(CommandError, match="closed"):
        run(csv_of(HEAD, JUAN))


def test_the_command_asks_for_the_right_of_whoever_says_it(run, tactical, clerk):
    with pytest.raises(CommandError, match="may not"):
        run(csv_of(HEAD, JUAN), FORM, "--by", "tactical.alpha")
    run(csv_of(HEAD, JUAN), FORM, "--by", "clerk")
    assert (
        JournalEntry.objects.get(
            what="enrolled", cadet_id=Cadet.objects.get(student_number="0012-0001").pk
        ).actor_id
        == clerk.pk
    )


def test_nobody_changes_their_own_record_by_a_file(run, cadet, term):
    factories.appointed(cadet, "clerk", term.units.get(kind="corps"))
    outcome = run(csv_of("ID,MS", "2026-0001,MS2"), "--by", "2026-0001")
    assert outcome["problems"][0]["row"] == 2
    assert Enrollment.objects.get().ms_level == "MS1"


def test_an_account_opened_elsewhere_is_no_reason_to_open_another(run):
    cadet = Cadet.objects.create(student_number="1", last_name="Cruz", first_name="Ana")
    open_account("1", cadet=cadet, by=None)
    assert run(csv_of("ID,Name", '1,"Cruz, Ana"'))["new"] == 1
    assert User.objects.count() == 1
