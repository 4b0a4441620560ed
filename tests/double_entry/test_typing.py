"""Starting a double entry, its paper, and the two passes: by two officers, the second blind, nothing ever lost."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc.accounts.models import User
from rotc.double_entry.models import DoubleEntry
from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term
from tests import factories


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def start(client, exam, unit):
    return client.post(f"/double-entry/new/?term={unit.term.name}&exam={exam.pk}&unit={unit.pk}")


# --- starting


def test_choosing_says_what_will_happen_and_starting_fixes_the_order(
    as_user, tactical, prelim, platoon, cadets
):
    client = as_user(tactical)
    said = words(client.get(f"/double-entry/new/?exam={prelim.pk}&unit={platoon.pk}"))
    assert "Prelim, Alpha Company · 1st Platoon: 3 cadets" in said
    assert not DoubleEntry.objects.exists()

    start(client, prelim, platoon)

    entry = DoubleEntry.objects.get()
    assert [line["name"] for line in entry.order] == ["Abad, Ana", "Bello, Ana", "Cruz, Ana"]
    assert [line["enrollment"] for line in entry.order] == [each.pk for each in cadets]


def test_the_order_stays_as_it_was_printed(page, entry, cadets, tactical):
    cadets[0].cadet.last_name = "Zamora"
    cadets[0].cadet.save()
    said = words(page(tactical, "paper"))
    assert said.index("1 Abad, Ana") < said.index("2 Bello, Ana") < said.index("3 Cruz, Ana")


def test_one_is_open_per_exam_and_unit_and_the_page_leads_to_it(as_user, entry, prelim, platoon, tactical):
    client = as_user(tactical)
    said = words(client.get(f"/double-entry/new/?exam={prelim.pk}&unit={platoon.pk}"))
    assert "One is open already" in said
    answer = start(client, prelim, platoon)
    assert answer.status_code == 422
    assert "One is open already for Prelim in Alpha Company · 1st Platoon. Nothing was started." in words(
        answer
    )
    assert DoubleEntry.objects.count() == 1


def test_the_database_keeps_one_open_per_exam_and_unit(entry, tactical):
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubleEntry.objects.create(exam=entry.exam, unit=entry.unit, order=[], started_by=tactical)


def test_an_officer_who_is_a_cadet_too_is_left_out_and_told(as_user, prelim, platoon, cadets):
    officer = factories.appointed(cadets[1].cadet.user, "tactical_officer", platoon)
    client = as_user(officer)
    said = words(client.get(f"/double-entry/new/?exam={prelim.pk}&unit={platoon.pk}"))
    assert "Bello, Ana Your own record: another officer enters it." in said
    start(client, prelim, platoon)
    assert [line["name"] for line in DoubleEntry.objects.get().order] == ["Abad, Ana", "Cruz, Ana"]


def test_a_battalion_an_empty_platoon_and_a_closed_term_start_nothing(
    as_user, prelim, alpha, platoon, commandant
):
    client = as_user(commandant)
    start(client, prelim, alpha.parent)
    assert "Nobody is in it. Nothing was started." in words(start(client, prelim, platoon))
    Term.objects.update(closed_at=timezone.now())
    assert "is closed. Nothing was changed." in words(start(client, prelim, platoon))
    assert not DoubleEntry.objects.exists()


def test_an_exam_that_is_entered_from_paper_stays(as_user, entry, prelim, commandant):
    answer = as_user(commandant).post(f"/sheet/exams/{prelim.pk}/drop/", follow=True)
    assert "Prelim was begun on paper: a double entry names it. It stays." in words(answer)


# --- the paper and the list


def test_the_paper_has_numbered_lines_empty_boxes_and_two_places_to_sign(page, entry, tactical):
    answer = page(tactical, "paper")
    said = words(answer)
    assert "Prelim: scores" in said
    assert "Alpha Company · 1st Platoon" in said
    assert "100 items · 3 cadets" in said
    assert "First typed by Second typed by" in said
    assert "2 Bello, Ana 26-002" in said
    assert answer.content.decode().count('<td class="box"></td>') == 3


def test_the_list_says_what_each_waits_for(as_user, hand_in, entry, tactical, other):
    assert "Waits for a first officer" in words(as_user(tactical).get("/double-entry/"))
    hand_in(tactical, "first", ["1", "2", "3"])
    assert "Waits for a second officer" in words(as_user(tactical).get("/double-entry/"))
    hand_in(other, "second", ["1", "2", "3"])
    assert "Waits to be compared" in words(as_user(tactical).get("/double-entry/"))


def test_the_list_is_taken_as_a_file_without_a_score_in_it(as_user, hand_in, tactical, entry):
    hand_in(tactical, "first", ["61", "62", "63"])
    text = as_user(tactical).get("/double-entry/?as=csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith(
        '"Prelim","Alpha Company · 1st Platoon","3","Waits for a second officer"'
    )
    assert '"61"' not in text


# --- the first pass


def test_the_first_pass_is_kept_as_the_sheet_would_write_it_and_nothing_reaches_the_sheet(
    hand_in, entry, tactical
):
    answer = hand_in(tactical, "first", ["87,50", "35/100", "abs"])
    assert answer.status_code == 302
    entry.refresh_from_db()
    assert entry.first == ["87.5", "35", "ABS"]
    assert entry.first_by == tactical
    assert not Score.objects.exists()


def test_a_line_that_cannot_be_read_is_refused_at_its_line_and_all_else_is_kept(hand_in, entry, tactical):
    answer = hand_in(tactical, "first", ["87", "105", "8O"])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Lines 2, 3 cannot be read. Nothing is saved yet; all you typed stands below." in words(answer)
    assert "105 is above 100." in text
    assert "“8O” is not a score. Type a number, ABS or EX." in text
    assert re.findall(r'name="line_\d" value="([^"]*)"', text) == ["87", "105", "8O"]
    entry.refresh_from_db()
    assert entry.first_at is None


def test_empty_lines_are_asked_about_before_they_are_taken_as_empty(hand_in, entry, tactical):
    answer = hand_in(tactical, "first", ["87", "", "90"])
    assert answer.status_code == 422
    assert "Line 2 is empty. Nothing is saved yet" in words(answer)
    assert "Lines that are empty here are empty on the paper too" in words(answer)
    assert hand_in(tactical, "first", ["87", "", "90"], blanks="1").status_code == 302
    entry.refresh_from_db()
    assert entry.first == ["87", "", "90"]


def test_a_form_that_came_back_empty_saves_nothing(page, entry, tactical):
    for form in ({}, {"which": "first"}, {"which": "third"}, {"which": "second", "line_0": "\0" * 99}):
        assert page(tactical, "type", form).status_code == 422
    entry.refresh_from_db()
    assert entry.due == "first"


# --- the second pass


def test_the_second_pass_shows_neither_the_first_nor_what_the_sheet_holds(
    page, hand_in, entry, cadets, prelim, tactical, other
):
    record_score(cadets[0], prelim, typed="41.25", seen_version=0, by=tactical)
    hand_in(tactical, "first", ["71.75", "72.75", "73.75"])
    for where in ("", "type", "paper"):
        text = page(other, where).content.decode()
        assert not [figure for figure in ("41.25", "71.75", "72.75", "73.75") if figure in text]
    refused = hand_in(other, "second", ["x", "71", "72"]).content.decode()
    assert "71.75" not in refused
    assert "41.25" not in refused


def test_the_journal_names_who_typed_and_not_what(hand_in, entry, tactical):
    hand_in(tactical, "first", ["71.75", "72.75", "73.75"])
    lines = JournalEntry.objects.filter(subject=f"double entry:{entry.pk}").order_by("pk")
    assert [line.what for line in lines] == ["double entry started", "double entry typed first"]
    assert lines[1].actor == tactical.title
    assert lines[1].term_id == entry.exam.term_id
    assert "71.75" not in str(lines[1].changes)


def test_the_first_officer_does_not_type_the_second(page, hand_in, entry, tactical):
    hand_in(tactical, "first", ["1", "2", "3"])
    said = "You typed the first pass: another officer types the second, without seeing yours."
    assert said in words(page(tactical))
    assert said in words(page(tactical, "type"))
    answer = hand_in(tactical, "second", ["1", "2", "3"])
    assert answer.status_code == 422
    assert f"{said} Nothing of yours was saved." in words(answer)
    entry.refresh_from_db()
    assert entry.second_at is None


def test_the_database_too_wants_another_officer(hand_in, entry, tactical):
    hand_in(tactical, "first", ["1", "2", "3"])
    with pytest.raises(IntegrityError), transaction.atomic():
        DoubleEntry.objects.update(second=["1", "2", "3"], second_at=timezone.now(), second_by=tactical)


def test_who_comes_second_with_a_first_pass_keeps_it_as_the_second(hand_in, entry, tactical, other):
    hand_in(tactical, "first", ["81", "82", "83"])
    answer = hand_in(other, "first", ["91", "92", "93"])
    assert answer.status_code == 422
    assert f"{tactical.title} handed in the first pass at" in words(answer)
    assert "hand it in as the second pass" in words(answer)
    text = answer.content.decode()
    assert 'name="which" value="second"' in text
    assert re.findall(r'name="line_\d" value="([^"]*)"', text) == ["91", "92", "93"]
    assert "81" not in words(answer)
    entry.refresh_from_db()
    assert entry.first == ["81", "82", "83"]


def test_a_second_pass_is_not_overwritten_by_a_third_officer(hand_in, typed_twice, entry, other, commandant):
    typed_twice(["1", "2", "3"], ["1", "2", "4"])
    answer = hand_in(commandant, "second", ["7", "8", "9"])
    assert f"{other.title} handed in the second pass at" in words(answer)
    entry.refresh_from_db()
    assert entry.second == ["1", "2", "4"]


def test_nobody_types_their_own_line(page, hand_in, entry, cadets, platoon, tactical):
    officer = factories.appointed(cadets[1].cadet.user, "tactical_officer", platoon)
    hand_in(tactical, "first", ["81", "82", "83"])
    assert "Your own record: not yours to type." in words(page(officer, "type"))
    assert hand_in(officer, "second", ["81", "100", "83"]).status_code == 302
    entry.refresh_from_db()
    assert entry.second == ["81", None, "83"]


# --- withdrawing, closed terms, and who may


def test_withdrawing_stores_nothing_keeps_who_did_it_and_frees_the_place(
    as_user, page, typed_twice, entry, prelim, platoon, other
):
    typed_twice(["1", "2", "3"], ["1", "2", "3"])
    page(other, "withdraw", {})
    entry.refresh_from_db()
    assert entry.withdrawn_by == other
    assert entry.first == ["1", "2", "3"]
    assert not Score.objects.exists()
    assert "is withdrawn already" in words(page(other, "withdraw", {}))
    assert "This double entry is withdrawn." in words(page(other, "type"))
    assert "There is nothing to compare: withdrawn." in words(page(other, "compare"))
    assert start(as_user(other), prelim, platoon).status_code == 302


def test_in_a_closed_term_it_stays_as_it_is(page, hand_in, entry, tactical):
    Term.objects.update(closed_at=timezone.now())
    assert "is closed: it stays as it is" in words(page(tactical))
    assert "is closed. Nothing was changed." in words(hand_in(tactical, "first", ["1", "2", "3"]))
    assert "is closed. Nothing was changed." in words(page(tactical, "withdraw", {}))


def test_other_companies_do_not_find_it_and_the_office_only_reads_it(
    page, entry, bravo, clerk, leader, cadet
):
    stranger = factories.staff("tactical.bravo", "tactical_officer", bravo)
    for person in (stranger, leader, cadet):
        for where in ("", "paper", "type", "compare"):
            assert page(person, where).status_code == 404
        assert page(person, "withdraw", {}).status_code == 404
    assert page(clerk).status_code == page(clerk, "paper").status_code == 200
    for where in ("type", "compare"):
        assert page(clerk, where).status_code == 403
    assert page(clerk, "withdraw", {}).status_code == 403


def test_today_names_it_to_who_can_carry_it_on(as_user, hand_in, entry, tactical, other):
    def waits(user):
        return "1 double entry waits for you" in words(as_user(User.objects.get(pk=user.pk)).get("/"))

    assert not waits(other)
    hand_in(tactical, "first", ["1", "2", "3"])
    assert waits(other)
    assert not waits(tactical)
    hand_in(other, "second", ["1", "2", "3"])
    assert waits(tactical)
