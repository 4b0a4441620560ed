"""Every kind of page that a role's links lead to, on a phone: usable by everybody, never wider than the screen."""

import re
from urllib.parse import urlsplit

import pytest

from tests.axe import serious
from tests.served import Server

pytestmark = pytest.mark.browser
ROLES = ["admin", "commandant", "tactical.alpha", "leader.alpha", "clerk", "cadet"]
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_WORDS = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && parseFloat(getComputedStyle(each).fontSize) < 16)
  .map(each => each.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a.button, a.chip, .bar a, summary, select, input:not([type=hidden])")]
  .filter(each => each.checkVisibility() && !each.matches("[type=checkbox], [type=radio]"))
  .filter(each => each.getBoundingClientRect().height < 43.9)
  .map(each => each.outerHTML.slice(0, 80))"""
LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter(each => each.origin === location.origin).map(each => each.pathname + each.search)"""
ELSEWHERE = re.compile(r"\.(csv|xlsx|zip)$|^/(accounts|code)/")  # files; the entrance has tests of its own


@pytest.fixture(scope="module")
def battalion(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("battalion"), start=False)
    said = running.manage(
        "seed_demo", "--cadets", "40", "--seed", "1", "--password", "one-for-all-of-them"
    ).stdout
    running.start()
    running.cadet = re.search(r"^cadet (\S+)", said, re.MULTILINE)[1]
    yield running
    running.end()


def pages(page):
    """Open one page of each kind that is reached from the first; yields its address."""
    waiting, kinds = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        answer = page.goto(address)
        assert answer.status == 200, address
        yield address
        for link in page.evaluate(LINKS):
            path = urlsplit(link).path
            kind = re.sub(r"\d+", "1", path)
            if kind not in kinds and not ELSEWHERE.search(path):
                kinds.add(kind)
                waiting.append(link)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_fits_a_phone_and_whoever_holds_it(page_of, battalion, role):
    page = page_of(
        battalion.cadet if role == "cadet" else role, password="one-for-all-of-them", at=battalion, phone=True
    )
    troubles, count = {}, 0
    for address in pages(page):
        count += 1
        found = {
            "axe": serious(page),
            "wider than the screen": page.evaluate(WIDER),
            "small words": page.evaluate(SMALL_WORDS),
            "small targets": page.evaluate(SMALL_TARGETS),
        }
        if found := {name: what for name, what in found.items() if what}:
            troubles[address] = found
    assert troubles == {}
    assert count >= (1 if role == "cadet" else 8)
