"""An import from the file to the undo, in a real browser with the worker of the running system."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CORPS = """
from tests import factories
term = factories.open_term()
factories.staff("clerk", "clerk", term.units.get(kind="corps"))
"""
ROWS = 3000
SEEN = """new MutationObserver(() => {
  const bar = document.querySelector("#work progress");
  if (bar) localStorage.seen = `${localStorage.seen || ""} ${bar.value}`;
}).observe(document, { subtree: true, childList: true });"""


@pytest.fixture(scope="module", autouse=True)
def corps(server):
    server.script(CORPS)


def test_a_large_roster_is_checked_committed_and_taken_back_while_the_page_follows(page_of, server):
    page = page_of("clerk")
    page.goto("/imports/roster/")
    lines = [f"{n},Cruz{n},Ana,Purok {n} of an invented village by the sea" for n in range(ROWS)]
    data = "\n".join(["ID,Last Name,First Name,Address", *lines]).encode()
    page.set_input_files("input[type=file]", {"name": "corps.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Check the file").click()
    commit = page.get_by_role("button", name=f"Commit {ROWS}")
    expect(commit).to_be_visible(timeout=120_000)
    page.add_init_script(SEEN)
    commit.click()
    expect(page.get_by_role("heading", name="It is being committed")).to_be_visible()
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible(timeout=120_000)
    steps = [int(step) for step in page.evaluate("localStorage.seen").split()]
    assert len(set(steps)) > 1 and steps == sorted(steps)
    page.get_by_text("Take this import back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Everything is as it was before")).to_be_visible(timeout=120_000)
    assert server.answer("from rotc.roster.models import Cadet; print(Cadet.objects.count())") == 0


def test_without_scripts_the_page_is_looked_at_again_by_a_link(page_of, server):
    page = page_of("clerk", java_script_enabled=False)
    page.goto("/imports/roster/")
    page.get_by_label("Or paste cells").fill("ID\tName\n007\tCruz, Ana\n")
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Commit 1").click()
    for _ in range(100):
        if page.get_by_role("heading", name="What to do next").count():
            break
        page.wait_for_timeout(100)
        page.goto(page.url)
    expect(page.get_by_role("link", name=re.compile("the roster"))).to_be_visible()
