"""Several officers at once, on a real server: a change is taken back once, and nothing typed meanwhile is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.changes.deeds import seen_in

TOKEN = "a" * 32
PEOPLE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadets = factories.platoon_of(alpha.children.first(), 8)
for name in ("one", "two", "three"):
    factories.staff(name, "tactical_officer", alpha)
print(json.dumps([term.pk, [each.pk for each in cadets], term.exams.first().pk]))
"""
FILL = """
import json
from rotc.accounts.models import User
from rotc.exams.models import Exam
from rotc.roster.models import Enrollment
from tests.changes.deeds import fill
exam = Exam.objects.get(pk=%d)
each = Enrollment.objects.filter(term=exam.term_id).select_related("cadet", "term")
print(json.dumps(str(fill(each, exam, "%s", User.objects.get(username="one"), reason="Same").act)))
"""
STANDS = """
import json
from rotc.exams.models import Score
from rotc.grading import grade
from rotc.journal.models import JournalEntry
from rotc.standings.models import Standing
from rotc.standings.queries import record
stale = [
    each.enrollment_id
    for each in Standing.objects.select_related("enrollment__term")
    if each.proficiency != grade(record(each.enrollment), each.enrollment.term.rules).proficiency.points
]
scores = {str(each.enrollment_id): [each.typed, each.version] for each in Score.objects.all()}
lines = JournalEntry.objects.filter(what="score recorded").count()
print(json.dumps([scores, lines, stale]))
"""


@pytest.fixture(scope="module")
def corps(server):
    _, cadets, exam = server.answer(PEOPLE)
    return server, cadets, exam, server.sessions_of(["one", "two", "three"])


def post(server, session, path, **form):
    return server.ask(
        "POST", path, session=session, form=form, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN
    )


def looked_at(server, session, act) -> str:
    return seen_in(server.get(f"/changes/{act}/undo/", session=session).text)


@pytest.mark.parametrize("value", ["80", "85", "90"])
def test_of_three_who_take_back_one_change_at_once_one_does_and_two_are_told(corps, value):
    server, cadets, exam, sessions = corps
    before, lines, _ = server.answer(STANDS)
    act = server.answer(FILL % (exam, value))
    seen = [looked_at(server, session, act) for session in sessions]
    with ThreadPoolExecutor(3) as officers:
        replies = list(
            officers.map(
                lambda n: post(server, sessions[n], f"/changes/{act}/undo/", seen=seen[n], reason="Wrong"),
                range(3),
            )
        )
    assert sorted(reply.status for reply in replies) == [302, 422, 422]
    after, lines_after, stale = server.answer(STANDS)
    assert [typed for typed, _ in after.values()] == [before.get(cadet, [""])[0] for cadet in after]
    assert lines_after == lines + 2 * len(cadets)
    assert stale == []


def test_what_is_typed_while_a_change_is_taken_back_is_never_overwritten(corps):
    server, cadets, exam, sessions = corps
    for turn in range(4):
        act = server.answer(FILL % (exam, 60 + turn))
        scores, _, _ = server.answer(STANDS)
        seen = looked_at(server, sessions[0], act)

        def type_in(cadet, value=f"{70 + turn}", scores=scores):
            version = scores[str(cadet)][1]
            return post(server, sessions[1], "/sheet/cells/", **{f"{cadet}.{exam}.{version}:": value})

        with ThreadPoolExecutor(4) as officers:
            undoing = officers.submit(
                post, server, sessions[0], f"/changes/{act}/undo/", seen=seen, reason="Wrong"
            )
            replies = list(officers.map(type_in, cadets))
        stored, _, stale = server.answer(STANDS)
        assert undoing.result().status in {302, 422}
        for cadet, reply in zip(cadets, replies, strict=True):
            assert reply.status in {200, 409}
            typed = stored[str(cadet)][0]
            assert (typed == f"{70 + turn}") == (reply.status == 200), (cadet, typed, reply.status)
        assert stale == []
