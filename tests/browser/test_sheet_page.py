"""The grade sheet in Chromium as a page: its menus and chips, what sticks, fourfold enlargement, and paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.sheet import saved

pytestmark = pytest.mark.browser
PEOPLE = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
factories.platoon_of(alpha.children.first(), 37)
factories.staff("tactical", "tactical_officer", alpha)
"""
COVERED = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const points = [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3]];
  return points.some(([x, y]) => document.elementFromPoint(x, y) !== document.activeElement);
}"""


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_columns_menu_opens_and_leads_on_with_scripts_or_without(open_sheet, scripts):
    page = open_sheet(java_script_enabled=scripts)
    expect(page.get_by_role("link", name="Fill blanks")).to_have_count(0)
    page.locator("summary", has_text="Midterm").click()
    page.get_by_role("link", name="Fill blanks").click()
    expect(page).to_have_url(re.compile("/changes/fill/.*exam="))


def test_a_columns_menu_closes_on_escape_elsewhere_and_when_another_opens(open_sheet):
    page = open_sheet()
    fill = page.get_by_role("link", name="Fill blanks")
    midterm = page.locator("summary", has_text="Midterm")
    midterm.focus()
    page.keyboard.press("Enter")
    expect(fill).to_have_count(1)
    page.keyboard.press("Tab")
    expect(fill).to_be_focused()
    page.keyboard.press("Escape")
    expect(fill).to_have_count(0)
    expect(midterm).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("summary", has_text="Final").click()
    expect(fill).to_have_count(1)
    page.get_by_role("heading", name="Grade sheet").click()
    expect(fill).to_have_count(0)


def test_chips_narrow_the_sheet_and_the_rows_stay_while_one_types(page_of):
    page = page_of("tactical")
    page.goto("/sheet/?q=Cadet003")
    page.get_by_role("link", name="Blanks 1").click()
    page.wait_for_url(re.compile("show=blanks"))
    page.wait_for_load_state()
    for exam in ("Prelim", "Midterm", "Final"):
        page.get_by_role("textbox", name=re.compile(exam)).fill("80")
        saved(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#state")).to_contain_text("saved")
    expect(page.locator("tfoot tr").nth(1).get_by_role("cell").nth(2)).to_have_text("0")
    expect(page.get_by_role("link", name="Cadet003, Test")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="No blanks")).to_be_visible()
    page.get_by_role("link", name="Changed today 1").click()
    expect(page.get_by_role("link", name="Cadet003, Test")).to_be_visible()


def test_the_chips_count_along_while_one_types(page_of):
    page = page_of("tactical")
    page.goto("/sheet/?q=Cadet007")
    expect(page.get_by_role("link", name="Blanks 1")).to_be_visible()
    for exam in ("Prelim", "Midterm", "Final"):
        page.get_by_role("textbox", name=re.compile(exam)).fill("10")
        page.keyboard.press("Enter")
    for chip in ("Blanks 0", "Changed today 1"):
        expect(page.get_by_role("link", name=chip)).to_be_visible(timeout=10000)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 256)])
def test_the_cell_that_one_is_in_is_never_under_a_heading_or_a_name(page_of, width, height):
    page = page_of("tactical", viewport={"width": width, "height": height})
    page.goto("/sheet/?columns=all")
    inputs = page.locator(".cell input")
    inputs.first.focus()
    for key in ["ArrowDown"] * 12 + ["Tab", "Tab"] + ["Enter"] * 12 + ["ArrowUp"] * 20 + ["Shift+Tab"] * 2:
        page.keyboard.press(key)
        assert not page.evaluate(COVERED), (key, page.evaluate("document.activeElement.name"))


def test_names_and_headings_stay_in_sight(open_sheet):
    page = open_sheet(viewport={"width": 390, "height": 844})
    page.locator(".sheet").evaluate("sheet => sheet.scrollTo(200, 600)")
    page.locator(".sheet").scroll_into_view_if_needed()
    expect(page.locator("summary", has_text="Midterm")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Cadet012, Test")).to_be_in_viewport(ratio=0.9)


def test_enlarged_fourfold_a_score_can_be_read_and_typed(open_sheet):
    page = open_sheet(viewport={"width": 320, "height": 256})
    cell = page.get_by_role("textbox", name=re.compile("Midterm.*Cadet009"))
    cell.click()
    page.keyboard.type("71")
    expect(cell).to_be_in_viewport(ratio=1)
    assert cell.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("saved")


def test_enlarged_fourfold_what_is_saved_stays_in_sight_and_nothing_else_sticks(open_sheet):
    page = open_sheet(viewport={"width": 320, "height": 256})
    cell = page.get_by_role("textbox", name=re.compile("Midterm.*Cadet019"))
    cell.fill("105")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("1 not saved")
    for seen in ("#state", "#sheet input:focus"):
        expect(page.locator(seen)).to_be_in_viewport(ratio=0.95)
    expect(page.get_by_role("banner")).not_to_be_in_viewport()
    cell.press("Escape")


def test_in_the_readers_own_colours_it_is_told_what_is_chosen_and_what_was_refused(open_sheet):
    page = open_sheet(forced_colors="active")
    border = "each => getComputedStyle(each).border"
    chosen, other = (page.locator(".chip").nth(n).evaluate(border) for n in (0, 1))
    assert chosen != other
    here = page.locator(".rail nav a[aria-current]").evaluate(
        "each => getComputedStyle(each).borderLeftColor"
    )
    there = page.locator(".rail nav a").first.evaluate("each => getComputedStyle(each).borderLeftColor")
    assert here != there
    cell = page.get_by_role("textbox", name=re.compile("Final.*Cadet001"))
    cell.fill("105")
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_be_visible()
    assert "dashed" in cell.evaluate(border)
    cell.press("Escape")


def test_every_cell_is_named_by_its_column_and_its_row(page_of):
    page = page_of("tactical")
    page.goto("/sheet/?q=Cadet005")
    table = page.get_by_role("table", name=re.compile("Grade sheet of Alpha Company · 1st Platoon"))
    expect(table).to_have_count(1)
    expect(page.get_by_role("textbox", name="Prelim of 100 Cadet005, Test", exact=True)).to_be_visible()
    for line in ("Entered", "Blank", "Lowest", "Mean", "Highest"):
        expect(table.get_by_role("rowheader", name=re.compile(f"^{line}"))).to_have_count(1)
    for heading in ("Name", "Prelim", "Attendance", "Total", "Rating", "Remark"):
        expect(table.get_by_role("columnheader", name=re.compile(f"^{heading}"))).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_menu_and_the_figures_stand_in_nobodys_way(page_of, scheme):
    page = page_of("tactical", color_scheme=scheme, phone=True)
    page.goto("/sheet/?columns=all")
    page.locator("summary", has_text="Prelim").click()
    assert serious(page) == []


@pytest.mark.parametrize("columns", ["exams", "all"])
def test_on_paper_the_table_is_as_wide_as_the_sheet_and_says_of_whom_it_is(page_of, columns):
    page = page_of("tactical", viewport={"width": 1047, "height": 734})  # A4 across, less its margins
    page.goto(f"/sheet/?columns={columns}")
    page.emulate_media(media="print")
    expect(page.locator(".sheet caption")).to_contain_text("Alpha Company · 1st Platoon")
    expect(page.locator(".filters, .chip, #state, .column li").filter(visible=True)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
