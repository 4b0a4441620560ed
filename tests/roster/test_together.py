"""A clerk corrects the roster while officers enter facts: nobody's work ends in an error."""

from concurrent.futures import ThreadPoolExecutor

import pytest

TOKEN = "a" * 32
PEOPLE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadets = factories.platoon_of(alpha.children.first(), 16)
factories.staff("clerk", "clerk", term.units.get(kind="corps"))
factories.staff("officer", "tactical_officer", alpha)
factories.staff("major", "commandant", term.units.get(kind="corps"))
print(json.dumps([[each.pk for each in cadets], alpha.children.first().pk, [each.pk for each in term.exams.all()]]))
"""


@pytest.fixture(scope="module")
def scene(server):
    return server.answer(PEOPLE)


@pytest.fixture(scope="module")
def sessions(server, scene):
    return dict(
        zip(("clerk", "officer", "major"), server.sessions_of(["clerk", "officer", "major"]), strict=True)
    )


def at_once(server, sessions, posts):
    """Send each ``(who, path, form)`` at the same moment; the answers in order."""

    def send(post):
        who, path, form = post
        return server.ask(
            "POST", path, session=sessions[who], form=form, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN
        )

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


def test_a_cadet_is_corrected_while_their_first_scores_are_entered(server, scene, sessions):
    # On PostgreSQL a score that is written for the first time looks at the cadet's row when it commits.
    cadets, unit, exams = scene
    for number, cadet in enumerate(cadets, 1):
        facts = {"last_name": f"Cadet{number:03}", "first_name": "Test", "ms_level": "MS1", "unit": unit}
        facts["student_number"] = f"77-{number:04}"
        shown = {f"initial-{name}": value for name, value in facts.items()}
        posts = [("clerk", f"/roster/{cadet}/edit/", facts | shown | {"address": "Marawi"})]
        posts += [("officer", "/sheet/cells/", {f"{cadet}.{exam}.0:": 60}) for exam in exams]
        answers = at_once(server, sessions, posts)
        assert [answer.status for answer in answers] == [302, 200, 200, 200]


def test_an_exam_is_shortened_while_scores_above_it_are_typed(server, scene, sessions):
    cadets, _, exams = scene
    for exam in exams:
        posts = [("officer", "/sheet/cells/", {f"{cadet}.{exam}.1:": 90}) for cadet in cadets[:3]]
        posts += [("major", f"/sheet/exams/{exam}/", {"name": f"Exam {exam}", "items": 70, "weight": "1"})]
        answers = at_once(server, sessions, posts)
        assert {answer.status for answer in answers} <= {200, 302, 422}
    above = server.answer(
        "from django.db.models import F\nfrom rotc.exams.models import Score\n"
        "print(Score.objects.filter(raw__gt=F('exam__items')).count())"
    )
    assert above == 0
