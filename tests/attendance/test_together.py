"""Several officers at the same moment, each a request of its own to a running system."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

PEOPLE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadet = factories.enroll(alpha.children.first(), "26-001", "Abad", "Ana")
for n in range(4):
    factories.staff(f"officer{n}", "tactical_officer", alpha)
print(json.dumps([term.training_days.first().pk, cadet.pk]))
"""
TOKEN = "a" * 32
OFFICERS = [f"officer{n}" for n in range(4)]


@pytest.fixture(scope="module")
def scene(server):
    return server.answer(PEOPLE)


@pytest.fixture(scope="module")
def sessions(server, scene):
    return server.sessions_of(OFFICERS)


def post_all(server, path, sessions, forms):
    """Post each form with its session, all at once; the answers in order."""

    def send(session, form):
        return server.ask(
            "POST", path, session=session, form=form, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN
        )

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, sessions, forms))


def test_of_officers_who_mark_at_once_one_is_first_and_the_others_are_told(server, scene, sessions):
    day, cadet = scene
    forms = [
        {f"{cadet}-letter": letter, f"{cadet}-seen": "0", f"{cadet}-remarks": f"by {letter}"}
        for letter in "PLEA"
    ]
    answers = post_all(server, f"/attendance/{day}/marks/{cadet}/", sessions, forms)
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    [first] = [json.loads(answer.text) for answer in answers if answer.status == 200]
    assert {json.loads(answer.text)["letter"] for answer in answers} == {first["letter"]}
    stored = server.answer(
        "import json\nfrom rotc.attendance.models import AttendanceMark\n"
        "from rotc.journal.models import JournalEntry\n"
        "mark = AttendanceMark.objects.get()\n"
        "lines = JournalEntry.objects.filter(what='attendance marked').count()\n"
        "print(json.dumps([mark.letter, mark.version, lines]))"
    )
    assert stored == [first["letter"], 1, 1]


def test_one_form_sent_several_times_at_once_gives_once(server, scene, sessions):
    form = {
        "cadet": scene[1],
        "kind": "demerit",
        "points": 10,
        "reason": "Asleep",
        "date": server.answer("from django.utils import timezone\nprint(f'\"{timezone.localdate()}\"')"),
        "request_id": uuid4(),
    }
    answers = post_all(server, "/conduct/new/", sessions[:1] * 4, [form] * 4)
    assert {answer.status for answer in answers} == {302}
    stored = server.answer(
        "import json\nfrom rotc.conduct.models import ConductEntry\nfrom rotc.standings.models import Standing\n"
        "print(json.dumps([ConductEntry.objects.count(), str(Standing.objects.get().aptitude.normalize())]))"
    )
    assert stored == [1, "27"]
