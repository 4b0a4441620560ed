"""Two who decide of one cadet at the same moment, on a real server: one is stored, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.served import Stream

TOKEN = "a" * 32
PEOPLE = """
import json
from tests import factories
from tests.verdicts.people import too_often_absent
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadets = [factories.enroll(alpha.children.first(), f"26-{n:03}", "Abad", "Zita") for n in range(7)]
for name in ("one", "two"):
    factories.staff(name, "commandant", term.units.get(kind="corps"))
for each in cadets:
    too_often_absent(each)
print(json.dumps([each.pk for each in cadets]))
"""
DECISIONS = """
import json
from rotc.verdicts.models import DropDecision
from rotc.standings.models import Standing
[kept] = DropDecision.objects.filter(enrollment={pk})
print(json.dumps([kept.decision, Standing.objects.get(enrollment={pk}).verdict]))
"""
MARKS = """
import json
from rotc.standings.models import Standing
from rotc.standings.queries import record, recommended
from rotc.grading import grade
standing = Standing.objects.select_related("enrollment__term").get(enrollment={pk})
fresh, rules = record(standing.enrollment), standing.enrollment.term.rules
now = standing.decision.get("now", "")
true = now == recommended(fresh, rules) if standing.decision else True
print(json.dumps([standing.verdict, grade(fresh, rules).verdict.value, true]))
"""
CODES = """
import json
from rotc.verdicts.models import Override
print(json.dumps(list(Override.objects.filter(enrollment={pk}).values_list("code", flat=True))))
"""


@pytest.fixture(scope="module")
def corps(server):
    pks = server.answer(PEOPLE)
    return server, pks, [server.session_of(name) for name in ("one", "two")]


def at_once(server, sessions, path, forms):
    def ask(session, form):
        cookie = {"Cookie": f"csrftoken={TOKEN}", "X_CSRFToken": TOKEN}
        return server.ask("POST", path, session=session, form=form, **cookie)

    with ThreadPoolExecutor(2) as officers:
        return sorted(reply.status for reply in officers.map(ask, sessions, forms))


def test_of_two_decisions_at_once_one_is_stored_and_one_is_told(corps):
    server, pks, sessions = corps
    seen = {"reason": "Decided", "recommended": "absences: 4 unexcused of 3 allowed", "seen": ""}
    for pk in pks[:5]:
        forms = [{"decision": decision, **seen} for decision in ("confirmed", "waived")]
        first, second = at_once(server, sessions, f"/verdicts/drops/{pk}/", forms)
        assert first == 302
        assert second in (409, 422)
        decision, verdict = server.answer(DECISIONS.format(pk=pk))
        assert verdict == {"confirmed": "dropped", "waived": "in_progress"}[decision]
        assert server.answer(MARKS.format(pk=pk)) == [verdict, verdict, True]


def test_of_two_codes_at_once_one_is_set_and_one_is_told(corps):
    server, pks, sessions = corps
    forms = [{"code": code, "reason": "Decided", "seen": ""} for code in ("INC", "T")]
    first, second = at_once(server, sessions, f"/verdicts/code/{pks[5]}/", forms)
    assert first == 302
    assert second in (409, 422)
    assert len(server.answer(CODES.format(pk=pks[5]))) == 1


def test_the_cadets_open_page_is_told_of_a_decision(corps):
    server, pks, sessions = corps
    with closing(Stream(server, server.session_of("26-006"))) as stream:
        assert stream.next_event() == "stream-open"
        form = {"decision": "waived", "reason": "Was ill", "seen": ""}
        form["recommended"] = "absences: 4 unexcused of 3 allowed"
        at_once(server, sessions[:1], f"/verdicts/drops/{pks[6]}/", [form])
        assert stream.next_event() == "standings-changed"
