"""Two officers at the same instant, on a real server: one is taken, the other is told, nothing is overwritten."""

from concurrent.futures import ThreadPoolExecutor

import pytest

TOKEN = "a" * 32
PEOPLE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
platoon = alpha.children.first()
factories.enroll(platoon, "26-001", "Abad", "Zita")
for name in ("one", "two", "three"):
    factories.staff(name, "tactical_officer", alpha)
print(json.dumps([term.name, platoon.pk, [exam.pk for exam in term.exams.all()]]))
"""
ENTRIES = """
import json
from rotc.double_entry.models import DoubleEntry
facts = [[e.pk, e.first, e.first_by and e.first_by.username, e.second, e.due] for e in DoubleEntry.objects.order_by("pk")]
print(json.dumps(facts))
"""
SCORES = """
import json
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
acts = JournalEntry.objects.filter(what="score recorded").values("act").distinct().count()
print(json.dumps([[s.typed, s.version] for s in Score.objects.all()] + [acts]))
"""


@pytest.fixture(scope="module")
def corps(server):
    name, platoon, exams = server.answer(PEOPLE)
    return f"/double-entry/new/?term={name}&unit={platoon}&exam={exams[0]}", server.sessions_of(
        ["one", "two", "three"]
    )


def at_once(server, asked):
    """``(session, path, form)`` each, all sent at the same time; the answers."""

    def send(each):
        session, path, form = each
        token = {"Cookie": f"csrftoken={TOKEN}", "X_CSRFToken": TOKEN}
        return server.ask("POST", path, session=session, form=form, **token)

    with ThreadPoolExecutor(3) as officers:
        return list(officers.map(send, asked))


def test_of_officers_who_do_the_same_at_once_one_is_taken_and_the_others_are_told(server, corps):
    address, sessions = corps
    replies = at_once(server, [(session, address, {}) for session in sessions])
    assert sorted(reply.status for reply in replies) == [302, 422, 422]
    [[pk, *_]] = server.answer(ENTRIES)

    typing = f"/double-entry/{pk}/type/"
    replies = at_once(
        server,
        [(session, typing, {"which": "first", "line_0": str(70 + n)}) for n, session in enumerate(sessions)],
    )
    assert sorted(reply.status for reply in replies) == [302, 422, 422]
    winner = [reply.status for reply in replies].index(302)
    assert "handed in the first pass" in replies[winner - 1].text
    assert server.answer(ENTRIES) == [
        [pk, [str(70 + winner)], ("one", "two", "three")[winner], None, "second"]
    ]

    replies = at_once(
        server, [(session, typing, {"which": "second", "line_0": str(70 + winner)}) for session in sessions]
    )
    assert sorted(reply.status for reply in replies) == [302, 422, 422]

    [[_, _, _, second, due]] = server.answer(ENTRIES)
    assert (second, due) == ([str(70 + winner)], "compare")
    shown = server.get(f"/double-entry/{pk}/compare/", session=sessions[0]).text
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    settling = f"/double-entry/{pk}/compare/"
    replies = at_once(server, [(session, settling, {"seen": seen}) for session in sessions])
    assert sorted(reply.status for reply in replies) == [302, 422, 422]
    assert server.answer(SCORES) == [[str(70 + winner), 1], 1]
