"""A block copied from a spreadsheet and pasted into the grade sheet, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sheet import cell, stored

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("company")]


def paste(page, cell, text):
    """Ctrl+V of ``text`` in a cell, as the browser hands it to the page."""
    cell.focus()
    cell.evaluate(
        """(input, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def commit(page):
    page.get_by_role("button", name=re.compile("^Commit")).click()
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible(timeout=15000)


def test_a_pasted_block_is_shown_as_a_diff_committed_and_leads_back_to_the_sheet(page_of, server):
    page = page_of("commandant")
    page.goto("/sheet/?q=ana&columns=exams")
    kept = stored(server)
    paste(page, cell(page, "Bello", "Prelim"), "41\t42\r\n43\t44\r\n")
    expect(page.get_by_text(re.compile("Will change 4 scores"))).to_be_visible()
    expect(page.get_by_text("Pasted into Alpha Company, 1st Platoon").first).to_be_visible()
    assert stored(server) == kept
    commit(page)
    page.get_by_role("link", name="the grade sheet", exact=True).click()
    expect(page).to_have_url(re.compile("q=ana"))
    expect(cell(page, "Cruz", "Midterm")).to_have_value("44")
    assert stored(server)["Bello", "Prelim"] == "41"


def test_a_block_that_is_too_large_says_so(open_sheet):
    page = open_sheet()
    paste(page, cell(page, "Cruz", "Prelim"), "1\n2\n3\n4\n5\n6\n7\n")
    expect(
        page.get_by_text("The block has 5 rows more than the sheet has from this cell down.")
    ).to_be_visible()


def test_one_cell_from_a_spreadsheet_is_pasted_into_the_cell(page_of):
    page = page_of("tactical")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/sheet/")
    page.evaluate("navigator.clipboard.writeText('58\\r\\n')")
    cell(page, "Abad", "Midterm").click()
    page.keyboard.press("Control+v")
    expect(cell(page, "Abad", "Midterm")).to_have_value("58")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("All saved")
    expect(page).to_have_url(re.compile("/sheet/"))


def test_a_block_on_the_clipboard_is_pasted_by_the_keyboard(page_of):
    page = page_of("tactical")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/sheet/")
    page.evaluate("navigator.clipboard.writeText('61\\t62\\r\\n63\\t64\\r\\n')")
    cell(page, "Abad", "Midterm").click()
    page.keyboard.press("Control+v")
    expect(page.get_by_role("heading", name="Check: Exam scores")).to_be_visible()


def test_what_was_typed_before_a_paste_is_saved_first(open_sheet, server):
    page = open_sheet()
    page.route("**/sheet/cells/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    cell(page, "Abad", "Final").fill("33")
    page.keyboard.press("Enter")
    cell(page, "Bello", "Final").focus()
    page.keyboard.type("34")
    paste(page, cell(page, "Cruz", "Final"), "35\n36\n")
    expect(page.get_by_role("heading", name="Check: Exam scores")).to_be_visible(timeout=10000)
    assert stored(server)["Abad", "Final"] == "33"
    assert stored(server)["Bello", "Final"] == "34"


def test_while_a_cell_is_refused_no_block_takes_it_along(open_sheet):
    page = open_sheet()
    cell(page, "Abad", "Prelim").fill("105")
    page.keyboard.press("Enter")
    expect(page.get_by_text("105 is above 100. Not saved.")).to_be_visible()
    paste(page, cell(page, "Cruz", "Final"), "35\n36\n")
    expect(page.locator("#said")).to_contain_text("Not pasted")
    expect(cell(page, "Abad", "Prelim")).to_have_value("105")
    cell(page, "Abad", "Prelim").press("Escape")


def test_under_a_chip_a_block_goes_into_the_rows_one_sees(page_of, server):
    page = page_of("tactical")
    page.goto("/sheet/?show=blanks")
    rows = page.locator("tbody th").all_text_contents()
    first = page.locator("tbody tr").first.locator(".cell input")
    for at in range(first.count()):
        first.nth(at).fill("50")
        page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text("All saved")
    paste(page, first.first, "\n".join("45" for _ in rows))
    expect(page.get_by_text(re.compile(f"Will change {len(rows)} scores"))).to_be_visible()


def test_without_scripts_a_block_is_pasted_into_a_form(open_sheet, server):
    page = open_sheet(java_script_enabled=False)
    page.get_by_text("Paste a block from a spreadsheet").click()
    page.get_by_label("Cells, as copied").fill("71\n72\n")
    page.get_by_label("The first row is of").select_option("Cruz, Ana")
    page.get_by_role("button", name="Check the block").click()
    expect(page.get_by_text(re.compile("Will change 2 scores"))).to_be_visible()
