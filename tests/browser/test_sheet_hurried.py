"""The grade sheet under a hurried hand: keys pressed faster than the server answers, and far down a column."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sheet import saved, stored

pytestmark = pytest.mark.browser
PEOPLE = """
from tests import factories
term = factories.open_term()
platoon = factories.company(term, "Alpha").children.first()
for n in range(30):
    factories.enroll(platoon, f"26-{n:03}", f"Abad{n:02}", "Ana")
factories.staff("tactical", "tactical_officer", platoon.parent)
"""


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)


def at(page, row, column):
    return page.locator("#sheet tbody tr").nth(row).locator(".cell input").nth(column)


def test_ctrl_z_pressed_again_and_again_takes_back_one_change_after_the_other(open_sheet, server):
    page = open_sheet()
    at(page, 0, 0).click()
    for value in ("61", "62", "63", "64"):
        page.keyboard.type(value)
        saved(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#state")).to_contain_text("All saved")
    page.route("**/undo-last/**", lambda route: (page.wait_for_timeout(150), route.continue_()))
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator("#said")).to_contain_text(
        re.compile("Abad01.*62 taken back, blank again"), timeout=15_000
    )
    assert [at(page, row, 0).input_value() for row in range(4)] == ["61", "", "", ""]
    assert stored(server)["Abad00", "Prelim"] == "61"


def test_far_down_a_column_what_is_not_saved_and_the_headings_stay_in_sight(open_sheet):
    page = open_sheet(viewport={"width": 1280, "height": 800})
    at(page, 0, 1).click()
    for number in range(20):
        page.keyboard.type("105" if number == 2 else "70")
        page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("1 not saved")
    for seen in ("#state", "thead th >> nth=2", "#sheet input:focus"):
        box = page.locator(seen).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800, seen


def test_a_score_for_a_cadet_who_was_moved_can_be_discarded(open_sheet, server):
    page = open_sheet()
    at(page, 25, 0).wait_for()
    page.evaluate(
        """() => {
            const entry = {typed: "50", version: 0, shown: "", tried: [], at: 0, label: "Prelim, Gone, Ana", sheet: "1st Platoon", address: "/sheet/"};
            localStorage.setItem(`rotc.unsaved.${document.body.dataset.reader}.99999.1`, JSON.stringify(entry));
        }"""
    )
    page.reload()
    told = page.get_by_text("1 score is not saved yet (Prelim, Gone, Ana: 50)")
    expect(told).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Discard").click()
    expect(told).to_be_hidden()
    assert asked == ["Discard Prelim, Gone, Ana: 50? It was not saved."]
    page.reload()
    expect(page.locator("#state")).to_be_visible()
    expect(told).to_be_hidden()


def test_what_another_officer_set_does_not_cover_the_score_one_is_in(page_of, server):
    mine, theirs = page_of("tactical"), page_of("tactical")
    for page in (mine, theirs):
        page.goto("/sheet/")
    at(mine, 26, 2).fill("87.25")
    mine.keyboard.press("Enter")
    expect(at(theirs, 26, 2)).to_have_value("87.25")
    at(theirs, 26, 2).focus()
    at(mine, 26, 2).fill("91.75")
    mine.keyboard.press("Enter")
    badge = theirs.get_by_text("now 91.75")
    expect(badge).to_be_visible()
    cell = at(theirs, 26, 2).bounding_box()
    assert badge.bounding_box()["y"] >= cell["y"] + cell["height"] - 1


@pytest.mark.parametrize(("width", "score"), [(390, "73.5"), (1280, "74.5")])
def test_a_score_typed_and_saved_styles_a_row_anew_and_not_the_sheet(open_sheet, width, score):
    page = open_sheet(viewport={"width": width, "height": 800})
    at(page, 3, 0).click()

    def type_a_score():
        page.keyboard.type(score, delay=80)
        page.keyboard.press("Enter")
        expect(page.locator("#state")).to_contain_text("All saved")

    elements = page.locator("#sheet tbody *").count()
    assert 0 < styled_at_once(page, type_a_score) < elements / 5


def styled_at_once(page, deed) -> int:
    """How many elements Chromium styled anew in one go, at most, while ``deed`` was done."""
    browser, seen, over = page.context.browser.new_browser_cdp_session(), [], []
    browser.on("Tracing.dataCollected", lambda part: seen.extend(part["value"]))
    browser.on("Tracing.tracingComplete", lambda _: over.append(True))
    config = {"includedCategories": ["devtools.timeline"]}
    browser.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    deed()
    browser.send("Tracing.end")
    while not over:
        page.wait_for_timeout(50)
    return max(each["args"].get("elementCount", 0) for each in seen if each["name"] == "UpdateLayoutTree")
