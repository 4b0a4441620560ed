"""A policy is adopted while officers type scores and cadets are enrolled: nobody is left under the old one."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

TOKEN = "a" * 32
SCENE = """
import json
from rotc.grading import Policy
from rotc.policies import actions
from tests import factories
from tests.reports import graded
term = factories.open_term()
alpha = factories.company(term, "Alpha")
corps = term.units.get(kind="corps")
cadets = factories.platoon_of(alpha.children.first(), 24)
for each in cadets:
    graded.hold_days(each, "PP")
commandant = factories.staff("commandant", "commandant", corps)
factories.staff("director", "command_group", corps)
for name in ("one", "two", "three"):
    factories.staff(name, "tactical_officer", alpha)
print(json.dumps([[each.pk for each in cadets], [exam.pk for exam in term.exams.all()], alpha.children.first().pk]))
"""
BEHIND = """
import json
from rotc.exams.models import Score
from rotc.roster.models import Term
from tests.standings.test_always_true import fresh, stored
term = Term.objects.get()
now, kept = fresh(term), stored(term)
scores = Score.objects.exclude(raw=None).count()
print(json.dumps([term.policy["exam_base"], len(kept), scores, [pk for pk in now if kept.get(pk) != now[pk]]]))
"""
PAGE = "/terms/2026-2027-1/policy/"


@pytest.fixture(scope="module")
def corps(server):
    cadets, exams, platoon = server.answer(SCENE)
    names = ["commandant", "director", "one", "two", "three"]
    return server, cadets, exams, platoon, dict(zip(names, server.sessions_of(names), strict=True))


def post(server, session, path, form):
    return server.ask(
        "POST", path, session=session, form=form, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN, timeout=60
    )


def test_after_an_adoption_among_typing_officers_every_standing_is_graded_by_what_was_adopted(corps):
    server, cadets, exams, platoon, sessions = corps
    adoptions = []

    def typing(place):
        session = sessions[("one", "two", "three")[place]]
        for turn in range(16):
            cell = f"{cadets[place * 8 + turn % 8]}.{exams[turn // 8]}.0:"
            assert post(server, session, "/sheet/cells/", {cell: 40 + turn}).status == 200

    def enrolling():
        for turn in range(6):
            person = {"student_number": f"26-9{turn:02}", "last_name": "Comer", "first_name": f"N{turn}"}
            path = "/roster/add/?term=2026-2027-1"
            assert post(server, sessions["director"], path, person | {"unit": platoon}).status == 302

    def adopting():
        for base in ("navrescom", "msu-snd", "navrescom"):
            assert post(server, sessions["commandant"], f"{PAGE}begin/", {"base": base}).status == 302
            for _ in range(30):  # until nothing is typed between looking and adopting
                seen = adoption_of(server, sessions["commandant"])
                answer = post(server, sessions["commandant"], f"{PAGE}flips/", seen | {"reason": "Try"})
                adoptions.append(answer.status)
                if answer.status == 302:
                    break

    with ThreadPoolExecutor(5) as people:
        busy = [people.submit(typing, place) for place in range(3)]
        busy += [people.submit(enrolling), people.submit(adopting)]
        for each in busy:
            each.result()

    assert adoptions.count(302) == 3
    assert set(adoptions) <= {302, 422}
    assert server.answer(BEHIND) == ["50", 30, 48, []]


def adoption_of(server, session) -> dict:
    """What the page shows, as it would be sent back."""
    text = server.get(f"{PAGE}flips/", session=session).text
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', text)[1]
        for name in ("version", "in_force", "seen")
    }


def test_of_two_who_begin_a_draft_at_once_one_is_told_of_the_other(corps):
    server, *_, sessions = corps
    with ThreadPoolExecutor(4) as people:
        answers = list(
            people.map(
                lambda n: post(
                    server, sessions[("commandant", "director")[n % 2]], f"{PAGE}begin/", {"base": "msu-snd"}
                ),
                range(4),
            )
        )
    assert sorted(answer.status for answer in answers) == [302, 422, 422, 422]


def test_of_two_who_adopt_at_once_one_does(corps):
    server, *_, sessions = corps
    seen = adoption_of(server, sessions["commandant"]) | {"reason": "Both of us"}
    with ThreadPoolExecutor(4) as people:
        answers = list(
            people.map(
                lambda n: post(server, sessions[("commandant", "director")[n % 2]], f"{PAGE}flips/", seen),
                range(4),
            )
        )
    assert sorted(answer.status for answer in answers) == [302, 422, 422, 422]
    assert server.answer(BEHIND)[3] == []
