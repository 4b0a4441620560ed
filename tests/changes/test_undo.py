"""Taking a change back: what it would do is said first, then exactly that; what changed since stays and is named."""

import pytest
from django.urls import reverse
from django.utils import timezone

from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment
from rotc.standings.models import Standing
from tests import factories
from tests.changes.deeds import fill, held, last_act, seen_on, type_in


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


@pytest.fixture
def cadets(platoon):
    return factories.platoon_of(platoon, 4)


@pytest.fixture
def filled(cadets, prelim, tactical):
    """A fill of 80 over four cadets, two of whom had 70: its act."""
    for each in cadets[:2]:
        type_in(each, prelim, "70", tactical)
    return fill(cadets, prelim, "80", tactical).act


@pytest.fixture
def look(as_user):
    def of(act, user, **asked):
        reply = as_user(user).get(reverse("changes:undo", args=[act]), asked)
        return reply, " ".join(reply.content.decode().split())

    return of


@pytest.fixture
def confirm(as_user):
    """``confirm(act, user, seen)``: what the page that follows says."""

    def of(act, user, seen, reason="Wrong key", **asked):
        address = reverse("changes:undo", args=[act], query=asked)
        reply = as_user(user).post(address, {"seen": seen, "reason": reason}, follow=True)
        return reply, " ".join(reply.content.decode().split())

    return of


def values(cadets, prelim):
    return [held(each, prelim).typed for each in cadets]


def test_it_says_first_what_it_would_do_and_then_does_it(look, confirm, tactical, filled, cadets, prelim):
    reply, said = look(filled, tactical)
    assert "Will change 4, leave 0, lower 2" in said
    assert values(cadets, prelim) == ["80"] * 4
    _, after = confirm(filled, tactical, seen_on(reply))
    assert "Took back 4 cells." in after
    assert values(cadets, prelim) == ["70", "70", "", ""]
    assert {line.how for line in JournalEntry.objects.filter(act=last_act())} == {"undo"}
    assert JournalEntry.objects.filter(undoes=filled).count() == 4


def test_what_it_lowers_needs_a_reason(look, confirm, tactical, filled, cadets, prelim):
    reply, said = look(filled, tactical)
    assert "Why scores are lowered" in said
    reply, said = confirm(filled, tactical, seen_on(reply), reason=" ")
    assert reply.status_code == 422
    assert "say why" in said
    assert values(cadets, prelim) == ["80"] * 4
    reply, said = confirm(filled, tactical, seen_on(reply), reason="x" * 201)
    assert reply.status_code == 422
    assert values(cadets, prelim) == ["80"] * 4


def test_blanks_that_one_filled_oneself_are_blank_again_without_a_reason(
    look, confirm, tactical, cadets, prelim
):
    act = fill(cadets, prelim, "80", tactical).act
    reply, said = look(act, tactical)
    assert "Will change 4, leave 0, lower none" in said
    assert "They are all blank again, as before you filled them. No reason is asked." in said
    assert "Why scores are lowered" not in said
    assert "Lower</span>" not in said
    _, after = confirm(act, tactical, seen_on(reply), reason="")
    assert "Took back 4 cells." in after
    assert "lowered" not in after
    assert values(cadets, prelim) == [""] * 4


def test_where_only_some_were_blank_before_the_reason_is_for_the_others(look, tactical, filled):
    said = look(filled, tactical)[1]
    assert "2 of them are blank again, as before you filled them." in said
    assert "No reason is asked" not in said
    assert "Why scores are lowered" in said


def test_what_another_officer_filled_is_not_emptied_without_a_reason(
    look, confirm, commandant, tactical, cadets, prelim
):
    act = fill(cadets, prelim, "80", tactical).act
    reply, said = look(act, commandant)
    assert "Will change 4, leave 0, lower 4" in said
    assert confirm(act, commandant, seen_on(reply), reason="")[0].status_code == 422
    assert values(cadets, prelim) == ["80"] * 4


def test_what_one_brought_back_of_another_is_not_emptied_without_a_reason(
    look, confirm, commandant, tactical, cadets, prelim
):
    act = fill(cadets, prelim, "80", tactical).act
    for _ in range(2):
        confirm(act, commandant, seen_on(look(act, commandant)[0]))
        act = last_act()
    assert values(cadets, prelim) == ["80"] * 4
    assert "lower 4" in look(act, commandant)[1]


def test_what_changed_since_is_named_before_and_stays(
    look, confirm, tactical, commandant, filled, cadets, prelim
):
    type_in(cadets[0], prelim, "91", commandant)
    reply, said = look(filled, tactical)
    assert "Will change 3, leave 1, lower 1" in said
    assert "Prelim, Cadet001, Test is 91 now, set by Sgt Maria Commandant" in said
    confirm(filled, tactical, seen_on(reply))
    assert values(cadets, prelim) == ["91", "70", "", ""]


def test_what_changed_between_the_look_and_the_confirming_stays_and_is_named(
    look, confirm, tactical, commandant, filled, cadets, prelim
):
    reply, _ = look(filled, tactical)
    type_in(cadets[0], prelim, "91", commandant)
    _, said = confirm(filled, tactical, seen_on(reply))
    assert (
        "Took back 3 cells. Left as they are: Prelim, Cadet001, Test is 91 now, set by Sgt Maria Commandant"
        in said
    )
    assert values(cadets, prelim) == ["91", "70", "", ""]


def test_only_what_was_shown_is_taken_back(confirm, tactical, filled, cadets, prelim):
    shown = f"{cadets[0].pk}.{prelim.pk}.2"
    confirm(filled, tactical, shown)
    assert values(cadets, prelim) == ["70", "80", "80", "80"]


@pytest.mark.parametrize("shown", ["", "x", "1.2", "9.9.9", "1.2.3;DROP", "9" * 30 + ".1.1", "１.２.３"])
def test_a_confirmation_of_nothing_that_was_shown_changes_nothing(
    confirm, tactical, filled, cadets, prelim, shown
):
    reply, _ = confirm(filled, tactical, shown)
    assert reply.status_code == 422
    assert values(cadets, prelim) == ["80"] * 4


def test_an_undo_can_itself_be_taken_back(look, confirm, tactical, filled, cadets, prelim):
    confirm(filled, tactical, seen_on(look(filled, tactical)[0]))
    undone = last_act()
    assert "Nothing of it is left to take back" in look(filled, tactical)[1]
    assert "was taken back by Sgt Maria Tactical.Alpha" in look(filled, tactical)[1]
    reply, said = look(undone, tactical)
    assert "Will change 4, leave 0, lower none" in said
    confirm(undone, tactical, seen_on(reply), reason="")
    assert values(cadets, prelim) == ["80"] * 4
    assert "Will change 4, leave 0, lower 2" in look(filled, tactical)[1]


def test_what_a_later_change_hid_stands_again_once_that_is_taken_back(
    look, confirm, tactical, commandant, filled, cadets, prelim
):
    type_in(cadets[0], prelim, "91", commandant)
    later = last_act()
    confirm(later, commandant, seen_on(look(later, commandant)[0]))
    reply, said = look(filled, tactical)
    assert "Will change 4" in said
    confirm(filled, tactical, seen_on(reply))
    assert values(cadets, prelim) == ["70", "70", "", ""]


def test_clearing_is_taken_back_to_the_score(look, confirm, tactical, enrollment, prelim):
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "", tactical)
    reply, said = look(last_act(), tactical)
    assert "80 → blank" in said
    confirm(last_act(), tactical, seen_on(reply), reason="")
    assert held(enrollment, prelim).typed == "80"


def test_nobody_takes_back_what_is_their_own_archived_or_moved_away(
    look, confirm, commandant, cadets, prelim, filled, bravo, alpha
):
    own, archived, moved, _ = cadets
    officer = factories.appointed(own.cadet.user, "tactical_officer", alpha)
    Cadet.objects.filter(pk=archived.cadet_id).update(archived_at=timezone.now())
    Enrollment.objects.filter(pk=moved.pk).update(unit=bravo)
    reply, said = look(filled, officer)
    assert "Will change 1, leave 3, lower 1" in said
    assert "Cadet001, Test is your own record" in said
    assert "Cadet002, Test is archived" in said
    assert "1 in units that are not yours" in said
    assert "Cadet003" not in said
    confirm(filled, officer, seen_on(reply))
    assert values(cadets, prelim) == ["80", "80", "80", ""]


def test_who_was_archived_or_moved_between_is_skipped_and_named(
    look, confirm, tactical, cadets, prelim, filled, bravo, alpha
):
    reply, _ = look(filled, tactical)
    Cadet.objects.filter(pk=cadets[1].cadet_id).update(archived_at=timezone.now())
    Enrollment.objects.filter(pk=cadets[2].pk).update(unit=bravo)
    _, said = confirm(filled, tactical, seen_on(reply))
    assert "Took back 2 cells." in said
    assert "Prelim, Cadet002, Test is archived" in said
    assert "1 not yours any more" in said
    assert values(cadets, prelim) == ["70", "80", "80", ""]


def test_a_value_that_does_not_fit_any_more_is_named(look, tactical, enrollment, prelim):
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "40", tactical)
    prelim.items = 50
    prelim.save()
    reply, said = look(last_act(), tactical)
    assert reply.status_code == 200
    assert "cannot hold 80 any more" in said


def test_a_closed_term_is_refused_in_words(look, confirm, tactical, filled, cadets, prelim, term):
    reply, _ = look(filled, tactical)
    shown = seen_on(reply)
    term.closed_at = timezone.now()
    term.save()
    assert look(filled, tactical)[0].status_code == 422
    reply, said = confirm(filled, tactical, shown)
    assert reply.status_code == 422
    assert "is closed" in said
    assert values(cadets, prelim) == ["80"] * 4


def test_it_goes_back_to_the_sheet_one_came_from_and_nowhere_else(look, confirm, tactical, filled, term):
    sheet = f"/sheet/?term={term.name}"
    reply, _ = look(filled, tactical)
    assert confirm(filled, tactical, seen_on(reply), next=sheet)[0].redirect_chain[0][0] == sheet
    reply, _ = look(last_act(), tactical)
    there = confirm(last_act(), tactical, seen_on(reply), next="//evil.example/")[0].redirect_chain[0][0]
    assert there.startswith("/changes/")


def test_the_standings_follow(look, confirm, tactical, filled, cadets):
    before = Standing.objects.get(enrollment=cadets[3]).proficiency
    confirm(filled, tactical, seen_on(look(filled, tactical)[0]))
    assert Standing.objects.get(enrollment=cadets[3]).proficiency != before


def test_an_act_that_nobody_did_does_not_exist(as_user, tactical):
    for name in ("act", "undo"):
        address = reverse(f"changes:{name}", args=["11111111-1111-4111-8111-111111111111"])
        assert as_user(tactical).get(address).status_code == 404


def test_what_an_import_hid_stands_again_once_the_import_is_taken_back(
    look, commandant, enrollment, prelim, term
):
    type_in(enrollment, prelim, "80", commandant)
    typed = last_act()
    data = b"Student No,Prelim\n2026-0001,77\n"
    plan = make_plan("scores", term, "prelim.csv", data, Choices(), by=commandant, reach=everybody(term))
    commit_plan(plan, by=commandant, reach=everybody(term))
    assert "is 77 now" in look(typed, commandant)[1]
    undo_plan(plan, by=commandant, reach=everybody(term))
    assert held(enrollment, prelim).typed == "80"
    assert "Will change 1" in look(typed, commandant)[1]


# --- my last change, from the sheet


@pytest.fixture
def undo_last(as_user, term, platoon):
    def of(user, htmx=True, **asked):
        address = reverse("changes:undo_last", query={"term": term.name, "unit": platoon.pk} | asked)
        reply = as_user(user).post(address, headers={"HX-Request": "true"} if htmx else {})
        return reply, " ".join(reply.content.decode().split())

    return of


def test_my_last_change_is_taken_back_at_once_and_answered_as_a_saved_cell(
    undo_last, tactical, enrollment, prelim
):
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "88", tactical)
    reply, said = undo_last(tactical)
    assert reply.status_code == 200
    assert f'value="{enrollment.pk}.{prelim.pk}"' in said
    assert 'data-version="3" data-typed="80"' in said
    assert f'id="x{enrollment.pk}"' in said
    assert held(enrollment, prelim).typed == "80"


def test_pressing_again_goes_further_back_until_nothing_is_left(
    undo_last, tactical, enrollment, cadets, prelim
):
    type_in(enrollment, prelim, "80", tactical)
    type_in(cadets[0], prelim, "70", tactical)
    type_in(enrollment, prelim, "88", tactical, how="form")
    everything = [enrollment, cadets[0]]
    for left in (["80", "70"], ["80", ""], ["", ""]):
        assert undo_last(tactical)[0].status_code == 200
        assert values(everything, prelim) == left
    reply, said = undo_last(tactical)
    assert reply.status_code == 422
    assert "nothing of yours to take back" in said


def test_a_cell_changed_by_somebody_else_since_is_never_overwritten(
    undo_last, tactical, commandant, enrollment, cadets, prelim
):
    type_in(cadets[0], prelim, "70", tactical)
    type_in(enrollment, prelim, "80", tactical)
    type_in(enrollment, prelim, "91", commandant)
    undo_last(tactical)
    assert values([enrollment, cadets[0]], prelim) == ["91", ""]
    assert undo_last(tactical)[0].status_code == 422


def test_another_officers_changes_imports_and_other_units_are_not_mine(
    undo_last, tactical, commandant, enrollment, prelim, alpha
):
    other = factories.enroll(alpha.children.get(path__endswith="2nd/"), "26-9", "Zeta", "Al")
    type_in(other, prelim, "70", tactical)
    type_in(enrollment, prelim, "80", commandant)
    assert undo_last(tactical)[0].status_code == 422
    assert undo_last(tactical, unit=alpha.pk)[0].status_code == 200
    assert held(other, prelim).typed == ""


def test_a_bulk_change_is_looked_at_first(undo_last, tactical, filled, cadets, prelim):
    reply, _ = undo_last(tactical)
    assert reply.status_code == 200
    assert reply["HX-Redirect"].startswith(reverse("changes:undo", args=[filled]))
    assert values(cadets, prelim) == ["80"] * 4


def test_without_scripts_it_goes_back_to_the_sheet_and_says_so(
    undo_last, as_user, tactical, enrollment, prelim
):
    type_in(enrollment, prelim, "80", tactical)
    reply, _ = undo_last(tactical, htmx=False)
    assert reply.status_code == 302
    assert reply["Location"].startswith("/sheet/")
    assert "80 taken back, blank again" in as_user(tactical).get(reply["Location"]).content.decode()


def test_in_a_closed_term_nothing_is_taken_back(undo_last, tactical, enrollment, prelim, term):
    type_in(enrollment, prelim, "80", tactical)
    term.closed_at = timezone.now()
    term.save()
    reply, said = undo_last(tactical)
    assert reply.status_code == 422
    assert "is closed" in said
    assert held(enrollment, prelim).typed == "80"


def test_a_page_that_somebody_else_left_open_takes_nothing_back(
    as_user, tactical, commandant, enrollment, prelim, term
):
    type_in(enrollment, prelim, "80", tactical)
    address = reverse("changes:undo_last", query={"term": term.name, "unit": enrollment.unit_id})
    reply = as_user(tactical).post(address, {"reader": commandant.pk}, headers={"HX-Request": "true"})
    assert reply.status_code == 403
    assert held(enrollment, prelim).typed == "80"


def test_what_stands_under_the_column_comes_with_it(undo_last, tactical, enrollment, prelim):
    type_in(enrollment, prelim, "80", tactical)
    assert f'id="f{prelim.pk}e">0<' in undo_last(tactical)[1]
