"""The network goes, or the server, in the middle of a column: everything arrives afterwards, once."""

import threading

import pytest
from playwright.sync_api import expect

from tests.bench import typists

pytestmark = pytest.mark.browser
SCORES = [str(40 + number) for number in range(30)]


@pytest.fixture(scope="module")
def company(server):
    return typists.formed(server, 35, exams=4)


@pytest.fixture
def hand(page_of, company):
    """``hand(2)``: an officer at the top of the third exam's column."""

    def sit_down(column):
        page = page_of("officer0")
        page.goto("/sheet/")
        rows = company["rows"][company["platoons"][0]][: len(SCORES) + 1]
        return typists.Typist(page, [f"{row}.{company['exams'][column]}" for row in rows], SCORES)

    return sit_down


def all_arrived(server, hand):
    """The page says so, and each score is stored once."""
    expect(hand.page.locator("#state")).to_contain_text("All saved", timeout=30_000)
    cells = {key: cell for key, cell in typists.stored(server).items() if key in hand.wanted}
    assert typists.as_stored(cells) == hand.wanted
    assert all(len(cell["lines"]) == cell["version"] == 1 for cell in cells.values())


def test_a_connection_lost_for_four_seconds_while_typing(server, hand):
    typist = hand(0)
    offline = typist.page.context.set_offline
    typists.type_together([typist], meanwhile={20: lambda: offline(True), 70: lambda: offline(False)})
    assert typist.lost == []
    all_arrived(server, typist)


def test_a_server_that_starts_again_while_typing(server, hand):
    typist = hand(1)
    again = threading.Thread(target=lambda: (server.stop(), server.start()))
    typists.type_together([typist], meanwhile={20: again.start})
    again.join()
    assert typist.lost == []
    all_arrived(server, typist)


def test_a_tab_closed_without_a_connection_and_opened_again_with_one(page_of, server, hand):
    typist = hand(2)
    page = typist.page
    typists.type_together([typist], every=0.02, meanwhile={30: lambda: page.context.set_offline(True)})
    expect(page.locator("#state")).to_contain_text("not saved")
    again = page.context.new_page()
    page.close()
    page.context.set_offline(False)
    again.goto("/sheet/")
    typist.page = again
    all_arrived(server, typist)


def test_a_page_loaded_anew_while_nothing_can_be_saved(server, hand):
    typist = hand(3)
    page = typist.page
    page.route("**/sheet/cells/**", lambda route: route.abort())
    typists.type_together([typist], every=0.02)
    page.reload()
    expect(page.locator("#state")).to_contain_text("30")
    page.unroute("**/sheet/cells/**")
    all_arrived(server, typist)
