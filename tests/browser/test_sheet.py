"""The grade sheet in Chromium: typed by keyboard, saved by itself, seen by others, honest when it fails."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.sheet import cell, stored

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("company")]


def test_scores_typed_down_a_column_are_stored_and_nothing_else(open_sheet, server):
    page = open_sheet()
    cell(page, "Abad", "Prelim").click()
    for value in ("80", "87,5", "ABS", "66"):
        page.keyboard.type(value, delay=20)
        page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("All saved")
    assert stored(server) == {
        ("Abad", "Prelim"): "80",
        ("Bello", "Prelim"): "87.5",
        ("Cruz", "Prelim"): "ABS",
        ("Diaz", "Prelim"): "66",
    }
    expect(page.locator("tbody tr").first).to_contain_text("32.00")
    expect(page.locator("tfoot tr").first).to_contain_text("4")


def test_no_row_moves_while_scores_are_typed_and_saved(open_sheet):
    page = open_sheet()
    last = page.locator("tbody tr").last
    place = last.bounding_box()
    cell(page, "Abad", "Final").click()
    page.keyboard.type("71")
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ saved")).to_be_visible()
    assert last.bounding_box() == place


def test_a_refusal_leaves_the_other_columns_where_they_can_be_read(open_sheet):
    page = open_sheet(viewport={"width": 1280, "height": 800})
    cell(page, "Bello", "Final").fill("105")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("105 is above 100. Not saved.")
    remark = page.get_by_role("columnheader", name="Remark").bounding_box()
    assert remark["x"] + remark["width"] <= 1244  # the sheet's own right edge
    page.keyboard.press("ArrowUp")
    cell(page, "Bello", "Final").fill("")


def test_a_refusal_makes_no_column_wider_and_covers_no_cell(open_sheet):
    page = open_sheet(viewport={"width": 1280, "height": 800})
    heads = page.locator("thead th")
    cell(page, "Abad", "Prelim").focus()
    before = [head.bounding_box() for head in heads.all()]
    cell(page, "Abad", "Prelim").fill("87.555")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("87.555 has more than two decimals. Not saved.")
    assert [head.bounding_box() for head in heads.all()] == before
    said = page.locator(".why").bounding_box()
    for each in page.locator(".cell input").all():
        box = each.bounding_box()
        beside = box["x"] + box["width"] <= said["x"] or said["x"] + said["width"] <= box["x"]
        assert beside or box["y"] + box["height"] <= said["y"] or said["y"] + said["height"] <= box["y"]
    cell(page, "Abad", "Midterm").fill("-3")
    page.keyboard.press("Enter")
    first, second = (page.locator(".why").nth(n) for n in (0, 1))
    expect(second).to_contain_text("-3 is below 0. Not saved.")
    left, right = first.bounding_box(), second.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert [head.bounding_box() for head in heads.all()] == before
    for exam in ("Prelim", "Midterm"):
        cell(page, "Abad", exam).press("Escape")


def test_the_mark_of_a_cell_never_touches_what_is_typed(open_sheet):
    page = open_sheet()
    cell(page, "Bello", "Final").focus()
    mark, free = (
        page.locator(".cell .mark"),
        """(input) => {
        const ruler = document.createElement("canvas").getContext("2d"), style = getComputedStyle(input);
        ruler.font = `${style.fontSize} ${style.fontFamily}`;
        const box = input.getBoundingClientRect();
        return [box.right - parseFloat(style.paddingRight) - ruler.measureText(input.value).width, box.bottom];
    }""",
    )
    for key in "100.25/100":
        page.keyboard.type(key)
        text, bottom = cell(page, "Bello", "Final").evaluate(free)
        box, glyph = mark.bounding_box(), mark.evaluate("each => each.firstChild.textContent")
        assert glyph == "✎"
        assert box["x"] + box["width"] <= text + 5 or box["y"] >= bottom - 1, key  # its own right padding
    expect(mark).to_contain_text("edited")
    page.keyboard.press("Escape")


def test_tab_goes_from_the_last_cell_of_a_row_to_the_next_row_and_out_of_the_sheet_at_its_end(open_sheet):
    page = open_sheet()
    cell(page, "Abad", "Midterm").focus()
    steps = [("Tab", "Abad", "Final"), ("Tab", "Bello", "Prelim"), ("Shift+Tab", "Abad", "Final")]
    for key, name, exam in steps:
        page.keyboard.press(key)
        expect(cell(page, name, exam)).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Abad, Ana")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, "Abad", "Prelim")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tbody')") is None


def test_the_arrows_lead_from_a_rows_first_cell_to_its_name_and_along_the_names(open_sheet):
    page = open_sheet()
    cell(page, "Bello", "Prelim").focus()
    page.keyboard.press("ArrowLeft")
    for key, name in (("ArrowDown", "Cruz"), ("ArrowDown", "Diaz"), ("ArrowUp", "Cruz")):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=f"{name}, Ana")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "Cruz", "Prelim")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Cruz"))).to_be_visible()


def test_a_code_set_by_hand_leaves_the_scores_open_and_is_said_where_one_types(open_sheet, server):
    code = """
from rotc.accounts.models import User
from rotc.roster.models import Enrollment
from rotc.verdicts.overrides import in_force, lift_override, set_override
diaz, by = Enrollment.objects.get(cadet__last_name="Diaz"), User.objects.get(username="commandant")
"""
    server.script(code + 'set_override(diaz, "DO", reason="Left for abroad", by=by)')
    page = open_sheet()
    cell(page, "Diaz", "Prelim").fill("67")
    expect(page.locator("#about")).to_contain_text("Scores are kept, and count once it is lifted.")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("All saved")
    assert stored(server)["Diaz", "Prelim"] == "67"
    page.get_by_role("link", name="DO set by hand").click()
    expect(page.get_by_role("heading", name=re.compile("Diaz|[Cc]ode")).first).to_be_visible()
    server.script(
        code + 'lift_override(diaz, seen=in_force([diaz.pk])[diaz.pk].pk, reason="Came back", by=by)'
    )


def test_the_keys_move_as_in_a_spreadsheet(open_sheet):
    page = open_sheet()
    cell(page, "Bello", "Prelim").focus()
    for key, (name, exam) in [
        ("ArrowDown", ("Cruz", "Prelim")),
        ("Enter", ("Diaz", "Prelim")),
        ("Shift+Enter", ("Cruz", "Prelim")),
        ("ArrowUp", ("Bello", "Prelim")),
        ("ArrowRight", ("Bello", "Midterm")),
        ("End", ("Bello", "Final")),
        ("Home", ("Bello", "Prelim")),
        ("Control+End", ("Diaz", "Final")),
        ("Control+Home", ("Abad", "Prelim")),
    ]:
        page.keyboard.press(key)
        expect(cell(page, name, exam)).to_be_focused()


def test_out_of_range_stays_in_the_cell_and_says_why(open_sheet, server):
    page = open_sheet()
    cell(page, "Abad", "Midterm").fill("105")
    page.keyboard.press("Enter")
    expect(page.get_by_text("105 is above 100. Not saved.")).to_be_visible()
    expect(cell(page, "Abad", "Midterm")).to_have_value("105")
    expect(page.locator("#state")).to_contain_text("1 not saved")
    assert ("Abad", "Midterm") not in stored(server)
    cell(page, "Abad", "Midterm").press("Escape")
    expect(cell(page, "Abad", "Midterm")).to_have_value("")


def test_another_officers_open_sheet_changes_without_a_reload(page_of):
    mine, theirs = page_of("tactical"), page_of("commandant")
    for page in (mine, theirs):
        page.goto("/sheet/")
    cell(mine, "Cruz", "Midterm").fill("91")
    mine.keyboard.press("Enter")
    expect(cell(theirs, "Cruz", "Midterm")).to_have_value("91", timeout=5000)


def test_a_conflict_shows_both_values_and_the_officer_decides(page_of, server):
    mine, theirs = page_of("tactical"), page_of("commandant")
    for page in (mine, theirs):
        page.goto("/sheet/")
    cell(mine, "Diaz", "Midterm").focus()
    mine.keyboard.type("88")
    cell(theirs, "Diaz", "Midterm").fill("91")
    theirs.keyboard.press("Enter")
    expect(theirs.locator("#state")).to_contain_text("All saved")
    mine.keyboard.press("Enter")
    box = mine.locator("#sheet .conflict")
    expect(box).to_contain_text("Yours 88 · Sgt Maria Commandant set 91")
    expect(cell(mine, "Diaz", "Midterm")).to_have_value("88")
    assert stored(server)["Diaz", "Midterm"] == "91"
    mine.get_by_role("button", name="Use 88").click()
    expect(mine.locator("#state")).to_contain_text("All saved")
    assert stored(server)["Diaz", "Midterm"] == "88"


def test_a_page_that_answers_200_without_the_cell_is_never_shown_as_saved(open_sheet, server):
    page = open_sheet()
    page.route("**/sheet/cells/**", lambda route: route.fulfill(status=200, body="<h1>Hotel Wi-Fi</h1>"))
    cell(page, "Bello", "Final").fill("77")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("1 not saved")
    page.unroute("**/sheet/cells/**")
    expect(page.locator("#state")).to_contain_text("All saved", timeout=10000)
    assert stored(server)["Bello", "Final"] == "77"


def test_a_lost_connection_is_said_and_the_score_arrives_afterwards(open_sheet, server):
    page = open_sheet()
    cell(page, "Abad", "Final").focus()
    heads = [head.bounding_box() for head in page.locator("thead th").all()]
    page.context.set_offline(True)
    cell(page, "Abad", "Final").fill("61")
    page.keyboard.press("Enter")
    expect(page.get_by_text("not saved, will retry")).to_be_visible()
    assert [head.bounding_box() for head in page.locator("thead th").all()] == heads
    page.context.set_offline(False)
    expect(page.locator("#state")).to_contain_text("All saved", timeout=10000)
    assert stored(server)["Abad", "Final"] == "61"


def test_without_scripts_the_sheet_saves_as_one_form(open_sheet, server):
    page = open_sheet(java_script_enabled=False)
    cell(page, "Diaz", "Final").fill("55")
    page.get_by_role("button", name="Save sheet").click()
    expect(page.get_by_text("Saved 1 score")).to_be_visible()
    assert stored(server)["Diaz", "Final"] == "55"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_nothing_serious_stands_in_anybodys_way(page_of, scheme, phone):
    page = page_of("tactical", color_scheme=scheme, phone=phone)
    page.goto("/sheet/?columns=all")
    assert serious(page) == []
