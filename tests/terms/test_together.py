"""Two people who make the same thing in the same instant, on a real server."""

from concurrent.futures import ThreadPoolExecutor

TOKEN = "a" * 32
PEOPLE = """
from tests import factories
term = factories.open_term()
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
"""
NAMES = """
import json
from rotc.exams.models import Exam
from rotc.attendance.models import TrainingDay
print(json.dumps([Exam.objects.filter(name="Practical").count(), TrainingDay.objects.filter(date="2026-12-30").count()]))
"""


def test_the_same_exam_and_the_same_day_given_at_once_are_made_once_and_nobody_meets_an_error(server):
    server.script(PEOPLE)
    session = server.session_of("commandant")

    def post(place):
        path, form = [
            ("/sheet/exams/new/", {"name": "Practical", "items": 20, "weight": "1"}),
            ("/attendance/plan/", {"date": "2026-12-30", "subject": ""}),
        ][place % 2]
        return server.ask(
            "POST", path, session=session, form=form, Cookie=f"csrftoken={TOKEN}", X_CSRFToken=TOKEN
        ).status

    with ThreadPoolExecutor(8) as commandants:
        statuses = list(commandants.map(post, range(16)))
    assert server.answer(NAMES) == [1, 1]
    assert statuses.count(302) == 2
    assert set(statuses) <= {200, 302, 409, 422}
