"""Several officers at once, on a real server: no score lost, no standing left behind its facts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

TOKEN = "a" * 32
PEOPLE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadet = factories.enroll(alpha.children.first(), "26-001", "Abad", "Zita")
for name in ("one", "two", "three"):
    factories.staff(name, "tactical_officer", alpha)
print(json.dumps([cadet.pk, [exam.pk for exam in term.exams.all()]]))
"""
STANDING = """
import json
from rotc.grading import grade
from rotc.standings.models import Standing
from rotc.standings.queries import record
standing = Standing.objects.select_related("enrollment__term").get()
fresh = grade(record(standing.enrollment), standing.enrollment.term.rules)
print(json.dumps([str(standing.proficiency.normalize()), str(fresh.proficiency.points.normalize())]))
"""


@pytest.fixture(scope="module")
def corps(server):
    enrollment, exams = server.answer(PEOPLE)
    return server, enrollment, exams, [server.session_of(name) for name in ("one", "two", "three")]


def save(server, session, enrollment, exam, value, version):
    return server.ask(
        "POST",
        "/sheet/cells/",
        session=session,
        form={f"{enrollment}.{exam}.{version}:": value},
        Cookie=f"csrftoken={TOKEN}",
        X_CSRFToken=TOKEN,
    )


def test_facts_of_one_cadet_changed_at_once_all_reach_the_standing(corps):
    server, enrollment, exams, sessions = corps
    with ThreadPoolExecutor(3) as officers:
        for version in range(8):
            values = [50 + version * 3 + place for place in range(3)]
            replies = officers.map(
                lambda facts: save(server, facts[0], enrollment, facts[1], facts[2], facts[3]),
                [(sessions[n], exams[n], values[n], version) for n in range(3)],
            )
            assert [reply.status for reply in replies] == [200, 200, 200]
            stored, fresh = server.answer(STANDING)
            assert stored == fresh


def test_of_three_who_overwrite_one_cell_at_once_one_is_stored_and_two_are_told(corps):
    server, enrollment, exams, sessions = corps
    with ThreadPoolExecutor(3) as officers:
        replies = list(
            officers.map(lambda n: save(server, sessions[n], enrollment, exams[0], 90 + n, 8), range(3))
        )
    assert sorted(reply.status for reply in replies) == [200, 409, 409]
    stored = server.answer(
        "from rotc.exams.models import Score\nprint(int(Score.objects.order_by('pk').filter(version=9).get().raw))"
    )
    [winner] = [n for n in range(3) if replies[n].status == 200]
    assert stored == 90 + winner
