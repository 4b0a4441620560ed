"""Comparing both passes, settling what differs, and storing it as one act that never overwrites silently."""

import re

import pytest
from django.utils import timezone

from rotc.changes.taking_back import would_take_back
from rotc.exams.actions import change_exam, record_score
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.roster.models import Enrollment, Term
from rotc.standings.models import Standing
from rotc.verdicts.overrides import set_override
from tests import factories
from tests.double_entry.test_typing import words


@pytest.fixture
def settle(page, other):
    """Post the preview as it is shown, with these answers; the answer of the server."""

    def post(answers=None, user=other, **more):
        shown = page(user, "compare", answers or {"look": "1"}).content.decode()
        seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
        return page(user, "compare", {"seen": seen, **(answers or {}), **more})

    return post


def stored():
    return {score.enrollment.cadet.last_name: score.typed for score in Score.objects.all()}


def test_values_written_differently_agree_and_are_stored_as_one_act(settle, page, typed_twice, entry, other):
    typed_twice(["87", "87.0", "ABS"], ["87,0", "87/100", "abs"])
    said = words(page(other, "compare"))
    assert "Both passes agree on every line." in said
    assert "Will change 3, leave 0, lower 0" in said
    answer = settle()
    assert answer.status_code == 302
    assert stored() == {"Abad": "87", "Bello": "87", "Cruz": "ABS"}
    lines = JournalEntry.objects.filter(what="score recorded")
    assert {line.how for line in lines} == {"double entry"}
    assert len({line.act for line in lines}) == 1
    entry.refresh_from_db()
    assert (entry.settled_by, entry.due) == (other, None)
    done = JournalEntry.objects.get(subject=f"double entry:{entry.pk}", what="double entry settled")
    assert done.act == lines[0].act
    assert done.changes["changed"] == [None, 3]


def test_standings_follow(settle, typed_twice, cadets):
    typed_twice(["80", "80", "80"], ["80", "80", "80"])
    settle()
    assert {f"{each.proficiency:.2f}" for each in Standing.objects.filter(enrollment__in=cadets)} == {"32.00"}


def test_a_settled_double_entry_is_taken_back_as_one(settle, page, typed_twice, entry, other):
    typed_twice(["80", "81", "82"], ["80", "81", "82"])
    settle()
    act = JournalEntry.objects.filter(what="score recorded").first().act
    assert f"/changes/{act}/undo/" in page(other).content.decode()
    reached = Enrollment.objects.all()
    found = would_take_back(act, entry.unit.term, reached, reached, by=other)
    assert [cell.typed for cell in found.proposal.changes] == ["", "", ""]


def test_only_lines_that_differ_are_shown_with_both_values(page, typed_twice, other):
    typed_twice(["87", "0", ""], ["78", "ABS", ""])
    said = words(page(other, "compare"))
    assert "2 of 3 lines differ" in said
    assert "1. Abad, Ana 26-001 87 first 78 second" in said
    assert "2. Bello, Ana 26-002 0 first ABS second" in said
    assert "Cruz" not in said


@pytest.mark.parametrize(
    ("first", "second"), [("0", "ABS"), ("0", ""), ("ABS", ""), ("EX", "ABS"), ("8", "80")]
)
def test_what_is_not_the_same_differs(page, typed_twice, other, first, second):
    typed_twice([first, "1", "1"], [second, "1", "1"])
    assert "1 of 3 lines differ" in words(page(other, "compare"))


def test_each_is_settled_by_choosing_one_or_typing_what_the_paper_says(settle, typed_twice):
    typed_twice(["87", "50", "60"], ["78", "51", "61"])
    answers = {"choice_0": "first", "choice_1": "second", "choice_2": "typed", "typed_2": "62,5"}
    assert settle(answers).status_code == 302
    assert stored() == {"Abad": "87", "Bello": "51", "Cruz": "62.5"}


def test_a_line_left_open_or_contradicted_is_said_at_its_line_and_the_rest_is_kept(page, typed_twice, other):
    typed_twice(["87", "50", "60"], ["78", "51", "61"])
    answers = {"choice_0": "first", "typed_0": "88", "typed_2": "600", "seen": "1.1.0"}
    answer = page(other, "compare", answers)
    assert answer.status_code == 422
    said = words(answer)
    assert "You chose 87 and typed 88: keep one of them." in said
    assert "Choose one, or type what the paper says." in said
    assert "600 is above 100." in said
    assert "3 lines not settled yet. Nothing is stored." in said
    assert 'name="typed_2" value="600"' in answer.content.decode()
    assert not Score.objects.exists()


def test_one_can_go_back_from_the_preview_to_the_lines_that_differ(page, typed_twice, other):
    typed_twice(["87", "50", "60"], ["78", "50", "60"])
    answer = page(other, "compare", {"choice_0": "second", "again": "1", "seen": "1.1.0"})
    assert answer.status_code == 200
    assert 'value="second" checked' in answer.content.decode()
    assert not Score.objects.exists()


def test_what_the_sheet_holds_already_is_shown_old_to_new_and_lowering_needs_a_reason(
    page, settle, typed_twice, cadets, prelim, tactical, other
):
    record_score(cadets[0], prelim, typed="90", seen_version=0, by=tactical)
    record_score(cadets[1], prelim, typed="50", seen_version=0, by=tactical)
    typed_twice(["87", "50", "60"], ["87", "50", "60"])
    said = words(page(other, "compare"))
    assert "Will change 2, leave 1, lower 1" in said
    assert "Abad, Ana 90 87 lower" in said
    answer = settle()
    assert answer.status_code == 422
    assert "It lowers scores: say why. Nothing was changed." in words(answer)
    assert stored() == {"Abad": "90", "Bello": "50"}
    assert settle(reason="The paper says 87").status_code == 302
    assert stored() == {"Abad": "87", "Bello": "50", "Cruz": "60"}
    assert JournalEntry.objects.filter(what="score recorded", reason="The paper says 87").exists()


def test_a_line_that_is_empty_on_the_paper_takes_no_score_away(
    page, settle, typed_twice, cadets, prelim, tactical, other
):
    record_score(cadets[0], prelim, typed="90", seen_version=0, by=tactical)
    typed_twice(["", "50", "60"], ["", "50", "60"])
    said = words(page(other, "compare"))
    assert "Will change 2, leave 1, lower 0" in said
    assert "1 line is empty on the paper: what the sheet holds there stays." in said
    settle()
    assert stored() == {"Abad": "90", "Bello": "50", "Cruz": "60"}


def test_a_cell_changed_since_it_was_shown_is_left_and_named(
    page, typed_twice, cadets, prelim, tactical, other
):
    record_score(cadets[1], prelim, typed="50", seen_version=0, by=tactical)
    typed_twice(["87", "50", "60"], ["87", "50", "60"])
    seen = re.search(r'name="seen" value="([^"]*)"', page(other, "compare").content.decode())[1]
    record_score(cadets[0], prelim, typed="99", seen_version=0, by=tactical)
    record_score(cadets[1], prelim, typed="49", seen_version=1, by=tactical)
    page(other, "compare", {"seen": seen})
    said = words(page(other))
    assert "Settled: 1 score stored." in said
    assert "because they changed since they were shown: Abad, Ana; Bello, Ana" in said
    assert stored() == {"Abad": "99", "Bello": "49", "Cruz": "60"}


def test_when_all_changed_since_nothing_is_settled_and_one_looks_again(
    page, settle, typed_twice, entry, cadets, prelim, tactical, other
):
    typed_twice(["87", "", ""], ["87", "", ""])
    seen = re.search(r'name="seen" value="([^"]*)"', page(other, "compare").content.decode())[1]
    record_score(cadets[0], prelim, typed="87", seen_version=0, by=tactical)
    answer = page(other, "compare", {"seen": seen})
    assert answer.status_code == 422
    assert "Look again." in words(answer)
    assert settle().status_code == 302
    entry.refresh_from_db()
    assert entry.settled_at


def test_a_double_entry_of_empty_lines_is_settled_and_changes_nothing(settle, typed_twice, entry):
    typed_twice(["", "", ""], ["", "", ""])
    assert settle().status_code == 302
    entry.refresh_from_db()
    assert entry.settled_at
    assert not Score.objects.exists()


def test_cadets_moved_archived_erased_or_dropped_meanwhile_are_left_out_and_named(
    page, settle, typed_twice, alpha, cadets, entry, other
):
    typed_twice(["87", "50", "60"], ["78", "51", "60"])
    Enrollment.objects.filter(pk=cadets[0].pk).update(unit=alpha.children.get(path__endswith="2nd/"))
    cadets[1].cadet.archived_at = timezone.now()
    cadets[1].cadet.save()
    said = words(page(other, "compare"))
    assert "Abad, Ana Moved to Alpha Company · 2nd Platoon meanwhile." in said
    assert "Bello, Ana Archived meanwhile." in said
    assert "Will change 1" in said
    settle()
    assert stored() == {"Cruz": "60"}


def test_a_dropped_cadet_and_one_who_is_not_enrolled_any_more_are_left_out(
    page, typed_twice, cadets, entry, commandant, other
):
    typed_twice(["87", "50", "60"], ["87", "50", "60"])
    set_override(cadets[0], entry.unit.term.rules.code_dropped, reason="Left", by=commandant)
    entry.order[1]["enrollment"] = 10**9
    entry.save(update_fields=["order"])
    said = words(page(other, "compare"))
    assert "Abad, Ana Dropped meanwhile." in said
    assert "Bello, Ana Not enrolled any more." in said


def test_ones_own_line_is_stored_by_nobody_and_named(page, settle, hand_in, entry, cadets, platoon, tactical):
    officer = factories.appointed(cadets[1].cadet.user, "tactical_officer", platoon)
    hand_in(tactical, "first", ["81", "82", "83"])
    hand_in(officer, "second", ["81", "82", "83"])
    assert "Bello, Ana Typed once only: nobody types their own record." in words(page(tactical, "compare"))
    assert "Bello, Ana Not yours to enter: it is your own record" in words(page(officer, "compare"))
    settle(user=officer)
    assert stored() == {"Abad": "81", "Cruz": "83"}


def test_items_changed_meanwhile_are_said_and_scores_above_them_are_settled_by_the_paper(
    page, settle, typed_twice, prelim, commandant, other
):
    typed_twice(["87", "40", "41"], ["87", "40", "41"])
    change_exam(prelim, name="Prelim", items=50, weight=prelim.weight, by=commandant)
    said = words(page(other, "compare"))
    assert "The exam had 100 items when the paper was made; it has 50 now." in said
    assert "1 of 3 lines differ" in said
    assert "Both typed 87. 87 is above 50." in said
    assert page(other, "compare", {"choice_0": "first"}).status_code == 422
    settle({"choice_0": "typed", "typed_0": "43.5"})
    assert stored() == {"Abad": "43.5", "Bello": "40", "Cruz": "41"}


def test_it_is_settled_once_and_not_in_a_closed_term(page, settle, typed_twice, entry, tactical, other):
    typed_twice(["87", "40", "41"], ["87", "40", "41"])
    seen = re.search(r'name="seen" value="([^"]*)"', page(other, "compare").content.decode())[1]
    Term.objects.update(closed_at=timezone.now())
    assert "is closed. Nothing was changed." in words(page(other, "compare", {"seen": seen}))
    Term.objects.update(closed_at=None)
    assert page(other, "compare", {"seen": seen}).status_code == 302
    again = page(tactical, "compare", {"seen": seen})
    assert again.status_code == 422
    assert "There is nothing to compare: settled." in words(again)


@pytest.mark.parametrize("seen", ["", "x", "1.2", "1.2.3.4", "9" * 400, "1.1.-1 2.2.99999999999"])
def test_a_preview_that_was_not_shown_stores_nothing(page, typed_twice, other, seen):
    typed_twice(["87", "40", "41"], ["87", "40", "41"])
    answer = page(other, "compare", {"seen": seen})
    assert answer.status_code == 422
    assert not Score.objects.exists()


def test_before_both_passes_there_is_nothing_to_compare(page, hand_in, tactical):
    hand_in(tactical, "first", ["61.25", "62", "63"])
    answer = page(tactical, "compare")
    assert answer.status_code == 422
    assert "61.25" not in answer.content.decode()
