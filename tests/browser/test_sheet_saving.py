"""What becomes of a score when the line, the session or another officer is in its way, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_sheet import PEOPLE, cell, stored
from tests.served import PASSWORD

pytestmark = pytest.mark.browser
CELLS = "**/sheet/cells/**"
EMPTY = """
from rotc.exams.models import Score
from rotc.roster.models import Term
Score.objects.all().delete()
Term.objects.update(closed_at=None)
"""
RECORD = """
from rotc.accounts.models import User
from rotc.exams.actions import record_score
from rotc.exams.models import Exam, Score
from rotc.roster.models import Enrollment
enrollment, exam = Enrollment.objects.get(cadet__last_name="{0}"), Exam.objects.get(name="{1}")
seen = Score.objects.filter(enrollment=enrollment, exam=exam).values_list("version", flat=True).first() or 0
record_score(enrollment, exam, typed="{2}", seen_version=seen, by=User.objects.get(username="commandant"))
"""


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)
    server.script("""
from tests import factories
from rotc.roster.models import Unit
second = Unit.objects.get(path__endswith="alpha/2nd/")
factories.enroll(second, "26-100", "Evora", "Ana")
""")


@pytest.fixture(autouse=True)
def blank(server):
    server.script(EMPTY)


@pytest.fixture
def open_sheet(page_of):
    def opened(username="tactical", **options):
        page = page_of(username, **options)
        page.goto("/sheet/")
        return page

    return opened


def type_into(page, name, exam, value):
    cell(page, name, exam).fill(value)
    page.keyboard.press("Enter")


def state(page):
    return page.locator("#state")


def kept(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('rotc.unsaved.')).length"
    )


def cut(page):
    page.route(CELLS, lambda route: route.abort())


def mend(page):
    page.unroute(CELLS)


# --- kept until it is saved


def test_what_was_not_saved_survives_a_reload_and_arrives(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Prelim", "61")
    type_into(page, "Bello", "Prelim", "62")
    expect(state(page)).to_contain_text("2 not saved")
    page.reload()
    expect(cell(page, "Abad", "Prelim")).to_have_value("61")
    expect(state(page)).to_contain_text("2 not saved")
    assert stored(server) == {}
    mend(page)
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "61", ("Bello", "Prelim"): "62"}
    assert kept(page) == 0


def test_a_score_half_typed_when_the_page_is_reloaded_stands_there_and_is_not_sent_by_itself(
    open_sheet, server
):
    page = open_sheet()
    cell(page, "Cruz", "Prelim").focus()
    page.keyboard.type("8")
    page.reload()
    expect(cell(page, "Cruz", "Prelim")).to_have_value("8")
    expect(state(page)).to_contain_text("1 not saved")
    assert stored(server) == {}
    cell(page, "Cruz", "Prelim").focus()
    page.keyboard.press("End")
    page.keyboard.type("87")
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved")


def test_yesterdays_unsaved_score_never_overwrites_what_was_set_since(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Final", "70")
    expect(state(page)).to_contain_text("1 not saved")
    page.goto("/")
    server.script(RECORD.format("Abad", "Final", "75"))
    mend(page)
    page.goto("/sheet/")
    expect(page.locator(".conflict")).to_contain_text("Yours 70 · Sgt Maria Commandant set 75")
    assert stored(server)["Abad", "Final"] == "75"
    page.get_by_role("button", name="Keep 75").press("Enter")
    expect(cell(page, "Abad", "Final")).to_have_value("75")
    expect(cell(page, "Abad", "Final")).to_be_focused()
    assert kept(page) == 0


def test_scores_left_unsaved_on_another_sheet_are_told_with_the_way_there(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Final", "70")
    expect(state(page)).to_contain_text("1 not saved")
    page.evaluate(
        """() => { const name = Object.keys(localStorage).find((each) => each.startsWith("rotc.unsaved."));
        localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), at: 0 })); }"""
    )
    mend(page)
    page.goto("/sheet/?q=evora&unit=" + page.locator("select[name=unit] option").last.get_attribute("value"))
    told = page.get_by_text("1 score is not saved yet (Final, Abad, Ana: 70)")
    expect(told).to_be_visible()
    assert stored(server) == {}
    told.get_by_role("link").click()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Abad", "Final"): "70"}


def test_signing_out_with_unsaved_scores_asks_first_on_any_page(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Final", "70")
    expect(state(page)).to_contain_text("1 not saved")
    page.goto("/roster/")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").first.click()
    assert asked == ["1 score is not saved yet. Sign out and lose it?"]
    expect(page).to_have_url(re.compile("/roster/"))
    assert kept(page) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    assert kept(page) == 0


def test_the_next_officer_on_this_browser_neither_sees_nor_sends_what_the_first_typed(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Abad", "Final", "70")
    expect(state(page)).to_contain_text("1 not saved")
    mend(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    _sign_in(page, "commandant")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto("/sheet/?q=ana")
    expect(cell(page, "Abad", "Final")).to_have_value("")
    type_into(page, "Bello", "Final", "50")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Bello", "Final"): "50"}
    assert kept(page) == 1


# --- the session


def _sign_in(where, username):
    where.locator("input[name=login]").fill(username)
    where.locator("input[name=password]").fill(PASSWORD)
    where.get_by_role("button", name="Sign in").click()


def became(page, server, username):
    """The browser's session is another's from now on, and no page has heard of it."""
    session = server.session_of(username)
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


def test_one_signs_in_on_the_page_and_everything_that_waited_is_saved(open_sheet, server):
    page = open_sheet()
    page.context.clear_cookies()
    cell(page, "Cruz", "Final").focus()
    for value in ("70", "71"):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in to go on")
    expect(dialog).to_be_visible()
    expect(state(page)).to_contain_text("Signed out, 2 not saved")
    assert stored(server) == {}
    _sign_in(page.frame_locator("dialog iframe"), "tactical")
    expect(dialog).to_be_hidden()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "70", ("Diaz", "Final"): "71"}
    expect(cell(page, "Diaz", "Final")).to_be_focused()


def test_when_somebody_else_signs_in_there_nothing_of_the_first_officer_is_sent(open_sheet, server):
    page = open_sheet()
    page.context.clear_cookies()
    type_into(page, "Cruz", "Final", "70")
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_navigation(url=re.compile("/sheet/"), timeout=15000):
        _sign_in(page.frame_locator("dialog iframe"), "commandant")
    expect(page.get_by_text("Sgt Maria Commandant").first).to_be_attached()
    expect(cell(page, "Cruz", "Final")).to_have_value("")
    page.wait_for_timeout(500)
    assert stored(server) == {}


def test_who_signed_in_again_in_another_tab_notices_nothing(open_sheet, server):
    page = open_sheet()
    other = page.context.new_page()
    page.context.clear_cookies()
    other.goto("/accounts/login/")
    _sign_in(other, "tactical")
    other.wait_for_url(lambda url: "login" not in url)
    type_into(page, "Cruz", "Final", "72")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "72"}


def test_signed_in_as_somebody_else_in_another_tab_the_first_officers_page_sends_nothing(open_sheet, server):
    page = open_sheet()
    other = page.context.new_page()
    page.context.clear_cookies()
    other.goto("/accounts/login/")
    _sign_in(other, "commandant")
    other.wait_for_url(lambda url: "login" not in url)
    stop = page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")
    expect(stop).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_navigation(url=re.compile("/sheet/")):
        page.get_by_role("button", name="Go on as Sgt Maria Commandant").click()
    expect(cell(page, "Cruz", "Final")).to_have_value("")
    assert stored(server) == {}


def test_at_the_latest_the_next_save_says_that_somebody_else_is_signed_in(open_sheet, server):
    page = open_sheet()
    became(page, server, "commandant")
    type_into(page, "Cruz", "Final", "73")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()
    assert kept(page) == 1
    assert stored(server) == {}
    became(page, server, "tactical")
    with page.expect_navigation(url=re.compile("/sheet/")):
        page.get_by_role("button", name="Go on as").click()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Cruz", "Final"): "73"}


def test_somebody_else_who_signs_in_in_another_tab_is_noticed_at_once(open_sheet, server):
    page = open_sheet()
    cell(page, "Cruz", "Final").focus()
    page.keyboard.type("7")
    other = page.context.new_page()
    page.context.clear_cookies()
    other.goto("/accounts/login/")
    _sign_in(other, "commandant")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()
    assert stored(server) == {}


def test_who_comes_back_to_the_sheet_hears_that_somebody_else_is_signed_in(open_sheet, server):
    page = open_sheet()
    became(page, server, "commandant")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog", name="Sgt Maria Commandant is signed in here now")).to_be_visible()


def test_who_only_looks_says_every_little_while_that_they_are_here(page_of):
    page = page_of("tactical")
    page.clock.install()
    with page.expect_response("**/sheet/changes/**"):
        page.goto("/sheet/")
    for _ in range(3):
        with page.expect_response("**/sheet/changes/**") as beat:
            page.clock.run_for(20_000)
        assert beat.value.status == 200


def test_a_refused_score_is_sent_again_by_the_button_once_it_can_be_stored(open_sheet, server):
    page = open_sheet()
    items = 'from rotc.exams.models import Exam\nExam.objects.filter(name="Prelim").update(items={})'
    type_into(page, "Abad", "Prelim", "105")
    expect(page.locator(".why")).to_contain_text("Prelim, Abad, Ana: 105 is above 100. Not saved.")
    server.script(items.format(120))
    page.get_by_role("button", name="Retry").focus()
    page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved")
    assert stored(server) == {("Abad", "Prelim"): "105"}
    server.script(EMPTY + items.format(100))


# --- many at once


def test_a_queue_goes_in_batches_and_never_more_than_three_requests_are_under_way(open_sheet, server):
    page = open_sheet()
    flying, most, sizes = set(), [], []

    def began(request):
        if "/sheet/cells/" in request.url:
            flying.add(request)
            most.append(len(flying))
            sizes.append(len(re.findall(r"(?:^|&)\d+\.\d+\.", request.post_data)))

    def ended(request):
        flying.discard(request)

    page.on("request", began)
    page.on("requestfinished", ended)
    client = page.context.new_cdp_session(page)
    client.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    for exam in ("Prelim", "Midterm", "Final"):
        cell(page, "Abad", exam).focus()
        for value in ("41", "42", "43", "44"):
            page.keyboard.type(value)
            page.keyboard.press("Enter")
    expect(state(page)).to_contain_text("All saved", timeout=15000)
    assert max(most) <= 3
    assert sum(sizes) == 12
    assert 1 < max(sizes) <= 10
    assert sorted(stored(server).values()) == sorted(["41", "42", "43", "44"] * 3)


def test_a_newer_value_typed_while_the_first_is_under_way_is_what_is_stored(open_sheet, server):
    page = open_sheet()
    client = page.context.new_cdp_session(page)
    client.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 600, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    type_into(page, "Abad", "Prelim", "80")
    type_into(page, "Abad", "Prelim", "81")
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "81"}
    expect(page.locator(".conflict")).to_have_count(0)


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(open_sheet, server):
    page = open_sheet()

    def lost(route):
        route.fetch()
        route.abort()

    page.route(CELLS, lost)
    type_into(page, "Abad", "Prelim", "87,5")
    expect(state(page)).to_contain_text("1 not saved")
    mend(page)
    type_into(page, "Abad", "Prelim", "90")
    expect(state(page)).to_contain_text("All saved", timeout=10000)
    assert stored(server) == {("Abad", "Prelim"): "90"}


# --- other officers


def test_a_conflict_is_decided_by_a_choice_and_not_by_passing_through(open_sheet, server):
    page = open_sheet()
    cell(page, "Abad", "Prelim").focus()
    page.keyboard.type("88")
    server.script(RECORD.format("Abad", "Prelim", "91"))
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_contain_text("Yours 88 · Sgt Maria Commandant set 91 at")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(300)
    assert stored(server)["Abad", "Prelim"] == "91"
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("button", name="Keep 91")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, "Abad", "Prelim")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cell(page, "Abad", "Prelim")).to_be_focused()
    expect(state(page)).to_contain_text("All saved")
    assert stored(server)["Abad", "Prelim"] == "88"


def test_who_types_what_the_other_stored_has_nothing_left_to_decide(open_sheet, server):
    page = open_sheet()
    cell(page, "Abad", "Prelim").focus()
    page.keyboard.type("88")
    server.script(RECORD.format("Abad", "Prelim", "EX"))
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_contain_text("Yours 88 · Sgt Maria Commandant set EX at")
    type_into(page, "Abad", "Prelim", "EX")
    expect(page.locator(".conflict")).to_have_count(0)
    expect(state(page)).to_have_text("Scores save as you type.")
    expect(cell(page, "Abad", "Prelim")).to_have_value("EX")
    assert stored(server)["Abad", "Prelim"] == "EX"
    assert kept(page) == 0


def test_anothers_change_is_marked_and_in_the_cell_one_is_in_only_told(open_sheet, server):
    page = open_sheet()
    cell(page, "Bello", "Prelim").focus()
    page.keyboard.type("7")
    server.script(RECORD.format("Abad", "Prelim", "64"))
    expect(cell(page, "Abad", "Prelim")).to_have_value("64")
    expect(page.get_by_text("↻ changed")).to_be_visible()
    server.script(RECORD.format("Bello", "Prelim", "65"))
    expect(page.get_by_text("↻ now 65")).to_be_visible()
    expect(cell(page, "Bello", "Prelim")).to_have_value("7")
    page.keyboard.type("7")
    expect(cell(page, "Bello", "Prelim")).to_have_value("77")
    page.keyboard.press("Escape")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Bello", "Prelim")).to_have_value("65")
    assert stored(server)["Bello", "Prelim"] == "65"


def test_who_else_is_on_this_sheet_is_said(open_sheet):
    mine, theirs = open_sheet("tactical"), open_sheet("commandant")
    theirs.goto("/sheet/?q=ana")
    expect(mine.locator("#present")).to_have_text("Also here: Sgt Maria Commandant")
    expect(theirs.locator("#present")).to_have_text("Also here: Sgt Maria Tactical")


# --- keys


def test_as_above_and_taking_back(open_sheet, server):
    page = open_sheet()
    type_into(page, "Abad", "Prelim", "35/100")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    expect(state(page)).to_contain_text("All saved")
    page.keyboard.press("Control+d")
    expect(state(page)).to_contain_text("All saved")
    expect(cell(page, "Bello", "Prelim")).to_have_value("35")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    expect(page.locator("td[data-state=saved]").first).to_be_visible()
    page.wait_for_timeout(300)
    assert stored(server)["Bello", "Prelim"] == "35"
    page.keyboard.press("Control+z")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    expect(cell(page, "Bello", "Prelim")).to_be_focused()
    assert stored(server) == {("Abad", "Prelim"): "35", ("Bello", "Prelim"): ""}


def test_taking_back_in_a_cell_being_typed_is_the_browsers(open_sheet, server):
    page = open_sheet()
    type_into(page, "Abad", "Prelim", "35")
    expect(state(page)).to_contain_text("All saved")
    page.keyboard.type("9")
    page.keyboard.press("Control+z")
    expect(cell(page, "Bello", "Prelim")).to_have_value("")
    page.wait_for_timeout(300)
    assert stored(server) == {("Abad", "Prelim"): "35"}


def test_alt_down_leads_to_the_cells_history_and_esc_back(open_sheet):
    page = open_sheet()
    cell(page, "Cruz", "Midterm").focus()
    expect(page.locator("#about")).to_contain_text("Midterm, Cruz, Ana")
    page.keyboard.press("Alt+ArrowDown")
    link = page.get_by_role("link", name="History of this cell")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, "Cruz", "Midterm")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Midterm, Cruz"))).to_be_visible()


# --- what the sheet cannot take


def test_a_closed_term_is_said_in_each_cell_and_nothing_is_stored(open_sheet, server):
    page = open_sheet()
    server.script(
        "from django.utils import timezone\nfrom rotc.roster.models import Term\nTerm.objects.update(closed_at=timezone.now())"
    )
    type_into(page, "Abad", "Prelim", "50")
    expect(page.locator(".why")).to_contain_text("is closed. Not saved.")
    expect(cell(page, "Abad", "Prelim")).to_have_value("50")
    expect(state(page)).to_contain_text("1 not saved")
    assert stored(server) == {}


def test_a_cadet_moved_away_meanwhile_takes_no_other_cell_along(open_sheet, server):
    page = open_sheet()
    cut(page)
    type_into(page, "Cruz", "Prelim", "50")
    type_into(page, "Diaz", "Prelim", "51")
    expect(state(page)).to_contain_text("2 not saved")
    move = """
from rotc.roster.models import Enrollment, Unit
from tests import factories
one = Enrollment.objects.get(cadet__last_name="Diaz")
one.unit = {}
one.save()
"""
    server.script(move.format('factories.company(one.term, "Bravo").children.first()'))
    mend(page)
    expect(page.locator(".why")).to_contain_text("no longer yours to enter. Not saved.", timeout=10000)
    expect(cell(page, "Diaz", "Prelim")).to_have_value("51")
    assert stored(server) == {("Cruz", "Prelim"): "50"}
    server.script(move.format('Unit.objects.get(path__endswith="alpha/1st/")'))
