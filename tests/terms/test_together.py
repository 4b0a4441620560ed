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


TWO_ADMINISTRATORS = """
from tests import factories
term = factories.open_term()
factories.platoon_of(factories.company(term, "Alpha").children.first(), 20)
factories.staff("first", "administrator", None)
factories.staff("second", "administrator", None)
"""
ROLLED_OVER = """
import json
from rotc.roster.models import Enrollment, Term, Unit
new = Term.objects.filter(name="2026-2027-2")
inside = Enrollment.objects.filter(term__in=new)
print(json.dumps([new.count(), Unit.objects.filter(term__in=new).count(), inside.count()]))
"""
TICKED = """
import json
from rotc.roster.models import Term
from rotc.terms.choosing import proposals
old, new = Term.objects.get(name="2026-2027-1"), Term.objects.get(name="2026-2027-2")
print(json.dumps([each.key for each in proposals(old.enrollments.all(), old, new, "promote")]))
"""


def test_the_next_term_opened_and_its_cadets_carried_by_two_at_once_stand_there_once(server):
    server.script(TWO_ADMINISTRATORS)
    sessions = server.sessions_of(["first", "second"])

    def post_at_once(path, form):
        def post(place):
            return server.ask(
                "POST",
                path,
                session=sessions[place % 2],
                form=form,
                Cookie=f"csrftoken={TOKEN}",
                X_CSRFToken=TOKEN,
            ).status

        with ThreadPoolExecutor(6) as people:
            return list(people.map(post, range(6)))

    facts = {"from": "2026-2027-1", "school_year": "2026-2027", "semester": 2, "policy": "same", "days": 15}
    opened = post_at_once("/terms/new/", facts)
    assert set(opened) == {302}
    ticks = [("from", "2026-2027-1"), *(("cadet", key) for key in server.answer(TICKED))]
    carried = post_at_once("/terms/2026-2027-2/cadets/carry/", ticks)

    assert server.answer(ROLLED_OVER) == [1, 5, 20]
    assert set(carried) == {302}
