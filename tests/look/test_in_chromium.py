"""The shell in a real browser: by phone and by desk, by day and by night, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser
PEOPLE = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
factories.platoon_of(alpha.children.first(), 3)
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
factories.staff("keyed", "clerk", term.units.get(kind="corps"))
factories.staff("slow", "clerk", term.units.get(kind="corps"))
"""
SMALL_WORDS = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.checkVisibility({visibilityProperty: true})
    && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && parseFloat(getComputedStyle(each).fontSize) < 16)
  .map(each => each.textContent.trim().slice(0, 40))"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a.button, .bar a, summary, input:not([type=hidden]), select")]
  .filter(each => each.checkVisibility() && !each.matches("[type=checkbox], [type=radio]"))
  .filter(each => each.getBoundingClientRect().height < 44)
  .map(each => each.outerHTML.slice(0, 80))"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"]
OWN = ["/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/", "/nowhere/"]


@pytest.fixture(scope="module", autouse=True)
def people(server):
    server.script(PEOPLE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desk"])
def test_anybody_can_use_the_entrance_and_their_account(page_of, scheme, phone):
    stranger = page_of(phone=phone, color_scheme=scheme)
    officer = page_of("commandant", phone=phone, color_scheme=scheme)
    for page, paths in ((stranger, OPEN), (officer, OWN)):
        for path in paths:
            page.goto(path)
            assert serious(page) == [], path
            assert not page.evaluate(WIDER), path


def test_words_and_targets_are_large_enough_on_a_phone(page_of):
    stranger, officer = page_of(phone=True), page_of("commandant", phone=True)
    for page, paths in ((stranger, OPEN), (officer, OWN)):
        for path in paths:
            page.goto(path)
            assert page.evaluate(SMALL_WORDS) == [], path
            assert page.evaluate(SMALL_TARGETS) == [], path


def test_the_menu_of_a_phone_opens_and_signs_out_without_javascript(page_of):
    page = page_of("commandant", phone=True, java_script_enabled=False)
    page.goto("/accounts/email/")
    expect(page.get_by_role("link", name="Roster")).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("link", name="Roster")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_on_a_desk_the_rooms_stand_at_the_left(page_of):
    page = page_of("commandant", viewport={"width": 1280, "height": 800})
    page.goto("/accounts/email/")
    room = page.get_by_role("link", name="Roster").bounding_box()
    words = page.get_by_role("heading", name="E-mail", exact=True).bounding_box()
    assert room["x"] + room["width"] < words["x"]
    expect(page.get_by_text("Menu", exact=True)).to_be_hidden()


def test_the_first_tab_leads_past_the_menu(page_of):
    page = page_of("commandant")
    page.goto("/accounts/email/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_request_that_fails_says_so_and_leaves_the_page(page_of):
    page = page_of("commandant")
    page.goto("/accounts/email/")
    page.route("**/broken/", lambda route: route.fulfill(status=500, body="<h1>Traceback</h1>"))
    page.route("**/cut/", lambda route: route.abort())
    said = page.locator("#messages")
    page.evaluate("htmx.ajax('POST', '/broken/', {target: 'main'})")
    expect(said).to_have_text("The server could not do this (500). Nothing was saved.")
    page.route("**/closed/", lambda route: route.fulfill(status=503, body="<h1>Back soon</h1>"))
    page.evaluate("htmx.ajax('POST', '/closed/', {target: 'main'})")
    expect(said).to_have_text("The system is closed for the moment. Nothing was saved; try again later.")
    page.evaluate("htmx.ajax('POST', '/cut/', {target: 'main'}).catch(() => {})")
    expect(said).to_have_text("No connection. Nothing was saved; try again.")
    page.evaluate("htmx.ajax('GET', '/nowhere/', {target: 'main'})")
    expect(said).to_contain_text("no longer here")
    expect(page.get_by_role("heading", name="E-mail", exact=True)).to_be_visible()


NUDGED = """() => new Promise((answered) => {
  document.addEventListener("htmx:afterRequest", () => answered(), { once: true });
  document.body.dispatchEvent(new Event("notifications-changed"));
})"""


def test_what_a_page_looks_at_by_itself_fails_without_a_word(page_of):
    page = page_of("commandant")
    page.goto("/accounts/email/")
    for becomes in (lambda route: route.abort(), lambda route: route.fulfill(status=502)):
        page.route("**/notifications/tray/", becomes)
        page.evaluate(NUDGED)
        assert page.locator("#messages").inner_text().strip() == ""
    page.route("**/notifications/tray/", lambda route: route.fulfill(status=404))
    page.evaluate(NUDGED)
    expect(page.locator("#messages")).to_have_text("This is no longer here, or not yours to see.")


def test_an_answer_that_works_again_takes_the_complaint_away(page_of):
    page = page_of("commandant")
    page.goto("/accounts/email/")
    page.route("**/cut/", lambda route: route.abort())
    page.evaluate("htmx.ajax('POST', '/cut/', {target: 'main'}).catch(() => {})")
    expect(page.locator("#messages")).to_contain_text("No connection")
    page.evaluate("htmx.ajax('GET', '/accounts/email/', {target: '#live', swap: 'none'})")
    expect(page.locator("#messages")).to_have_text("")


def test_whoever_was_signed_out_meanwhile_is_sent_to_sign_in(page_of):
    page = page_of("commandant")
    page.goto("/accounts/email/")
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/accounts/sessions/', {target: 'main'})")
    expect(page.locator("#messages")).to_contain_text("You have been signed out.")
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_label("Student number").fill("commandant")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/accounts/email/$"))


def test_a_passkey_is_added_and_signs_in_under_the_content_policy(page_of):
    page = page_of()
    page.goto(page.url if page.url != "about:blank" else "/accounts/login/")
    home = page.url.split("/accounts")[0].replace("127.0.0.1", "localhost")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    def give_password():
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main button[type=submit]").click()

    page.goto(f"{home}/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Student number").fill("keyed")
    give_password()
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    give_password()
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#messages")).to_contain_text("The key is added.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Student number").fill("keyed")
    give_password()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_on_a_slow_line_a_passkey_cannot_be_asked_for_before_its_script_is_there(page_of):
    page = page_of()
    page.goto("/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Student number").fill("slow")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("button", name="Add")).to_be_enabled()
    page.route("**/shell*.js", lambda route: None)  # a script that never arrives
    page.reload(wait_until="commit")
    expect(page.get_by_role("button", name="Add")).to_be_disabled()
