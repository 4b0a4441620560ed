"""Several cells sent at once, each answered by itself; what changed since; signing in again within the page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term
from tests import factories

CELLS, CHANGES = "/sheet/cells/", "/sheet/changes/"
DATA = re.compile(r'<data value="([\d.]+)" data-status="(\d+)"([^>]*)>([^<]*)</data>')


@pytest.fixture
def cadets(platoon):
    return factories.platoon_of(platoon, 12)


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


def answered(reply) -> dict:
    """``{cell: (status, sentence)}``"""
    return {key: (int(status), words) for key, status, _, words in DATA.findall(reply.content.decode())}


def named(enrollment, exam, version=0, shown="") -> str:
    return f"{enrollment.pk}.{exam.pk}.{version}:{shown}"


def test_each_cell_is_answered_for_itself(as_user, tactical, commandant, cadets, bravo, prelim):
    good, high, taken, moved = cadets[:4]
    record_score(taken, prelim, typed="91", seen_version=0, by=commandant)
    moved.unit = bravo
    moved.save()
    sent = {good: "80", high: "105", taken: "88", moved: "70"}
    reply = as_user(tactical).post(CELLS, {named(each, prelim): typed for each, typed in sent.items()})
    assert reply.status_code == 207
    found = answered(reply)
    assert found[f"{good.pk}.{prelim.pk}"] == (200, "")
    assert found[f"{high.pk}.{prelim.pk}"][0] == 422
    assert "105 is above 100. Not saved." in found[f"{high.pk}.{prelim.pk}"][1]
    assert found[f"{taken.pk}.{prelim.pk}"][0] == 409
    assert "Sgt Maria Commandant set 91" in found[f"{taken.pk}.{prelim.pk}"][1]
    assert found[f"{moved.pk}.{prelim.pk}"] == (404, "This cadet is no longer yours to enter. Not saved.")
    stored = {score.enrollment_id: score.typed for score in Score.objects.all()}
    assert stored == {good.pk: "80", taken.pk: "91"}


def test_ten_cells_go_at_once_and_each_is_a_change_of_its_own(as_user, tactical, cadets, prelim):
    reply = as_user(tactical).post(CELLS, {named(each, prelim): "80" for each in cadets[:10]})
    assert reply.status_code == 200
    assert {status for status, _ in answered(reply).values()} == {200}
    lines = JournalEntry.objects.filter(what="score recorded")
    assert len({line.act for line in lines}) == 10
    assert {line.how for line in lines} == {"typed"}


@pytest.mark.parametrize("count", [0, 11])
def test_none_and_more_than_ten_are_refused_in_words(as_user, tactical, cadets, prelim, count):
    reply = as_user(tactical).post(CELLS, {named(each, prelim): "80" for each in cadets[:count]})
    assert reply.status_code == 422
    assert "Send 1 to 10 cells at once. Nothing was saved." in reply.content.decode()
    assert not Score.objects.exists()


def test_a_cell_sent_twice_at_once_is_stored_once(as_user, tactical, cadets, prelim):
    reply = as_user(tactical).post(CELLS, {named(cadets[0], prelim): "80", named(cadets[0], prelim, 1): "81"})
    assert reply.status_code == 207
    assert Score.objects.get().typed == "80"


@pytest.mark.parametrize(
    "name",
    ["1.2.3", "1.2.3.4", "a.b.c:", "1.2.-1:", "99999999999999999999.1.0:", "1.1.9999999999:", "٣.1.0:"],
)
def test_what_names_no_cell_is_no_cell(as_user, tactical, cadets, name):
    assert as_user(tactical).post(CELLS, {name: "80"}).status_code == 422


def test_numbers_of_nobody_are_answered(as_user, tactical, cadets, prelim):
    reply = as_user(tactical).post(
        CELLS, {"999999999999999999.1.0:": "1", f"{cadets[0].pk}.999999999999999999.0:": "1"}
    )
    assert sorted(status for status, _ in answered(reply).values()) == [404, 422]


def test_a_closed_term_and_an_archived_cadet_are_said_cell_by_cell(as_user, tactical, cadets, term, prelim):
    cadets[0].cadet.archived_at = timezone.now()
    cadets[0].cadet.save()
    sent = {named(each, prelim): "80" for each in cadets[:2]}
    found = answered(as_user(tactical).post(CELLS, sent))
    assert "is archived" in found[f"{cadets[0].pk}.{prelim.pk}"][1]
    assert found[f"{cadets[1].pk}.{prelim.pk}"][0] == 200
    Term.objects.filter(pk=term.pk).update(closed_at=timezone.now())
    found = answered(as_user(tactical).post(CELLS, {named(cadets[2], prelim): "80"}))
    assert "is closed. Not saved." in found[f"{cadets[2].pk}.{prelim.pk}"][1]


def test_ones_own_scores_are_not_entered(as_user, cadet, enrollment, alpha, prelim):
    factories.appointed(cadet, "tactical_officer", alpha)
    reply = as_user(cadet).post(CELLS, {named(enrollment, prelim): "100"})
    assert reply.status_code == 403
    assert "may read this cell and not change it" in reply.content.decode()


def test_a_page_of_another_person_sends_and_reads_nothing(as_user, tactical, commandant, cadets, prelim):
    sent = {named(cadets[0], prelim): "80", "reader": commandant.pk}
    assert as_user(tactical).post(CELLS, sent).status_code == 403
    asked = {"since": timezone.now().isoformat(), "reader": commandant.pk}
    assert as_user(tactical).get(CHANGES, asked).status_code == 403
    assert not Score.objects.exists()


def test_a_reply_to_one_cell_stays_small(as_user, tactical, platoon, cadets, term, prelim):
    query = f"?term={term.name}&unit={platoon.pk}&columns=exams"
    for each in cadets:
        reply = as_user(tactical).post(CELLS + query, {named(each, prelim): "87,5"})
        assert f'id="f{prelim.pk}m"' in reply.content.decode()
        assert len(reply.content) <= 600


def test_one_cell_costs_the_same_queries_in_every_sheet_and_ten_cost_little_more(
    as_user, tactical, platoon, cadets, prelim, django_assert_max_num_queries
):
    client = as_user(tactical)
    query = f"?unit={platoon.pk}"
    client.post(CELLS + query, {named(cadets[0], prelim): "80"})
    with django_assert_max_num_queries(32):
        client.post(CELLS + query, {named(cadets[1], prelim): "80"})
    with django_assert_max_num_queries(32):
        client.post(CELLS + query, {named(each, prelim): "80" for each in cadets[2:]})


def test_what_the_page_knows_already_is_not_told_again(as_user, tactical, commandant, cadets, prelim):
    client, since = as_user(tactical), timezone.now().isoformat()
    reply = client.post(CELLS, {named(cadets[0], prelim): "80"}).content.decode()
    row = re.search(r'data-row="(\d+)"', reply)[1]
    known = (
        f"{cadets[0].pk}.{prelim.pk}.1 {cadets[0].pk}..{row} {' '.join(f'{each.pk}..1' for each in cadets)}"
    )
    nothing = client.get(CHANGES, {"since": since, "known": known}).content.decode()
    assert "<data" not in nothing and "<td" not in nothing
    record_score(cadets[1], prelim, typed="77", seen_version=0, by=commandant)
    news = client.get(CHANGES, {"since": since, "known": known}).content.decode()
    assert re.findall(r'<data value="(\d+\.\d+)"', news) == [f"{cadets[1].pk}.{prelim.pk}"]


def test_asking_when_nothing_changed_costs_few_queries(
    as_user, tactical, platoon, cadets, django_assert_max_num_queries
):
    client = as_user(tactical)
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    with django_assert_max_num_queries(8):
        client.get(CHANGES, {"unit": platoon.pk, "since": later})


# --- signing in within the page


@pytest.mark.parametrize(
    ("page", "framed"),
    [("/accounts/login/", True), ("/signed-in/", True), ("/sheet/", False), ("/accounts/logout/", False)],
)
def test_only_the_signing_in_is_ever_shown_within_a_page_of_this_house(
    client, tactical, cadets, page, framed
):
    if page != "/accounts/login/":
        client.force_login(tactical)
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY")
    policy = answer["Content-Security-Policy"]
    assert ("frame-ancestors 'self'" if framed else "frame-ancestors 'none'") in policy
    assert ("frame-src 'self'" in policy) == (page == "/sheet/")


def test_who_is_in_is_said_with_a_token_for_their_pages(as_user, tactical, client):
    assert client.get("/signed-in/").status_code == 302
    page = as_user(tactical).get("/signed-in/")
    assert f'data-reader="{tactical.pk}" data-token="' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_who_cancels_the_second_step_clears_nothing_of_this_browser(client, db):
    assert "Clear-Site-Data" not in client.post("/accounts/logout/")
