"""Filling cells of one exam: what it would do first, then exactly that, as one change."""

import pytest
from django.urls import reverse
from django.utils import timezone

from rotc.journal.models import JournalEntry
from tests import factories
from tests.changes.deeds import held, last_act, seen_on, type_in


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


@pytest.fixture
def cadets(platoon, prelim, tactical):
    """Five: the first two have 90 and 60."""
    found = factories.platoon_of(platoon, 5)
    type_in(found[0], prelim, "90", tactical)
    type_in(found[1], prelim, "60", tactical)
    return found


@pytest.fixture
def ask(as_user, term, platoon, prelim):
    """``ask(user, value=…, cells=…)``: the page; with ``seen`` it confirms."""

    def of(user, seen=None, reason="", **asked):
        query = {"term": term.name, "unit": platoon.pk, "exam": prelim.pk} | asked
        address = reverse("changes:fill", query=query)
        client = as_user(user)
        given = {"seen": seen, "reason": reason}
        reply = client.get(address) if seen is None else client.post(address, given, follow=True)
        return reply, " ".join(reply.content.decode().split())

    return of


def values(cadets, prelim):
    return [held(each, prelim).typed for each in cadets]


def test_only_the_blanks_are_filled_as_one_change_that_can_be_taken_back(ask, tactical, cadets, prelim):
    reply, said = ask(tactical, value="75", cells="blanks")
    assert "Will change 3, leave 2, lower none" in said
    assert values(cadets, prelim) == ["90", "60", "", "", ""]
    reply, said = ask(tactical, seen_on(reply), value="75", cells="blanks")
    assert values(cadets, prelim) == ["90", "60", "75", "75", "75"]
    assert reply.redirect_chain[0][0].startswith("/sheet/")
    assert "Filled 3 cells." in said
    assert f'<a href="{reverse("changes:undo", args=[last_act()])}' in said
    assert {line.how for line in JournalEntry.objects.filter(act=last_act())} == {"fill"}


def test_all_that_are_shown_are_overwritten_with_a_reason_where_it_lowers(ask, tactical, cadets, prelim):
    reply, said = ask(tactical, value="35/50", cells="all")
    assert reply.status_code == 422
    assert "Prelim: 35/50 is out of 50, but the exam has 100 items" in said
    reply, said = ask(tactical, value="75", cells="all")
    assert "Will change 5, leave 0, lower 1" in said
    refused, said = ask(tactical, seen_on(reply), value="75", cells="all")
    assert refused.status_code == 422
    assert "say why" in said
    assert values(cadets, prelim)[0] == "90"
    ask(tactical, seen_on(reply), "Everybody the same", value="75", cells="all")
    assert values(cadets, prelim) == ["75"] * 5
    assert {line.reason for line in JournalEntry.objects.filter(act=last_act())} == {"Everybody the same"}


def test_where_a_chip_narrows_the_sheet_only_those_whom_it_shows_are_filled(
    ask, tactical, term, cadets, prelim
):
    for exam in term.exams.exclude(pk=prelim.pk):
        type_in(cadets[0], exam, "90", tactical)
    reply, said = ask(tactical, value="75", cells="all", show="blanks")
    assert "Will change 4, leave 0, lower none" in said
    ask(tactical, seen_on(reply), value="75", cells="all", show="blanks")
    assert values(cadets, prelim) == ["90", "75", "75", "75", "75"]


def test_clearing_is_explicit_and_lowers(ask, tactical, cadets, prelim):
    reply, said = ask(tactical, value="", cells="all")
    assert "Will change 2, leave 3, lower 2" in said
    ask(tactical, seen_on(reply), "Wrong exam", value="", cells="all")
    assert values(cadets, prelim) == [""] * 5


@pytest.mark.parametrize("value", ["ABS", "EX", "0", "87,5"])
def test_whatever_a_cell_understands_fills_it(ask, tactical, cadets, prelim, value):
    reply, _ = ask(tactical, value=value, cells="blanks")
    ask(tactical, seen_on(reply), value=value, cells="blanks")
    assert values(cadets, prelim)[4] == value.replace(",", ".")


@pytest.mark.parametrize("value", ["105", "-1", "abc", "9" * 60, "1e5", ""])
def test_what_is_no_score_is_said_at_its_field(ask, tactical, cadets, prelim, value):
    reply, said = ask(tactical, value=value, cells="blanks")
    assert reply.status_code == 422
    assert "errorlist" in said
    ask(tactical, f"{cadets[4].pk}.{prelim.pk}.0", value=value, cells="blanks")
    assert values(cadets, prelim) == ["90", "60", "", "", ""]


def test_a_cell_filled_by_somebody_meanwhile_stays_and_is_named(ask, tactical, commandant, cadets, prelim):
    reply, _ = ask(tactical, value="75", cells="blanks")
    type_in(cadets[2], prelim, "33", commandant)
    _, said = ask(tactical, seen_on(reply), value="75", cells="blanks")
    assert (
        "Filled 2 cells. Left as they are: Prelim, Cadet003, Test is 33 now, set by Sgt Maria Commandant"
        in said
    )
    assert values(cadets, prelim) == ["90", "60", "33", "75", "75"]


def test_a_cadet_who_left_the_sheet_meanwhile_is_named(ask, tactical, cadets, prelim, alpha):
    reply, _ = ask(tactical, value="75", cells="blanks")
    cadets[2].unit = alpha.children.get(path__endswith="2nd/")
    cadets[2].save()
    _, said = ask(tactical, seen_on(reply), value="75", cells="blanks")
    assert "Filled 2 cells." in said
    assert "Cadet003, Test is not there to change any more" in said
    assert values(cadets, prelim)[2] == ""


def test_only_the_cadets_of_the_sheet_are_filled(ask, tactical, cadets, prelim):
    reply, said = ask(tactical, value="75", cells="blanks", q="Cadet004")
    assert "Will change 1" in said
    ask(tactical, seen_on(reply), value="75", cells="blanks", q="Cadet004")
    assert values(cadets, prelim) == ["90", "60", "", "75", ""]


def test_ones_own_cell_is_left_out(ask, cadets, prelim, alpha):
    officer = factories.appointed(cadets[4].cadet.user, "tactical_officer", alpha)
    reply, said = ask(officer, value="75", cells="blanks")
    assert "Will change 2" in said
    assert "Cadet005, Test is your own record" in said
    ask(officer, f"{seen_on(reply)} {cadets[4].pk}.{prelim.pk}.0", value="75", cells="blanks")
    assert values(cadets, prelim) == ["90", "60", "75", "75", ""]


def test_it_is_for_who_enters_scores_in_an_open_term(ask, clerk, tactical, cadets, term):
    assert ask(clerk)[0].status_code == 403
    term.closed_at = timezone.now()
    term.save()
    reply, said = ask(tactical)
    assert reply.status_code == 422
    assert "is closed" in said


@pytest.mark.parametrize("asked", [{"exam": "0"}, {"exam": "x"}, {"exam": ""}, {"cells": "?"}, {"cells": ""}])
def test_an_address_that_means_nothing_fills_nothing(ask, tactical, cadets, prelim, asked):
    for seen in (None, f"{cadets[4].pk}.{prelim.pk}.0"):
        assert ask(tactical, seen, **({"value": "75", "cells": "all"} | asked))[0].status_code == 422
    assert values(cadets, prelim) == ["90", "60", "", "", ""]


def test_a_company_too_large_for_one_sheet_is_chosen_by_platoon(ask, commandant, term, platoon):
    factories.many(platoon, 230)
    reply, said = ask(commandant)
    assert reply.status_code == 422
    assert "too many at once" in said
