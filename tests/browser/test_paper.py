"""Papers as Chromium prints them: three sizes, every cadet, one head a page, signatories together."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.axe import serious

pytestmark = pytest.mark.browser

SIZES = {"a4": (297, 210), "letter": (279.4, 215.9), "folio": (330.2, 215.9)}
SCENE = """
from tests import factories
from tests.reports import graded
term = factories.open_term()
graded.many(factories.company(term, "Alpha").children.first(), 150)
graded.many(factories.company(term, "Bravo").children.first(), 50, start=151)
corps = term.units.get(kind="corps")
factories.staff("clerk", "clerk", corps)
factories.staff("commandant", "commandant", corps)
"""


@pytest.fixture(scope="module")
def battalion(server):
    server.script(SCENE)
    return server


@pytest.fixture
def paper(battalion, page_of):
    """``paper(query)``: the page of the paper, opened by the clerk."""

    def open_paper(query="", **options):
        page = page_of("clerk", **options)
        page.goto(f"/reports/computation-of-grades/?{query}")
        return page

    return open_paper


def printed(page) -> bytes:
    return page.pdf(prefer_css_page_size=True)


def pages(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", _plain(pdf))
    return [tuple(round(float(side) / 72 * 25.4, 1) for side in box) for box in boxes]


def _plain(pdf):
    # Page objects may stand in compressed streams.
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(_inflated(stream) for stream in streams if stream.startswith(b"x"))


def _inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("size", SIZES)
def test_200_cadets_print_on_a_few_landscape_pages_of_the_size_chosen(paper, size):
    sheets = pages(printed(paper(f"size={size}")))
    assert 5 <= len(sheets) <= 8
    for width, height in sheets:
        assert (width, height) == pytest.approx(SIZES[size], abs=0.5)


def test_each_company_starts_on_a_page_of_its_own(paper):
    together, apart = len(pages(printed(paper()))), len(pages(printed(paper("group=company"))))
    alpha = len(pages(printed(paper("group=company&unit=1st/alpha/"))))
    bravo = len(pages(printed(paper("group=company&unit=1st/bravo/"))))
    assert apart == alpha + bravo >= together


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_sheet(paper, size):
    page = paper(f"size={size}", viewport={"width": 1400, "height": 900})
    assert page.evaluate(
        "[...document.querySelectorAll('.paper')].every(sheet => sheet.scrollWidth <= sheet.clientWidth)"
    )


def test_heads_repeat_and_what_is_signed_stays_together(paper):
    page = paper()
    page.emulate_media(media="print")
    style = "([part, name]) => getComputedStyle(document.querySelector(part)).getPropertyValue(name)"
    assert page.evaluate(style, ["thead", "display"]) == "table-header-group"
    assert page.evaluate(style, [".end", "break-inside"]) == "avoid"
    assert page.evaluate(style, [".tools", "display"]) == "none"


def test_the_print_button_asks_the_browser_to_print(paper):
    page = paper()
    page.evaluate("window.print = () => { document.title = 'printing' }")
    page.get_by_role("button", name="Print").click()
    assert page.title() == "printing"


def test_without_scripts_the_choices_lead_to_the_paper_and_its_files(battalion, page_of):
    page = page_of("clerk", java_script_enabled=False)
    page.goto("/reports/")
    page.get_by_label("Unit").select_option("1st/bravo/")
    page.get_by_label("Paper size").select_option("folio")
    page.get_by_role("button", name="Open").first.click()
    expect(page.locator("tbody tr:not(:has(.foot))")).to_have_count(50)
    expect(page.locator("body.folio")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 51


def test_on_a_phone_only_the_sheet_scrolls_sideways_and_the_tools_stay_in_reach(paper):
    page = paper(phone=True)
    button = page.get_by_role("button", name="Print").bounding_box()
    assert button["x"] + button["width"] <= 390
    assert button["height"] >= 44


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/reports/", "/reports/class-record/?unit=1st/bravo/", "/settings/"])
def test_nothing_keeps_anybody_from_using_these_pages(battalion, page_of, path, scheme):
    page = page_of("commandant", color_scheme=scheme)
    page.goto(path)
    assert serious(page) == []


@pytest.mark.parametrize("path", ["/reports/", "/settings/"])
def test_no_page_scrolls_sideways_on_a_phone(battalion, page_of, path):
    page = page_of("commandant", phone=True)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
