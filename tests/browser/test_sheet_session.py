"""What becomes of scores when the session ends, or becomes another's, while they are typed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.held import Held
from tests.browser.sheet import cell, kept, leave_unsaved, mend, state, stored, type_into
from tests.served import fill_in, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("company", "blank")]


def on_the_page(page, username):
    """Signs in in the dialog over the sheet."""
    fill_in(page.frame_locator("dialog iframe"), username)


def in_another_tab(page, username):
    """The session that the page began with ends, and another begins beside it."""
    other = page.context.new_page()
    page.context.clear_cookies()
    sign_in(other, username)


def became(page, server, username):
    """The browser's session is another's from now on, and no page has heard of it."""
    session = server.session_of(username)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


def test_the_next_officer_on_this_browser_neither_sees_nor_sends_what_the_first_typed(open_sheet, server):
    page = open_sheet()
    leave_unsaved(page, "Abad", "Final", "70")
    page.context.clear_cookies()
    sign_in(page, "commandant")
    mend(page)
    page.goto("/sheet/?q=ana")
    expect(cell(page, "Abad", "Final")).to_have_value("")
    type_into(page, "Bello", "Final", "50")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Bello", "Final"): "50"}
    assert kept(page) == 1


def test_one_signs_in_on_the_page_and_everything_that_waited_is_saved(open_sheet, server):
    page = open_sheet()
    page.context.clear_cookies()
    cell(page, "Cruz", "Final").focus()
    for value in ("70", "71"):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in to go on")
    expect(dialog).to_be_visible()
    expect(state(page)).to_contain_text("Signed out, 2 not saved")
    assert stored(server) == {}
    on_the_page(page, "tactical")
    expect(dialog).to_be_hidden()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "70", ("Diaz", "Final"): "71"}
    expect(cell(page, "Diaz", "Final")).to_be_focused()


def test_what_is_typed_while_the_page_asks_who_is_signed_in_is_told_as_unsaved_too(open_sheet):
    page = open_sheet()
    asking = Held(page, "**/signed-in/")
    page.context.clear_cookies()
    type_into(page, "Abad", "Final", "70")
    asking.wait()
    type_into(page, "Bello", "Final", "71")
    asking.let_go()
    expect(state(page)).to_contain_text("Signed out, 2 not saved")


def test_when_somebody_else_signs_in_there_nothing_of_the_first_officer_is_sent(open_sheet, server):
    page = open_sheet()
    page.context.clear_cookies()
    type_into(page, "Cruz", "Final", "70")
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_navigation(url=re.compile("/sheet/"), timeout=15000):
        on_the_page(page, "commandant")
    expect(page.get_by_text("Sgt Maria Commandant").first).to_be_attached()
    expect(cell(page, "Cruz", "Final")).to_have_value("")
    page.wait_for_timeout(500)
    assert stored(server) == {}


def test_who_signed_in_again_in_another_tab_notices_nothing(open_sheet, server):
    page = open_sheet()
    in_another_tab(page, "tactical")
    page.evaluate("dispatchEvent(new Event('focus'))")  # they come back to this tab
    type_into(page, "Cruz", "Final", "72")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "72"}


def test_signed_in_as_somebody_else_in_another_tab_the_first_officers_page_sends_nothing(open_sheet, server):
    page = open_sheet()
    in_another_tab(page, "commandant")
    stop = page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")
    expect(stop).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_navigation(url=re.compile("/sheet/")):
        page.get_by_role("button", name="Go on as Sgt Maria Commandant").click()
    expect(cell(page, "Cruz", "Final")).to_have_value("")
    assert stored(server) == {}


def test_at_the_latest_the_next_save_says_that_somebody_else_is_signed_in(open_sheet, server):
    page = open_sheet()
    became(page, server, "commandant")
    type_into(page, "Cruz", "Final", "73")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()
    assert kept(page) == 1
    assert stored(server) == {}
    became(page, server, "tactical")
    with page.expect_navigation(url=re.compile("/sheet/")):
        page.get_by_role("button", name="Go on as").click()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "73"}


def test_somebody_else_who_signs_in_in_another_tab_is_noticed_at_once(open_sheet, server):
    page = open_sheet()
    cell(page, "Cruz", "Final").focus()
    page.keyboard.type("7")
    in_another_tab(page, "commandant")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()
    assert stored(server) == {}


def test_who_comes_back_to_the_sheet_hears_that_somebody_else_is_signed_in(open_sheet, server):
    page = open_sheet()
    became(page, server, "commandant")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()


def test_who_only_looks_says_every_little_while_that_they_are_here(page_of):
    page = page_of("tactical")
    page.clock.install()
    with page.expect_response("**/sheet/changes/**"):
        page.goto("/sheet/")
    for _ in range(3):
        with page.expect_response("**/sheet/changes/**") as beat:
            page.clock.run_for(20_000)
        assert beat.value.status == 200
