"""What becomes of scores that were typed and not saved: a line that is cut, a page that is left, a queue."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sheet import (
    CELLS,
    EMPTY,
    RECORD,
    cell,
    cut,
    kept,
    leave_unsaved,
    mend,
    state,
    stored,
    type_into,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("second_platoon", "blank")]


def test_what_was_not_saved_survives_a_reload_and_arrives(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Prelim", "61")
    type_into(page, "Bello", "Prelim", "62")
    expect(state(page)).to_contain_text("2 not saved")
    page.reload()
    expect(cell(page, "Abad", "Prelim")).to_have_value("61")
    expect(state(page)).to_contain_text("2 not saved")
    assert stored(server) == {}
    mend(page)
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "61", ("Bello", "Prelim"): "62"}
    assert kept(page) == 0


def test_scores_typed_while_the_line_was_cut_go_soon_after_it_is_back(open_sheet, server):
    page = open_sheet()
    cut(page)
    for exam in ("Prelim", "Midterm"):
        for name in ("Abad", "Bello", "Cruz", "Diaz"):
            type_into(page, name, exam, "64")
    expect(state(page)).to_contain_text("8 not saved")
    mend(page)
    expect(state(page)).to_contain_text("All saved", timeout=20_000)
    assert len(stored(server)) == 8


def test_a_score_half_typed_when_the_page_is_reloaded_stands_there_and_is_not_sent_by_itself(
    open_sheet, server
):
    page = open_sheet()
    cell(page, "Cruz", "Prelim").focus()
    page.keyboard.type("8")
    page.reload()
    expect(cell(page, "Cruz", "Prelim")).to_have_value("8")
    expect(state(page)).to_contain_text("1 not saved")
    assert stored(server) == {}
    cell(page, "Cruz", "Prelim").focus()
    page.keyboard.press("End")
    page.keyboard.type("87")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved")


def test_yesterdays_unsaved_score_never_overwrites_what_was_set_since(open_sheet, server):
    page = open_sheet()
    leave_unsaved(page, "Abad", "Final", "70")
    page.goto("/")
    server.script(RECORD.format("Abad", "Final", "75"))
    mend(page)
    page.goto("/sheet/")
    expect(page.locator(".conflict")).to_contain_text("Yours 70 · Sgt Maria Commandant set 75")
    assert stored(server)["Abad", "Final"] == "75"
    page.get_by_role("button", name="Keep 75").press("Enter")
    expect(cell(page, "Abad", "Final")).to_have_value("75")
    expect(cell(page, "Abad", "Final")).to_be_focused()
    assert kept(page) == 0


def test_scores_left_unsaved_on_another_sheet_are_told_with_the_way_there(open_sheet, server):
    page = open_sheet()
    leave_unsaved(page, "Abad", "Final", "70")
    other = page.locator("select[name=unit] option").last.get_attribute("value")
    page.goto("/")
    page.evaluate(
        """() => { const name = Object.keys(localStorage).find((each) => each.startsWith("rotc.unsaved."));
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), at: 0 })); }"""
    )
    mend(page)
    page.goto(f"/sheet/?q=evora&unit={other}")
    told = page.get_by_text("1 score is not saved yet (Final, Abad, Ana: 70)")
    expect(told).to_be_visible()
    assert stored(server) == {}
    told.get_by_role("link").click()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Abad", "Final"): "70"}


def test_signing_out_with_unsaved_scores_asks_first_on_any_page(open_sheet, server):
    page = open_sheet()
    leave_unsaved(page, "Abad", "Final", "70")
    page.goto("/roster/")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").first.click()
    assert asked == ["1 score is not saved yet. Sign out and lose it?"]
    expect(page).to_have_url(re.compile("/roster/"))
    assert kept(page) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    assert kept(page) == 0


def test_a_queue_goes_in_batches_and_never_more_than_three_requests_are_under_way(open_sheet, server):
    page = open_sheet()
    flying, most, sizes = set(), [], []

    def began(request):
        if "/sheet/cells/" in request.url:
            flying.add(request)
            most.append(len(flying))
            sizes.append(len(re.findall(r"(?:^|&)\d+\.\d+\.", request.post_data)))

    def ended(request):
        flying.discard(request)

    page.on("request", began)
    page.on("requestfinished", ended)
    client = page.context.new_cdp_session(page)
    client.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    for exam in ("Prelim", "Midterm", "Final"):
        cell(page, "Abad", exam).focus()
        for value in ("41", "42", "43", "44"):
            page.keyboard.type(value)
            page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved", timeout=15000)
    assert max(most) <= 3
    assert sum(sizes) == 12
    assert 1 < max(sizes) <= 10
    assert sorted(stored(server).values()) == sorted(["41", "42", "43", "44"] * 3)


def test_a_newer_value_typed_while_the_first_is_under_way_is_what_is_stored(open_sheet, server):
    page = open_sheet()
    client = page.context.new_cdp_session(page)
    client.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 600, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    type_into(page, "Abad", "Prelim", "80")
    type_into(page, "Abad", "Prelim", "81")
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "81"}
    expect(page.locator(".conflict")).to_have_count(0)


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(open_sheet, server):
    page = open_sheet()

    def lost(route):
        route.fetch()
        route.abort()

    page.route(CELLS, lost)
    type_into(page, "Abad", "Prelim", "87,5")
    expect(state(page)).to_contain_text("1 not saved")
    mend(page)
    type_into(page, "Abad", "Prelim", "90")
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "90"}


def test_a_refused_score_is_sent_again_by_the_button_once_it_can_be_stored(open_sheet, server):
    page = open_sheet()
    items = 'from rotc.exams.models import Exam\nExam.objects.filter(name="Prelim").update(items={})'
    type_into(page, "Abad", "Prelim", "105")
    expect(page.locator(".why")).to_contain_text("Prelim, Abad, Ana: 105 is above 100. Not saved.")
    server.script(items.format(120))
    page.get_by_role("button", name="Retry").focus()
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Abad", "Prelim"): "105"}
    server.script(EMPTY + items.format(100))
