"""A paper exam typed twice in Chromium, by two officers and the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.test_paper import pages, printed

pytestmark = pytest.mark.browser
PEOPLE = """
from rotc.operations.models import Letterhead
from tests import factories
Letterhead.objects.update(
    university="State University of the South", unit_name="1401st Department of Military Science and Tactics",
    command_lines="14th Regional Community Defense Group\\nArmy Reserve Command", address="Fort Somewhere, Iligan City",
)
term = factories.open_term()
alpha, bravo = factories.company(term, "Alpha"), factories.company(term, "Bravo")
for n, name in enumerate(("Abad", "Bello", "Cruz", "Diaz"), 1):
    factories.enroll(alpha.children.first(), f"26-{n:03}", name, "Ana")
factories.platoon_of(alpha.children.last(), 37)
factories.platoon_of(bravo.children.first(), 60, start=101)
for name in ("one", "two"):
    factories.staff(name, "tactical_officer", alpha)
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
"""
START = """
from rotc.accounts.models import User
from rotc.double_entry import actions
from rotc.roster.models import Enrollment, Term, Unit
term = Term.objects.get()
unit = Unit.objects.get(path="{path}")
by = User.objects.get(username="commandant")
print(actions.start(term.exams.get(name="{exam}"), unit, enrollments=Enrollment.objects.filter(term=term), by=by).pk)
"""
STORED = """
import json
from rotc.exams.models import Score
print(json.dumps({s.enrollment.cadet.last_name: s.typed for s in Score.objects.filter(exam__name="Prelim")}))
"""


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)


def started(server, path="1st/alpha/1st/", exam="Midterm") -> int:
    return server.answer(START.format(path=path, exam=exam))


def reach(page, role, name):
    """Tab until the control of this name has the focus."""
    wanted = page.get_by_role(role, name=name, exact=isinstance(name, str)).first
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {role} {name}")


def press(page, role, name):
    reach(page, role, name)
    page.keyboard.press("Enter")


def type_down(page, values):
    for value in values:
        page.keyboard.type(value, delay=10)
        page.keyboard.press("Enter")


def looked_at(page):
    assert serious(page) == []


def test_the_whole_way_by_two_officers_and_the_keyboard_alone(page_of, server):
    one, two = page_of("one"), page_of("two")
    one.goto("/double-entry/")
    looked_at(one)
    press(one, "link", "Start one")
    press(one, "button", "See what it does")
    expect(one.get_by_role("heading", name=re.compile("Prelim, Alpha Company"))).to_be_visible()
    reach(one, "combobox", "Unit")
    one.keyboard.type("Alpha Company · 1st")
    press(one, "button", "See what it does")
    expect(one.get_by_role("heading", name=re.compile("1st Platoon: 4 cadets"))).to_be_visible()
    looked_at(one)
    press(one, "button", "Start")
    press(one, "link", "Type the first pass")
    expect(one.get_by_role("textbox", name=re.compile("Abad"))).to_be_focused()
    looked_at(one)
    type_down(one, ["87", "105", "35/100", "ABS"])
    expect(one.get_by_role("button", name="Save the first pass")).to_be_focused()
    one.keyboard.press("Enter")
    expect(one.get_by_text("105 is above 100.")).to_be_visible()
    expect(one.get_by_role("textbox", name=re.compile("Bello"))).to_be_focused()
    expect(one.get_by_role("textbox", name=re.compile("Cruz"))).to_have_value("35/100")
    looked_at(one)
    one.keyboard.press("Control+a")
    one.keyboard.type("50")
    press(one, "button", "Save the first pass")
    expect(one.get_by_text("another officer types the second")).to_be_visible()

    two.goto("/")
    press(two, "link", re.compile("double entry waits for you"))
    press(two, "link", "Prelim, Alpha Company · 1st Platoon")
    expect(two.get_by_role("heading", name="Waits for a second officer")).to_be_visible()
    looked_at(two)
    press(two, "link", "Type the second pass")
    expect(two.get_by_role("textbox", name=re.compile("Abad"))).to_have_value("")
    expect(two.get_by_role("textbox", name=re.compile("Abad"))).to_be_focused()
    type_down(two, ["87,0", "51", "35", "ABS"])
    two.keyboard.press("Enter")
    press(two, "link", "Compare")
    expect(two.get_by_role("heading", name="1 of 4 lines differ")).to_be_visible()
    looked_at(two)
    reach(two, "radio", re.compile("50 first"))
    two.keyboard.press("ArrowDown")
    expect(two.get_by_role("radio", name=re.compile("51 second"))).to_be_checked()
    press(two, "button", "See what will change")
    expect(two.get_by_role("heading", name="Will change 4, leave 0, lower 0")).to_be_visible()
    looked_at(two)
    press(two, "button", "Settle")
    expect(two.get_by_text("Settled: 4 scores stored.")).to_be_visible()
    looked_at(two)
    assert server.answer(STORED) == {"Abad": "87", "Bello": "51", "Cruz": "35", "Diaz": "ABS"}


def test_what_was_typed_outlives_a_reload_and_leaving_is_warned_of(page_of, server):
    page = page_of("one")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"/double-entry/{started(server)}/type/")
    type_down(page, ["61", "62"])
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_text("What you typed before stands here again.")).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Bello"))).to_have_value("62")


def test_without_scripts_nothing_half_typed_is_taken(page_of, server):
    page = page_of("one", java_script_enabled=False)
    page.goto(f"/double-entry/{started(server, exam='Final')}/type/")
    first = page.get_by_role("textbox", name=re.compile("Abad"))
    first.fill("61")
    first.press("Enter")
    expect(page.get_by_text("Lines 2, 3, 4 are empty.")).to_be_visible()
    expect(first).to_have_value("61")
    page.get_by_role("checkbox", name=re.compile("empty on the paper too")).check()
    page.get_by_role("button", name="Save the first pass").click()
    expect(page.get_by_text("The first pass is saved.")).to_be_visible()


@pytest.mark.parametrize(("path", "many"), [("1st/alpha/2nd/", 37), ("1st/bravo/1st/", 60)])
def test_a_platoons_paper_is_one_upright_page(page_of, server, path, many):
    page = page_of("commandant")
    page.goto(f"/double-entry/{started(server, path, 'Prelim')}/paper/")
    assert page.locator("td.box").count() == many
    assert pages(printed(page)) == [pytest.approx((210, 297), abs=0.5)]
    looked_at(page)
