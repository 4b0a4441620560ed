"""A file of scores: read as it is, shown, committed exactly as shown, and taken back."""

import pytest

from rotc.accounts.models import SignInName
from rotc.exams.actions import change_exam
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow, UnreadableFile
from tests import factories
from tests.imports.conftest import xlsx_of
from tests.imports.scores import reasons, scores, type_in

HEAD = "Student ID,Prelim,Midterm,Final"


def test_scores_go_in_as_they_stand_in_the_file(check_scores, commit_scores, term, juan, ana):
    plan = check_scores(HEAD, '2026-0001,87,"87,5",ABS', "0012-0002,35/100,EX,")
    assert scores(term) == {}
    assert plan.notes["says"] == ["Will change 5 scores, leave 0, lower none."]
    commit_scores(plan)
    assert scores(term) == {
        ("2026-0001", "Prelim"): "87",
        ("2026-0001", "Midterm"): "87.5",
        ("2026-0001", "Final"): "ABS",
        ("0012-0002", "Prelim"): "35",
        ("0012-0002", "Midterm"): "EX",
    }


@pytest.mark.parametrize(
    "heads",
    [
        ("Prelims", "Mid-term", "Finals"),
        ("Prelim Score", "Midterm Score", "Final Score"),
        ("PRELIM EXAM", "mid term exam", "final examination"),
        ("Preliminary", "Midterms", "Final Exam"),
    ],
)
def test_exams_are_found_under_the_names_that_people_write(check_scores, juan, heads):
    plan = check_scores("SID," + ",".join(heads), "2026-0001,1,2,3")
    assert list(plan.rows[0]["values"].values()) == ["1", "2", "3"]


def test_the_final_grade_of_a_class_record_is_no_score_of_the_final(check_scores, juan):
    plan = check_scores("Student ID,Prelim,Subject Score,Final Grade", "2026-0001,80,32,82")
    assert plan.rows[0]["values"] == {"exam_prelim": "80"}
    assert plan.notes["unused"] == ["Subject Score", "Final Grade"]


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Student No", "2026-0001"),
        ("Username", "juanito"),
        ("E-mail", "juan@example.org"),
        ("Name", '"Dela Cruz, Juan"'),
        ("Cadet Name", "Juan Dela Cruz"),
        ("LName,FName", "dela cruz,JUAN"),
    ],
)
def test_a_cadet_is_known_by_number_username_mail_or_name(check_scores, juan, head, cell):
    juan.cadet.email = "juan@example.org"
    juan.cadet.save()
    SignInName.objects.create(name="juanito", kind=SignInName.Kind.USERNAME, user=juan.cadet.user)
    plan = check_scores(f"{head},Prelim", f"{cell},80")
    assert [row["student_number"] for row in plan.rows if row["state"] == "new"] == ["2026-0001"]


def test_the_number_decides_before_the_name_and_a_contradiction_is_a_problem(check_scores, juan, ana):
    plan = check_scores("ID,Name,Prelim", '2026-0001,"Peña, Ana",80')
    assert reasons(plan) == [(2, "ID", "is Dela Cruz, Juan's, but the row names somebody else")]


def test_a_name_that_fits_two_is_a_question_and_its_answer_is_used(
    check_scores, commit_scores, term, juan, platoon
):
    factories.enroll(platoon, "2026-0077", "Dela Cruz", "Juan")
    lines = ("Name,Prelim", '"Dela Cruz, Juan",80')
    plan = check_scores(*lines)
    [question] = plan.notes["questions"]
    assert [fit["student_number"] for fit in question["fits"]] == ["2026-0001", "2026-0077"]
    assert plan.notes["counts"]["new"] == 0
    commit_scores(check_scores(*lines, answers={"2": "2026-0077"}))
    assert scores(term) == {("2026-0077", "Prelim"): "80"}


def test_another_companys_cadet_is_refused_with_the_words_for_an_unknown_one(check_scores, bravo, juan):
    factories.enroll(bravo, "2026-0900", "Cruz", "Ben")
    plan = check_scores("ID,Prelim", "2026-0900,80", "2026-9999,80")
    said = [reason.replace("2026-0900", "X").replace("2026-9999", "X") for _, _, reason in reasons(plan)]
    assert len(said) == 2
    assert said[0] == said[1]


def test_nobody_enters_their_own_scores(check_scores, commit_scores, term, juan, alpha):
    factories.appointed(juan.cadet.user, "tactical_officer", alpha)
    plan = check_scores("ID,Prelim", "2026-0001,100", by=juan.cadet.user)
    assert "is yourself" in plan.problems[0]["reason"]


def test_a_cell_that_is_no_score_leaves_its_row_out_and_says_which(check_scores, juan, ana):
    plan = check_scores(HEAD, "2026-0001,105,80,", "0012-0002,35/50,absent?,")
    assert reasons(plan) == [
        (2, "Prelim", "Dela Cruz, Juan: 105 is above 100"),
        (3, "Midterm", "Peña, Ana: “absent?” is not a score. Type a number, ABS or EX"),
        (3, "Prelim", "Peña, Ana: 35/50 is out of 50, but the exam has 100 items"),
    ]
    assert plan.notes["counts"] | {"absent": 0} == {
        "new": 0, "changed": 0, "same": 0, "absent": 0, "left_out": 2,
    }  # fmt: skip


def test_a_blank_erases_nothing(check_scores, commit_scores, term, juan):
    type_in(juan, "Prelim", "80")
    commit_scores(check_scores(HEAD, "2026-0001,,90,-"))
    assert scores(term) == {("2026-0001", "Prelim"): "80", ("2026-0001", "Midterm"): "90"}


def test_new_changed_and_same_are_told_apart_and_a_second_import_is_all_same(
    check_scores, commit_scores, juan, ana, platoon
):
    third = factories.enroll(platoon, "3", "Abad", "Zita")
    type_in(ana, "Prelim", "70")
    type_in(third, "Prelim", "60")
    lines = ("ID,Prelim", "2026-0001,80", "0012-0002,75", "3,60")
    plan = check_scores(*lines)
    assert {row["student_number"]: row["state"] for row in plan.rows} == {
        "2026-0001": "new", "0012-0002": "changed", "3": "same",
    }  # fmt: skip
    commit_scores(plan)
    again = check_scores(*lines)
    assert {row["state"] for row in again.rows} == {"same"}
    assert not again.notes["lowers"]


def test_lowering_is_counted_and_its_reason_stands_in_the_journal(check_scores, commit_scores, juan, ana):
    type_in(juan, "Prelim", "80")
    type_in(juan, "Midterm", "EX")
    type_in(ana, "Prelim", "80")
    plan = check_scores("ID,Prelim,Midterm,Final", "2026-0001,ABS,ABS,50", "0012-0002,79.5,,")
    assert plan.notes["lowers"] == 3
    assert plan.notes["says"] == ["Will change 4 scores, leave 0, lower 3."]
    commit_scores(plan, reason="Read from the wrong sheet")
    line = JournalEntry.objects.filter(what="score recorded", enrollment_id=ana.pk).first()
    assert (line.changes, line.reason, line.how) == (
        {"Prelim": ["80", "79.5"]}, "Read from the wrong sheet", "import",
    )  # fmt: skip


def test_differing_rows_of_one_cadet_are_all_problems_and_equal_ones_count_once(check_scores, juan, ana):
    plan = check_scores(
        "ID,Name,Prelim",
        "2026-0001,,80",
        '2026-0001,"Dela Cruz, Juan",80.0',
        "0012-0002,,70",
        "0012-0002,,71",
    )
    assert reasons(plan) == [
        (4, "ID", "Peña, Ana: rows 4 and 5 are of the same cadet but differ"),
        (5, "ID", "Peña, Ana: rows 4 and 5 are of the same cadet but differ"),
    ]
    assert plan.notes["counts"]["new"] == 1


def test_who_is_enrolled_and_not_in_the_file_is_listed(check_scores, juan, ana, bravo):
    factories.enroll(bravo, "9", "Cruz", "Ben")
    plan = check_scores("ID,Prelim", "2026-0001,80")
    assert [row["student_number"] for row in plan.rows if row["state"] == "absent"] == ["0012-0002"]


def test_a_column_that_only_says_score_is_of_the_chosen_exam(check_scores, commit_scores, term, juan):
    with pytest.raises(
        UnreadableFile, match=r"Choose the exam that the column “Points” is of. It has Prelim"
    ):
        check_scores("ID,Points", "2026-0001,80")
    with pytest.raises(UnreadableFile, match="no exam “Quiz”"):
        check_scores("ID,Points", "2026-0001,80", exam="Quiz")
    commit_scores(check_scores("ID,Points", "2026-0001,80", exam="midterm"))
    assert scores(term) == {("2026-0001", "Midterm"): "80"}


def test_a_score_beside_exams_is_not_used_and_that_is_said(check_scores, juan):
    plan = check_scores("ID,Prelim,Score", "2026-0001,80,99")
    assert plan.rows[0]["values"] == {"exam_prelim": "80"}
    assert "“Score” is not used: no exam is chosen for it." in plan.notes["says"]


def test_workbooks_are_read_with_whole_numbers_as_they_look(check_scores, commit_scores, term, juan):
    commit_scores(
        check_scores(data=xlsx_of([["ID", "Prelim", "Finals"], ["2026-0001", 87, 90.5]]), name="scores.xlsx")
    )
    assert scores(term) == {("2026-0001", "Prelim"): "87", ("2026-0001", "Final"): "90.5"}


def test_the_match_of_columns_is_remembered_in_the_next_term_but_not_for_exams_it_lacks(
    check_scores, commit_scores, juan, tactical
):
    lines = ("Matrikel,P1", "2026-0001,80")
    commit_scores(check_scores(*lines, columns={"student_number": 0, "exam_prelim": 1}))
    assert check_scores(*lines).rows[0]["state"] == "same"
    change_exam(juan.term.exams.get(name="Prelim"), name="Quiz", items=100, weight=1, by=None)
    assert check_scores(*lines).notes["missing"]


def test_a_score_typed_since_the_check_stops_the_commit(
    check_scores, commit_scores, term, juan, ana, commandant
):
    plan = check_scores("ID,Prelim", "2026-0001,80", "0012-0002,70")
    type_in(ana, "Prelim", "91", by=commandant)
    with pytest.raises(NotNow, match=r"Prelim, Peña, Ana: Sgt Maria Commandant set 91.*Nothing was written"):
        commit_scores(plan)
    assert scores(term) == {("0012-0002", "Prelim"): "91"}


def test_fewer_items_since_the_check_stop_the_commit(check_scores, commit_scores, term, juan):
    plan = check_scores("ID,Prelim", "2026-0001,80")
    change_exam(term.exams.get(name="Prelim"), name="Prelim", items=50, weight=1, by=None)
    with pytest.raises(NotNow, match="80 is above 50"):
        commit_scores(plan)
    assert scores(term) == {}


def test_a_cadet_who_left_the_company_since_the_check_stops_the_commit(
    check_scores, commit_scores, term, juan, bravo
):
    plan = check_scores("ID,Prelim", "2026-0001,80")
    juan.unit = bravo
    juan.save()
    with pytest.raises(NotNow, match="Dela Cruz, Juan is not yours to enter any more"):
        commit_scores(plan)
