"""The grade sheet as a page, and as one form where scripts are off."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from rotc.exams.actions import record_score
from rotc.exams.models import Score
from tests import factories

SHEET = "/sheet/"


@pytest.fixture
def two(enrollment, platoon):
    return [enrollment, factories.enroll(platoon, "2026-0002", "Peña", "Rosa")]


def names(page) -> list[str]:
    return [
        name.replace("&#x27;", "'") for name in re.findall(r' name="([\d.]+:[^"]*)"', page.content.decode())
    ]


def test_the_sheet_opens_on_the_officers_first_platoon(as_user, tactical, two):
    page = as_user(tactical).get(SHEET).content.decode()
    assert "Alpha Company · 1st Platoon" in page
    assert "Dela Cruz, Juan" in page
    assert "Peña, Rosa" in page


def test_the_whole_sheet_saves_as_one_form(as_user, tactical, two, term):
    client = as_user(tactical)
    fields = names(client.get(SHEET))
    assert len(fields) == 6
    posted = dict.fromkeys(fields, "") | {fields[0]: "80", fields[5]: "ABS"}
    assert client.post(SHEET, posted).status_code == 302
    assert Score.objects.get(enrollment=two[0], exam__name="Prelim").raw == Decimal("80")
    assert Score.objects.get(enrollment=two[1], exam__name="Final").absence == "no-show"
    assert Score.objects.count() == 2


def test_a_refused_cell_keeps_what_was_typed_and_the_others_are_saved(as_user, tactical, two):
    client = as_user(tactical)
    fields = names(client.get(SHEET))
    page = client.post(SHEET, {fields[0]: "105", fields[1]: "90"})
    assert page.status_code == 422
    assert 'value="105"' in page.content.decode()
    assert "105 is above 100. Not saved." in page.content.decode()
    assert Score.objects.get().raw == Decimal("90")


def test_a_cadet_moved_away_meanwhile_takes_no_other_score_along(as_user, tactical, bravo, two):
    client = as_user(tactical)
    fields = names(client.get(SHEET))
    two[0].unit = bravo
    two[0].save()

    page = client.post(SHEET, {fields[0]: "80", fields[3]: "90"})

    assert page.status_code == 422
    assert "Saved 1. Not saved: 1 no longer yours to enter." in page.content.decode()
    assert Score.objects.get().enrollment == two[1]


def test_cells_nobody_touched_are_left_alone_even_when_others_changed_them(
    as_user, tactical, commandant, two, term
):
    client = as_user(tactical)
    fields = names(client.get(SHEET))
    record_score(two[0], term.exams.get(name="Prelim"), typed="77", seen_version=0, by=commandant)
    assert client.post(SHEET, {fields[0]: "", fields[1]: "90"}).status_code == 302
    assert Score.objects.get(enrollment=two[0], exam__name="Prelim").raw == Decimal("77")


def test_a_conflict_on_the_form_shows_both_values_and_a_second_save_decides(
    as_user, tactical, commandant, two, term
):
    client = as_user(tactical)
    fields = names(client.get(SHEET))
    record_score(two[0], term.exams.get(name="Prelim"), typed="77", seen_version=0, by=commandant)
    page = client.post(SHEET, {fields[0]: "88"})
    assert "Sgt Maria Commandant set 77" in page.content.decode()
    assert 'value="88"' in page.content.decode()
    assert client.post(SHEET, {names(page)[0]: "88"}).status_code == 302
    assert Score.objects.get().raw == Decimal("88")


def test_the_clerk_reads_and_cannot_type(as_user, clerk, two):
    page = as_user(clerk).get(SHEET)
    assert "Dela Cruz, Juan" in page.content.decode()
    assert names(page) == []


def test_the_sheet_finds_a_name_with_an_enye_by_its_plain_letters(as_user, tactical, two):
    page = as_user(tactical).get(SHEET, {"q": "pena"}).content.decode()
    assert "Peña, Rosa" in page
    assert "Dela Cruz" not in page


@pytest.mark.parametrize("columns", ["exams", "attendance", "aptitude", "all", "nonsense"])
def test_every_choice_of_columns_lists_the_cadets_by_name(as_user, tactical, two, platoon, columns):
    factories.enroll(platoon, "2026-0003", "Abad", "Zita")
    page = as_user(tactical).get(SHEET, {"columns": columns}).content.decode()
    assert page.index("Abad, Zita") < page.index("Dela Cruz, Juan") < page.index("Peña, Rosa")


@pytest.mark.parametrize("person", ["cadet", "leader"])
def test_those_who_may_not_see_grades_see_no_sheet(as_user, request, person, two):
    assert as_user(request.getfixturevalue(person)).get(SHEET).status_code == 403


def test_another_companys_sheet_does_not_exist(as_user, tactical, bravo, two):
    assert as_user(tactical).get(SHEET, {"unit": bravo.pk}).status_code == 404


def test_without_a_term_the_sheet_says_what_to_do(as_user, administrator):
    assert "No term is open yet" in as_user(administrator).get(SHEET).content.decode()


def test_the_changes_of_others_come_as_cells_with_their_versions(as_user, tactical, commandant, two, term):
    client = as_user(tactical)
    stamp = re.search(r'data-stamp="([^"]+)"', client.get(SHEET).content.decode())[1]
    prelim = term.exams.get(name="Prelim")
    record_score(two[0], prelim, typed="77", seen_version=0, by=commandant)
    news = client.get(reverse("exams:changes"), {"since": stamp}).content.decode()
    assert f'value="{two[0].pk}.{prelim.pk}" data-version="1" data-typed="77"' in news
    assert f'id="x{two[0].pk}"' in news
    assert f'<td id="f{prelim.pk}e">1</td><td id="f{prelim.pk}b">1</td>' in news


@pytest.mark.parametrize("since", ["", "yesterday", "2026-01-01", "9999-99-99T00:00:00Z"])
def test_changes_since_no_moment_is_refused_in_words(as_user, tactical, two, since):
    assert as_user(tactical).get(reverse("exams:changes"), {"since": since}).status_code == 422


@pytest.mark.parametrize("columns", ["exams", "all"])
def test_the_sheet_costs_the_same_queries_however_many_cadets(queries_of, tactical, platoon, columns):
    factories.platoon_of(platoon, 3)
    few = queries_of(tactical, SHEET, {"columns": columns})
    factories.platoon_of(platoon, 40, start=100)
    assert queries_of(tactical, SHEET, {"columns": columns}) == few


def test_a_name_is_found_in_the_order_people_say_it(as_user, tactical, enrollment, platoon):
    factories.enroll(platoon, "26-009", "Juanillo", "Rosa")
    page = as_user(tactical).get(SHEET, {"unit": platoon.pk, "q": "juan dela cruz"}).content.decode()
    assert "Dela Cruz, Juan" in page
    assert "Juanillo" not in page


@pytest.mark.parametrize("address", [SHEET, "/board/", "/conduct/new/"])
def test_a_unit_of_another_term_is_not_shown_as_one_of_this(
    as_user, commandant, enrollment, platoon, address
):
    earlier = factories.open_term("2025-2026", 1)
    other = factories.company(earlier, "Alpha")
    factories.staff("old", "commandant", earlier.units.get(kind="corps"))
    asked = {"term": platoon.term.name, "unit": other.pk}
    factories.appointed(commandant, "commandant", earlier.units.get(kind="corps"))
    assert as_user(commandant).get(address, asked).status_code == 404
