"""Several machines behind one address: streams reach everyone, jobs run once, limits hold, a deploy loses nothing."""

import itertools
import os
import threading
import time
from types import SimpleNamespace

import psycopg
import pytest

from tests.fleet import Fleet
from tests.served import PASSWORD, Stream

pytestmark = pytest.mark.redis
CORPS = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadets = factories.platoon_of(alpha.children.first(), 30)
factories.staff("tactical.alpha", "tactical_officer", alpha)
print(json.dumps([[each.pk for each in cadets], term.exams.first().pk]))
"""
ASKED = """
import json
from rotc.jobs.actions import ask
from rotc.roster.models import Term
print(json.dumps([ask("recompute", by=None, term=Term.objects.get().pk).pk for _ in range(12)]))
"""
ENDED = """
import json
from rotc.jobs.models import Job
jobs = Job.objects.filter(pk__in={jobs})
print(json.dumps([[job.attempts, job.said] for job in jobs if not job.open]))
"""
STORED = """
import json
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
stored = [[each.enrollment_id, each.version, each.typed] for each in Score.objects.all()]
print(json.dumps([stored, JournalEntry.objects.filter(what__startswith="score").count()]))
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    fleet = Fleet(
        tmp_path_factory.mktemp("fleet"), redis=12 if os.environ.get("PYTEST_XDIST_WORKER") == "gw1" else 11
    )
    fleet.cadets, fleet.exam = fleet.webs[0].answer(CORPS)
    fleet.session = fleet.webs[0].session_of("tactical.alpha")
    yield fleet
    fleet.end()


def save(fleet, ask, cadet, version, typed):
    return ask(
        "POST",
        "/sheet/cells/",
        session=fleet.session,
        form={f"{cadet}.{fleet.exam}.{version}:": typed},
        genuine=True,
        timeout=60,
    )


@pytest.mark.parametrize(("listens", "saves"), [(0, 1), (1, 0)])
def test_a_score_saved_at_one_reaches_the_open_pages_of_the_other(fleet, listens, saves):
    stream = Stream(fleet.webs[listens], fleet.session)
    assert stream.next_event() == "stream-open"
    assert save(fleet, fleet.webs[saves].ask, fleet.cadets[listens], 0, "80").status == 200
    assert stream.next_event() == "standings-changed"
    stream.close()


def test_a_stream_comes_through_the_proxy_at_once(fleet):
    stream = Stream(SimpleNamespace(port=fleet.port), fleet.session)
    assert stream.next_event() == "stream-open"
    assert save(fleet, fleet.ask, fleet.cadets[2], 0, "80").status == 200
    assert stream.next_event() == "standings-changed"
    stream.close()


def test_every_job_is_done_by_one_of_the_workers(fleet):
    jobs = fleet.webs[0].answer(ASKED)
    ending = time.monotonic() + 60
    while len(ended := fleet.webs[1].answer(ENDED.format(jobs=jobs))) < len(jobs):
        assert time.monotonic() < ending, ended
    assert {attempts for attempts, _ in ended} == {1}
    assert all(said.startswith("30 standings of") for _, said in ended)


def test_wrong_passwords_are_counted_together(fleet):
    def sign_in(web, password):
        return web.ask(
            "POST",
            "/accounts/login/",
            form={"login": "tactical.alpha", "password": password},
            genuine=True,
        )

    for web in itertools.islice(itertools.cycle(fleet.webs), 5):
        assert sign_in(web, "wrong, each time").status == 200
    for web in fleet.webs:
        assert "sessionid" not in (sign_in(web, PASSWORD).headers.get("Set-Cookie") or "")


def test_a_deploy_fails_no_save(fleet):
    over, answers, sent = threading.Event(), [], {}

    def type_on(cadets):
        for round_ in itertools.count(1):
            for cadet in cadets:
                if over.is_set():
                    return
                answers.append(save(fleet, fleet.ask, cadet, round_ - 1, str(round_ % 100)).status)
                sent[cadet] = [round_, str(round_ % 100)]

    hands = [threading.Thread(target=type_on, args=[fleet.cadets[start::3]]) for start in (3, 4, 5)]
    for hand in hands:
        hand.start()
    for at, web in enumerate(fleet.webs):
        time.sleep(1)
        assert web.stop() == 0
        fleet.workers[at].terminate()
        assert fleet.workers[at].wait(30) == 0
        web.start()
        fleet.workers[at] = fleet.start_worker(web)
    time.sleep(1)
    over.set()
    for hand in hands:
        hand.join()
    assert set(answers) == {200}
    stored, lines = fleet.webs[0].answer(STORED)
    found = {cadet: [version, typed] for cadet, version, typed in stored}
    assert {cadet: found[cadet] for cadet in sent} == sent
    assert lines == sum(version for version, _ in found.values())


def test_a_save_that_waits_too_long_is_answered_in_words_and_holds_up_nobody(fleet):
    url, cadet, answers = fleet.env["DATABASE_URL"], fleet.cadets[0], []
    for web in fleet.webs:  # a first sheet takes longer than those that follow
        assert web.get("/sheet/", session=fleet.session).status == 200
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM rotc_exam WHERE id = %s FOR UPDATE", [fleet.exam])
        waiting = threading.Thread(
            target=lambda: answers.append(save(fleet, fleet.ask, cadet, 1, "81")), daemon=True
        )
        waiting.start()
        assert fleet.ask("GET", "/sheet/", session=fleet.session).status == 200
        assert not answers, "it waits still"
        waiting.join(60)
        other.rollback()
    [answer] = answers
    assert answer.status == 503
    assert "Nothing of yours was changed" in answer.text
    assert save(fleet, fleet.ask, cadet, 1, "81").status == 200
