"""Open pages follow what happens, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

UNIT = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
factories.platoon_of(alpha.children.get(path__endswith="1st/"), 2)
"""
SCORE = """
from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.roster.models import Enrollment
cadet = Enrollment.objects.get(cadet__student_number="77-0001")
exam = cadet.term.exams.first()
seen = Score.objects.filter(enrollment=cadet, exam=exam).values_list("version", flat=True).first() or 0
record_score(cadet, exam, typed="{typed}", seen_version=seen, by=None)
"""
# Leased already, so that the worker's own round does not come to it before the test has seen it wait.
ASK = """
from datetime import timedelta
from django.utils import timezone
from rotc.accounts.models import User
from rotc.jobs.models import Job
job = Job.objects.create(kind="recompute", asked_by=User.objects.get(username="commandant"),
    leased_until=timezone.now() + timedelta(hours=1),
    arguments={{"term": User.objects.get(username="commandant").appointments.get().unit.term_id}})
print(job.pk)
"""
LET_GO = """
from rotc.jobs.actions import ring, run
from rotc.jobs.models import Job
Job.objects.filter(pk={job}).update(leased_until=None)
{deed}({job})
"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

COUNT = """() => document.body.addEventListener("standings-changed", () => {
  document.body.dataset.told = Number(document.body.dataset.told || 0) + 1;
})"""


@pytest.fixture(scope="module")
def unit(server):
    server.script(UNIT)
    return server


def opened_stream(page, go):
    with page.expect_response("**/events/**") as stream:
        go()
    assert stream.value.status == 200


def test_a_cadets_open_page_follows_a_score_where_they_read(unit, page_of):
    page = page_of("77-0001", phone=True)
    opened_stream(page, lambda: page.goto("/standing/"))
    proficiency = page.locator("details").filter(has_text="Subject proficiency")
    proficiency.locator("summary").click()
    page.evaluate("window.untouched = true; scrollTo(0, 120)")
    before = page.evaluate("scrollY")
    unit.script(SCORE.format(typed="31"))
    expect(proficiency).to_contain_text(re.compile(r"31 of \d+"))
    assert proficiency.evaluate("each => each.open"), "what was open stays open"
    assert page.evaluate("window.untouched"), "without a reload"
    assert page.evaluate("scrollY") == before


def test_a_page_that_comes_back_to_the_front_catches_up(unit, page_of):
    page = page_of("77-0001")
    opened_stream(page, lambda: page.goto("/standing/"))
    page.locator("details").filter(has_text="Subject proficiency").locator("summary").click()
    page.evaluate(HIDE, True)
    unit.script(SCORE.format(typed="17"))
    expect(page.locator("main")).not_to_contain_text("17 of")
    opened_stream(page, lambda: page.evaluate(HIDE, False))
    expect(page.locator("main")).to_contain_text("17 of")


def test_a_standing_left_open_is_gone_for_the_next_one_on_the_phone_once_signed_out(unit, page_of):
    page = page_of("77-0001", phone=True)
    opened_stream(page, lambda: page.goto("/standing/"))

    page.evaluate(HIDE, True)
    page.context.clear_cookies()
    page.evaluate(HIDE, False)

    page.wait_for_url("**/accounts/login/**")
    expect(page.locator("body")).not_to_contain_text("Cadet001")


def test_an_officers_page_follows_a_job_without_a_reload(unit, page_of):
    page = page_of("commandant")
    job = int(unit.script(ASK.format()).split()[-1])
    opened_stream(page, lambda: page.goto(f"/jobs/{job}/"))
    expect(page.locator("#job")).to_contain_text("waiting")
    page.evaluate("window.untouched = true")
    unit.script(LET_GO.format(job=job, deed="ring"))
    expect(page.locator("#job")).to_contain_text("2 standings of")
    assert page.evaluate("window.untouched")


def test_one_stream_a_tab_closed_while_it_is_hidden(unit, page_of):
    page = page_of("commandant")
    opened_stream(page, lambda: page.goto("/"))
    page.evaluate(COUNT)
    with page.expect_event("requestfailed", lambda each: "/events/" in each.url):
        page.evaluate(HIDE, True)
    opened_stream(page, lambda: page.evaluate(HIDE, False))
    expect(page.locator("body")).to_have_attribute("data-told", re.compile("[1-9]"))  # once is enough


def test_a_job_can_be_followed_without_scripts(unit, page_of):
    page = page_of("commandant", java_script_enabled=False)
    job = int(unit.script(ASK.format()).split()[-1])
    page.goto(f"/jobs/{job}/")
    expect(page.locator("#job")).to_contain_text("waiting")
    unit.script(LET_GO.format(job=job, deed="run"))
    done = page.locator("#job").get_by_text("2 standings of")
    for _ in range(60):  # the worker may have taken it up first
        page.get_by_role("link", name="Look again").click()
        page.wait_for_load_state()
        if done.count():
            break
        page.wait_for_timeout(500)
    expect(done).to_be_visible()
