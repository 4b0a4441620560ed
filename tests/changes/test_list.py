"""The list of a term's changes of scores, and one change: who reads what, in which words."""

import pytest
from django.urls import reverse

from rotc.imports.actions import commit_plan, make_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from tests import factories
from tests.changes.deeds import fill, last_act, type_in


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


@pytest.fixture
def cadets(platoon):
    return factories.platoon_of(platoon, 6)


@pytest.fixture
def page(as_user):
    """``page(user, term, exam=…)``: what the list shows."""

    def of(user, term, **asked):
        reply = as_user(user).get(reverse("changes:list"), {"term": term.name} | asked)
        assert reply.status_code == 200
        return reply.content.decode()

    return of


def body(text):
    return " ".join(text.split("<tbody>")[1].split("</tbody>")[0].split()) if "<tbody>" in text else ""


def test_a_typed_cell_is_a_line_that_says_who_how_and_what(page, tactical, term, enrollment, prelim):
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "88", tactical)
    said = body(page(tactical, term))
    assert "Prelim, Dela Cruz, Juan: 80 → 88" in said
    assert "Prelim, Dela Cruz, Juan: blank → 80" in said
    assert said.index("80 → 88") < said.index("blank → 80")
    assert "Sgt Maria Tactical.Alpha" in said
    assert "Typed" in said


def test_a_cleared_cell_is_said_to_be_blank(page, tactical, term, enrollment, prelim):
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "", tactical)
    assert "80 → blank" in page(tactical, term)


def test_a_change_of_many_cells_is_one_line_with_its_reason(page, tactical, term, cadets, prelim):
    for each in cadets[:2]:
        type_in(each, prelim, "95", tactical)
    fill(cadets, prelim, "90", tactical, reason="Key was wrong")
    said = body(page(tactical, term))
    assert "6 cells of Prelim in Alpha Company · 1st Platoon, lowered 2" in said
    assert "Key was wrong" in said
    assert "Filled" in said
    assert said.count(reverse("changes:undo", args=[last_act()])) == 1


def test_cells_typed_one_after_the_other_are_folded_and_taken_back_singly(
    page, tactical, term, cadets, prelim
):
    for number, each in enumerate(cadets):
        type_in(each, prelim, str(70 + number), tactical)
    said = body(page(tactical, term))
    assert "<summary>6 cells of Prelim in Alpha Company · 1st Platoon</summary>" in said
    assert said.count("<tr>") == 1
    assert said.count("/undo/") == 6


def test_it_is_narrowed_by_unit_exam_officer_and_way(
    page, tactical, commandant, term, enrollment, alpha, prelim
):
    midterm = term.exams.get(name="Midterm")
    other = factories.enroll(alpha.children.get(path__endswith="2nd/"), "26-9", "Zeta", "Al")
    type_in(enrollment, prelim, "80", tactical)
    type_in(other, midterm, "70", commandant)
    first, second = "Dela Cruz, Juan: blank", "Zeta, Al: blank"
    for narrow, shown, hidden in [
        ({"unit": enrollment.unit_id}, first, second),
        ({"exam": midterm.pk}, second, first),
        ({"who": commandant.pk}, second, first),
        ({"how": "typed"}, second, "No such change"),
        ({"how": "paste"}, "No such change", first),
        ({"unit": "x", "exam": "99999999999999999999", "who": "-", "how": "?"}, first, "No such change"),
    ]:
        said = page(tactical, term, **narrow)
        assert shown in said, narrow
        assert hidden not in said, narrow


def test_an_officer_reads_the_part_of_a_change_that_is_in_their_units(
    page, tactical, commandant, term, cadets, bravo, prelim, as_user
):
    elsewhere = factories.platoon_of(bravo.children.first(), 3, start=50)
    fill([*cadets, *elsewhere], prelim, "80", commandant)
    assert "9 cells of Prelim in 2 units" in page(commandant, term)
    assert "6 cells of Prelim in Alpha Company · 1st Platoon" in page(tactical, term)
    one = as_user(tactical).get(reverse("changes:act", args=[last_act()])).content.decode()
    assert "Cadet001" in one
    assert "Cadet050" not in one


def test_a_change_in_another_company_does_not_exist(page, as_user, tactical, enrollment, prelim, term, bravo):
    type_in(enrollment, prelim, "80", tactical)
    officer = factories.staff("tactical.bravo", "tactical_officer", bravo)
    assert "No score has been entered yet" in page(officer, term)
    for name in ("act", "undo"):
        assert as_user(officer).get(reverse(f"changes:{name}", args=[last_act()])).status_code == 404


def test_who_reads_grades_and_enters_none_is_offered_no_taking_back(
    page, as_user, clerk, tactical, enrollment, prelim, term
):
    type_in(enrollment, prelim, "80", tactical)
    said = page(clerk, term)
    assert "blank → 80" in said
    assert "Take back" not in said
    assert as_user(clerk).get(reverse("changes:undo", args=[last_act()])).status_code == 403
    one = as_user(clerk).get(reverse("changes:act", args=[last_act()]))
    assert one.status_code == 200
    assert b"Take back" not in one.content


@pytest.mark.parametrize("person", ["cadet", "leader"])
def test_it_is_for_those_who_see_grades(as_user, request, person, enrollment, prelim, tactical):
    type_in(enrollment, prelim, "80", tactical)
    client = as_user(request.getfixturevalue(person))
    for address in (
        reverse("changes:list"),
        reverse("changes:act", args=[last_act()]),
        reverse("changes:fill"),
    ):
        assert client.get(address).status_code == 403


def test_one_change_says_what_changed_since_and_by_whom(as_user, tactical, commandant, cadets, prelim, term):
    fill(cadets, prelim, "80", tactical)
    act = last_act()
    type_in(cadets[0], prelim, "91", commandant)
    said = " ".join(as_user(tactical).get(reverse("changes:act", args=[act])).content.decode().split())
    assert "blank → <b>80</b>" in said
    assert "91 now, typed by Sgt Maria Commandant" in said
    assert said.count("Stands") == 5


def test_an_import_is_a_line_that_leads_to_its_own_page(
    page, as_user, commandant, tactical, clerk, cadets, term
):
    data = b"Student No,Prelim\n" + b"".join(
        b"%s,77\n" % each.cadet.student_number.encode() for each in cadets
    )
    plan = make_plan("scores", term, "prelim.csv", data, Choices(), by=commandant, reach=everybody(term))
    commit_plan(plan, by=commandant, reach=everybody(term))
    said = body(page(commandant, term))
    assert "6 cells from prelim.csv" in said
    assert "Import" in said
    client = as_user(commandant)
    assert (
        reverse("imports:plan", args=[plan.pk])
        in client.get(reverse("changes:act", args=[plan.act])).content.decode()
    )
    assert client.get(reverse("changes:undo", args=[plan.act]))["Location"] == reverse(
        "imports:plan", args=[plan.pk]
    )
    refused = as_user(tactical).get(reverse("changes:undo", args=[plan.act]))
    assert refused.status_code == 422
    assert "prelim.csv" in refused.content.decode()


def test_an_older_page_goes_on_where_the_newer_ended(page, as_user, tactical, term, platoon, prelim):
    midterm = term.exams.get(name="Midterm")
    cadets = factories.platoon_of(platoon, 35)
    for each in cadets:
        for exam in (prelim, midterm):
            type_in(each, exam, "80", tactical)
    first = page(tactical, term)
    before = JournalEntry.objects.filter(what="score recorded").order_by("-pk")[59].pk
    assert f"before={before}" in first
    second = page(tactical, term, before=before)
    assert 'rel="next"' not in second
    shown = body(first) + body(second)
    for each in cadets:
        assert shown.count(f"Prelim, {each.cadet.short_name}: blank") >= 1


def test_the_list_is_taken_as_a_file_with_all_its_pages(as_user, tactical, term, platoon, prelim):
    for each in factories.platoon_of(platoon, 70):
        type_in(each, prelim, "80", tactical)
    reply = as_user(tactical).get(reverse("changes:list"), {"term": term.name, "as": "csv"})
    lines = reply.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 71
    assert '"Prelim, Cadet070, Test: blank → 80"' in lines[1]
    act = as_user(tactical).get(reverse("changes:act", args=[last_act()]), {"as": "xlsx"})
    assert act.status_code == 200


def test_lines_from_before_acts_were_kept_are_read_and_not_taken_back(
    page, tactical, term, enrollment, prelim
):
    JournalEntry.objects.create(
        what="score recorded", subject=f"score:{enrollment.pk}:{prelim.pk}", actor="Sgt Reyes", how="typed",
        term_id=term.pk, enrollment_id=enrollment.pk, cadet_id=enrollment.cadet_id, changes={"Prelim": [None, "80"]},
    )  # fmt: skip
    said = page(tactical, term)
    assert "Prelim, Dela Cruz, Juan: blank → 80" in said
    assert "Take back" not in said
