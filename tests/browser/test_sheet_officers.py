"""Scores that another officer, a closed term or a moved cadet is in the way of, and what is taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sheet import RECORD, cell, cut, kept, mend, saved, state, stored, type_into

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("second_platoon", "blank")]


def typed_over(page, server, mine, theirs):
    """The officer types into Abad's Prelim while the commandant stores another value there: both are shown."""
    cell(page, "Abad", "Prelim").focus()
    page.keyboard.type(mine)
    server.script(RECORD.format("Abad", "Prelim", theirs))
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_contain_text(f"Yours {mine} · Sgt Maria Commandant set {theirs} at")


def test_a_conflict_is_decided_by_a_choice_and_not_by_passing_through(open_sheet, server):
    page = open_sheet()
    typed_over(page, server, "88", "91")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(300)
    assert stored(server)["Abad", "Prelim"] == "91"
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("button", name="Keep 91")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, "Abad", "Prelim")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cell(page, "Abad", "Prelim")).to_be_focused()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server)["Abad", "Prelim"] == "88"


def test_who_types_what_the_other_stored_has_nothing_left_to_decide(open_sheet, server):
    page = open_sheet()
    typed_over(page, server, "88", "EX")
    type_into(page, "Abad", "Prelim", "EX")
    expect(page.locator(".conflict")).to_have_count(0)
    expect(state(page)).to_have_text("Scores save as you type.")
    expect(cell(page, "Abad", "Prelim")).to_have_value("EX")
    assert stored(server)["Abad", "Prelim"] == "EX"
    assert kept(page) == 0


# The mark goes again after three seconds.
SHOWS_AS_CHANGED = """([value, mark]) => [...document.querySelectorAll("#sheet .cell")].some((cell) =>
  cell.querySelector("input").value === value && cell.textContent.includes(mark))"""


def test_anothers_change_is_marked_and_in_the_cell_one_is_in_only_told(open_sheet, server):
    page = open_sheet()
    cell(page, "Bello", "Prelim").focus()
    page.keyboard.type("7")
    server.script(RECORD.format("Abad", "Prelim", "64"))
    page.wait_for_function(SHOWS_AS_CHANGED, arg=["64", "↻ changed"], timeout=20_000)
    server.script(RECORD.format("Bello", "Prelim", "65"))
    expect(page.get_by_text("↻ now 65")).to_be_visible()
    expect(cell(page, "Bello", "Prelim")).to_have_value("7")
    page.keyboard.type("7")
    expect(cell(page, "Bello", "Prelim")).to_have_value("77")
    page.keyboard.press("Escape")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Bello", "Prelim")).to_have_value("65")
    assert stored(server)["Bello", "Prelim"] == "65"


def test_who_else_is_on_this_sheet_is_said(open_sheet):
    mine, theirs = open_sheet("tactical"), open_sheet("commandant")
    theirs.goto("/sheet/?q=ana")
    expect(mine.locator("#present")).to_have_text("Also here: Sgt Maria Commandant")
    expect(theirs.locator("#present")).to_have_text("Also here: Sgt Maria Tactical")


def test_as_above_and_taking_back(open_sheet, server):
    page = open_sheet()
    type_into(page, "Abad", "Prelim", "35/100")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    expect(state(page)).to_contain_text("All saved")
    saved(page, lambda: page.keyboard.press("Control+d"))
    expect(cell(page, "Bello", "Prelim")).to_have_value("35")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server)["Bello", "Prelim"] == "35"
    page.keyboard.press("Control+z")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    assert stored(server) == {("Abad", "Prelim"): "35", ("Bello", "Prelim"): ""}


def test_taking_back_in_a_cell_being_typed_is_the_browsers(open_sheet, server):
    page = open_sheet()
    type_into(page, "Abad", "Prelim", "35")
    expect(state(page)).to_contain_text("All saved")
    page.keyboard.type("9")
    page.keyboard.press("Control+z")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    page.wait_for_timeout(300)
    assert stored(server) == {("Abad", "Prelim"): "35"}


def test_alt_down_leads_to_the_cells_history_and_esc_back(open_sheet):
    page = open_sheet()
    cell(page, "Cruz", "Midterm").focus()
    expect(page.locator("#about")).to_contain_text("Midterm, Cruz, Ana")
    page.keyboard.press("Alt+ArrowDown")
    link = page.get_by_role("link", name="History of this cell")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, "Cruz", "Midterm")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Midterm, Cruz"))).to_be_visible()


def test_a_closed_term_is_said_in_each_cell_and_nothing_is_stored(open_sheet, server):
    page = open_sheet()
    server.script(
        "from django.utils import timezone\nfrom rotc.roster.models import Term\nTerm.objects.update(closed_at=timezone.now())"
    )
    type_into(page, "Abad", "Prelim", "50")
    expect(page.locator(".why")).to_contain_text("is closed. Not saved.")
    expect(cell(page, "Abad", "Prelim")).to_have_value("50")
    expect(state(page)).to_contain_text("1 not saved")
    assert stored(server) == {}


def test_a_cadet_moved_away_meanwhile_takes_no_other_cell_along(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Cruz", "Prelim", "50")
    type_into(page, "Diaz", "Prelim", "51")
    expect(state(page)).to_contain_text("2 not saved")
    move = """
from rotc.roster.models import Enrollment, Unit
from tests import factories
one = Enrollment.objects.get(cadet__last_name="Diaz")
one.unit = {}
one.save()
"""
    server.script(move.format('factories.company(one.term, "Bravo").children.first()'))
    mend(page)
    expect(page.locator(".why")).to_contain_text("no longer yours to enter. Not saved.", timeout=10000)
    expect(cell(page, "Diaz", "Prelim")).to_have_value("51")
    assert stored(server) == {("Cruz", "Prelim"): "50"}
    server.script(move.format('Unit.objects.get(path__endswith="alpha/1st/")'))
