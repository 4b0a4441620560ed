"""Every link a page offers opens for whoever it is offered to: with no term, an empty, a running and a closed one."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.utils import timezone

from rotc.conduct.actions import give
from rotc.exams.actions import record_score
from rotc.roster.models import Term
from tests import factories

MOST = 80


class Links(HTMLParser):
    """The addresses that a page leads to: its links, and the forms that only ask."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "a" and facts.get("href"):
            self.found.append(facts["href"])
        if tag == "form" and facts.get("method", "get") == "get" and facts.get("action"):
            self.found.append(facts["action"])


def walk(client) -> dict[str, tuple[int, str]]:
    """Whatever is reached from the first page: ``{address: (status, from where)}``, one address of a kind."""
    waiting, kinds, answers = [("/", "")], set(), {}
    while waiting and len(answers) < MOST:
        address, before = waiting.pop(0)
        answer = client.get(address, follow=True)
        answers[address] = answer.status_code, before
        at = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        if "html" not in answer["Content-Type"]:
            continue
        for link in Links(answer.content.decode()).found:
            there = urlsplit(urljoin(at, link))
            kind = re.sub(r"\d+", "1", there.path)
            if not there.netloc and kind not in kinds:
                kinds.add(kind)
                waiting.append((there._replace(fragment="").geturl(), at))
    return answers


def empty():
    return {"administrator": None, **_corps(factories.open_term())}


def running():
    """A company with a demerit, an exam begun and a proposal; its people by role."""
    term = factories.open_term()
    alpha = factories.company(term, "Alpha")
    cadets = factories.platoon_of(alpha.children.first(), 3)
    record_score(cadets[0], term.exams.first(), typed="80", seen_version=0, by=None)
    give(cadets[:1], kind="demerit", points=2, reason="Late", date=timezone.localdate(), by=None)
    return {"administrator": None, **_corps(term), "tactical_officer": alpha, "cadet_officer": alpha}


def _corps(term):
    return dict.fromkeys(("commandant", "clerk"), term.units.get(kind="corps"))


def refused(client) -> dict:
    answers = walk(client)
    assert len(answers) > 5
    return {address: said for address, said in answers.items() if said[0] >= 400}


def test_before_the_first_term_every_link_opens(as_user, administrator):
    assert refused(as_user(administrator)) == {}


@pytest.mark.parametrize("stage", [empty, running])
@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_every_link_opens_for_whoever_it_is_offered_to(client, db, stage, is_closed):
    people = {role: factories.staff(role, role, unit) for role, unit in stage().items()}
    if is_closed:
        Term.objects.update(closed_at=timezone.now())
    for role, user in people.items():
        client.force_login(user)
        assert (role, refused(client)) == (role, {})


def test_every_link_of_a_cadets_pages_opens(client, enrollment, cadet):
    client.force_login(cadet)
    answers = walk(client)
    assert {address: said for address, said in answers.items() if said[0] >= 400} == {}
