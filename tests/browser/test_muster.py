"""The muster in Chromium, with scripts and without: what is chosen is stored, what failed says so."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.held import Held

pytestmark = pytest.mark.browser
PEOPLE = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
platoon, second = alpha.children.all()
for n, name in enumerate(("Abad", "Bello", "Cruz", "Diaz")):
    factories.enroll(platoon, f"26-{n:03}", name, "Ana")
factories.staff("tactical", "tactical_officer", alpha)
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
own = factories.enroll(second, "25-001", "Reyes", "Ana")
factories.appointed(own.cadet.user, "cadet_officer", alpha)
"""
LETTERS = {"P": "Present", "L": "Late", "E": "Excused", "A": "Absent"}


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)


@pytest.fixture
def muster(server):
    """The address of a training day of the past that no other test here uses."""
    day = server.answer(
        "from datetime import timedelta\nfrom rotc.attendance.models import TrainingDay\n"
        "first = TrainingDay.objects.order_by('date').first()\n"
        "day = TrainingDay.objects.create(term=first.term, date=first.date - timedelta(days=1), subject='Drill')\n"
        "print(day.pk)"
    )
    return f"/attendance/{day}/"


def row(page, name):
    return page.locator("[data-cadet]", has_text=name)


def choose(page, name, letter):
    row(page, name).locator(f"label:has(input[value={letter}])").click()


def stored(server, muster):
    """``{"Abad": "P"}`` as the database has it."""
    day = muster.split("/")[2]
    return server.answer(
        "import json\nfrom rotc.attendance.models import AttendanceMark\n"
        f"marks = AttendanceMark.objects.filter(day={day}).exclude(letter='')\n"
        "print(json.dumps({m.enrollment.cadet.last_name: m.letter for m in marks}))"
    )


def test_nothing_moves_under_the_next_tap_while_marks_are_saved(page_of, muster):
    page = page_of("tactical", phone=True)
    page.goto(muster)
    places = [row(page, name).bounding_box()["y"] for name in ("Abad", "Bello", "Diaz")]
    for name in ("Abad", "Bello"):
        row(page, name).locator("label.good").tap()
    expect(row(page, "Bello").get_by_text("Saved")).to_be_visible()
    scrolled = page.evaluate("scrollY")
    assert [row(page, name).bounding_box()["y"] + scrolled for name in ("Abad", "Bello", "Diaz")] == places


def test_whoever_was_signed_out_meanwhile_is_told_so_and_led_back(page_of, server, muster):
    page = page_of("tactical", phone=True)
    page.goto(muster)
    page.context.clear_cookies(name="sessionid")
    choose(page, "Abad", "P")
    said = row(page, "Abad").locator(".said")
    expect(said).to_contain_text("Not saved: you are signed out.")
    expect(said.get_by_role("link")).to_have_attribute("href", re.compile("/accounts/login/.*attendance"))
    assert stored(server, muster) == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_platoon_is_marked(page_of, server, muster, scripts):
    page = page_of("tactical", java_script_enabled=scripts, phone=True)
    page.goto(muster)
    choose(page, "Abad", "L")
    row(page, "Abad").get_by_text("Times and remarks").click()
    row(page, "Abad").get_by_label("Remarks").fill("bus broke down")
    choose(page, "Bello", "A")
    page.get_by_text("Everyone not marked is present").click()
    page.get_by_role("button", name="Mark them present").click()
    expect(page.get_by_text("4 of 4 marked")).to_be_visible()
    assert stored(server, muster) == {"Abad": "L", "Bello": "A", "Cruz": "P", "Diaz": "P"}
    expect(row(page, "Abad")).to_contain_text("bus broke down")


def test_whoever_presses_save_before_a_mark_is_answered_is_in_no_conflict_with_themselves(
    page_of, server, muster
):
    """The mark is stored, its answer still on the way: the whole form has to wait for the new version."""
    page = page_of("tactical", phone=True)
    page.goto(muster)
    saves = Held(page, "**/marks/*/", answered=True)
    choose(page, "Abad", "L")
    saves.wait()
    row(page, "Abad").get_by_text("Times and remarks").click()
    row(page, "Abad").get_by_label("Remarks").fill("bus broke down")
    page.get_by_text("Everyone not marked is present").click()
    page.get_by_role("button", name="Mark them present").click()
    choose(page, "Bello", "A")
    saves.let_go()
    expect(page.get_by_text("4 of 4 marked")).to_be_visible()
    assert len(saves.routes) == 1, "what was chosen meanwhile goes with the form"
    assert stored(server, muster) == {"Abad": "L", "Bello": "A", "Cruz": "P", "Diaz": "P"}
    expect(row(page, "Abad")).to_contain_text("bus broke down")


def test_pressing_save_without_a_connection_keeps_the_page_and_what_was_chosen(page_of, server, muster):
    page = page_of("tactical", phone=True)
    page.goto(muster)
    page.context.set_offline(True)
    choose(page, "Bello", "A")
    expect(row(page, "Bello")).to_contain_text("Not saved: no connection.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row(page, "Bello")).to_contain_text("Not saved: no connection.")
    page.context.set_offline(False)
    expect(row(page, "Bello")).to_contain_text("Saved", timeout=10000)
    assert stored(server, muster) == {"Bello": "A"}


def test_theirs_is_kept_although_keep_could_not_be_sent_at_first(page_of, server, muster):
    mine, theirs = page_of("tactical"), page_of("commandant")
    mine.route("**/events/**", lambda route: route.abort())
    for page in (mine, theirs):
        page.goto(muster)
    choose(theirs, "Abad", "P")
    expect(row(theirs, "Abad")).to_contain_text("Saved")
    row(mine, "Abad").locator("input[value=A]").evaluate(
        "each => { each.checked = true; each.form.submit(); }"
    )
    keep = mine.get_by_role("button", name="Keep Present")
    expect(keep).to_be_visible()
    mine.route("**/marks/*/", lambda route: route.abort())
    choose(mine, "Bello", "L")
    expect(row(mine, "Bello")).to_contain_text("Not saved: no connection.")
    keep.click()
    expect(mine.locator("#saving")).to_contain_text("“Keep Present” was not done. Press it once more")
    mine.unroute("**/marks/*/")
    expect(row(mine, "Bello")).to_contain_text("Saved", timeout=15_000)
    assert stored(server, muster) == {"Abad": "P", "Bello": "L"}
    keep.click()
    expect(row(mine, "Abad").locator("input[value=P]")).to_be_checked()
    assert stored(server, muster) == {"Abad": "P", "Bello": "L"}


def test_each_choice_is_saved_as_it_is_made_and_others_see_it(page_of, server, muster):
    mine, theirs = page_of("tactical"), page_of("commandant")
    stream = Held(theirs, "**/events/**")
    for page in (mine, theirs):
        page.goto(muster)
    choose(mine, "Cruz", "E")
    expect(row(mine, "Cruz")).to_contain_text("Saved")
    expect(mine.locator("#marked")).to_have_text("1")
    assert stored(server, muster) == {"Cruz": "E"}
    stream.let_go()  # it opens late, and tells what it missed
    expect(row(theirs, "Cruz")).to_contain_text("Sgt Maria Tactical set Excused", timeout=5000)
    expect(row(theirs, "Cruz").locator("input[value=E]")).to_be_checked()
    expect(theirs.locator("#marked")).to_have_text("1")


def test_a_conflict_shows_both_and_the_officer_decides(page_of, server, muster):
    mine, theirs = page_of("tactical"), page_of("commandant")
    mine.route("**/events/**", lambda route: route.abort())
    mine.goto(muster)
    theirs.goto(muster)
    choose(theirs, "Abad", "P")
    choose(theirs, "Bello", "P")
    for name in ("Abad", "Bello"):
        expect(row(theirs, name)).to_contain_text("Saved")
    choose(mine, "Abad", "L")
    expect(row(mine, "Abad")).to_contain_text("Yours: Late · Sgt Maria Commandant set Present at")
    expect(row(mine, "Abad").locator("input[value=L]")).to_be_checked()
    assert stored(server, muster)["Abad"] == "P"
    row(mine, "Abad").get_by_role("button", name="Use Late").click()
    expect(row(mine, "Abad")).to_contain_text("Saved")
    choose(mine, "Bello", "A")
    row(mine, "Bello").get_by_role("button", name="Keep Present").click()
    expect(row(mine, "Bello").locator("input[value=P]")).to_be_checked()
    assert stored(server, muster) == {"Abad": "L", "Bello": "P"}


def test_what_is_not_saved_says_so_and_is_sent_again(page_of, server, muster):
    page = page_of("tactical")
    page.goto(muster)
    page.context.set_offline(True)
    choose(page, "Diaz", "A")
    expect(row(page, "Diaz")).to_contain_text("Not saved: no connection.")
    expect(page.locator("#saving")).to_have_text("1 not saved")
    expect(page.locator("#marked")).to_have_text("0")
    page.context.set_offline(False)
    expect(row(page, "Diaz")).to_contain_text("Saved", timeout=10000)
    assert stored(server, muster) == {"Diaz": "A"}


def test_a_page_that_answers_200_without_the_mark_is_never_shown_as_saved(page_of, server, muster):
    page = page_of("tactical")
    page.goto(muster)
    page.route("**/marks/**", lambda route: route.fulfill(status=200, body="<h1>Welcome</h1>"))
    choose(page, "Abad", "P")
    expect(row(page, "Abad")).to_contain_text("Not saved")
    assert stored(server, muster) == {}


def test_a_time_out_before_the_time_in_stays_typed_and_says_why(page_of, server, muster):
    page = page_of("tactical")
    page.goto(muster)
    choose(page, "Abad", "P")
    expect(row(page, "Abad")).to_contain_text("Saved")
    row(page, "Abad").get_by_text("Times and remarks").click()
    row(page, "Abad").get_by_label("Time in").fill("10:00")
    row(page, "Abad").get_by_label("Time in").blur()
    row(page, "Abad").get_by_label("Time out").fill("09:00")
    row(page, "Abad").get_by_label("Time out").blur()
    expect(row(page, "Abad")).to_contain_text("time out 09:00 is before time in 10:00. Not saved.")
    expect(row(page, "Abad").get_by_label("Time out")).to_have_value("09:00")


def test_an_officer_does_not_mark_themselves(page_of, server, muster):
    page = page_of("25-001")
    unit = server.answer(
        "from rotc.roster.models import Unit\nprint(Unit.objects.get(path__endswith='2nd/').pk)"
    )
    page.goto(f"{muster}?unit={unit}")
    expect(row(page, "Reyes")).to_contain_text("Somebody else marks you.")
    expect(row(page, "Reyes").locator("input[value=P]")).to_be_disabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_muster_can_be_used_by_everybody_on_a_phone(page_of, muster, scheme):
    page = page_of("tactical", phone=True, color_scheme=scheme)
    page.goto(muster)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [box.bounding_box() for box in row(page, "Abad").locator(".letters label").all()]
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
