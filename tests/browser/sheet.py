"""What the tests of the sheet in Chromium have in common: its people, its cells, and a line that can be cut."""

import re

from playwright.sync_api import expect

PEOPLE = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
first, second = alpha.children.all()
cadets = [factories.enroll(first, f"26-{n:03}", name, "Ana") for n, name in enumerate(("Abad", "Bello", "Cruz", "Diaz"))]
factories.staff("tactical", "tactical_officer", alpha)
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
print([each.pk for each in cadets])
"""
SECOND_PLATOON = """
from tests import factories
from rotc.roster.models import Unit
second = Unit.objects.get(path__endswith="alpha/2nd/")
factories.enroll(second, "26-100", "Evora", "Ana")
"""
CELLS = "**/sheet/cells/**"
EMPTY = """
from rotc.exams.models import Score
from rotc.roster.models import Term
Score.objects.all().delete()
Term.objects.update(closed_at=None)
"""
RECORD = """
from rotc.accounts.models import User
from rotc.exams.actions import record_score
from rotc.exams.models import Exam, Score
from rotc.roster.models import Enrollment
enrollment, exam = Enrollment.objects.get(cadet__last_name="{0}"), Exam.objects.get(name="{1}")
seen = Score.objects.filter(enrollment=enrollment, exam=exam).values_list("version", flat=True).first() or 0
record_score(enrollment, exam, typed="{2}", seen_version=seen, by=User.objects.get(username="commandant"))
"""


def cell(page, name, exam):
    return page.get_by_role("textbox", name=re.compile(f"{exam}.*{name}"))


def stored(server):
    """``{("Abad", "Prelim"): "80"}`` as the database has it."""
    rows = server.answer(
        "import json\nfrom rotc.exams.models import Score\n"
        "print(json.dumps([[s.enrollment.cadet.last_name, s.exam.name, s.typed] for s in Score.objects.all()]))"
    )
    return {(name, exam): typed for name, exam, typed in rows}


def type_into(page, name, exam, value):
    cell(page, name, exam).fill(value)
    page.keyboard.press("Enter")


def saved(page, act):
    """Does what saves one cell, and waits for its answer: the bar may still tell of the save before."""
    with page.expect_response(CELLS) as answer:
        act()
    assert answer.value.status == 200


def state(page):
    return page.locator("#state")


def kept(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('rotc.unsaved.')).length"
    )


def cut(page):
    page.route(CELLS, lambda route: route.abort())


def mend(page):
    page.unroute(CELLS)


def leave_unsaved(page, name, exam, value):
    """A score that is typed while the line is cut: the page says that it is not saved."""
    cut(page)
    type_into(page, name, exam, value)
    expect(state(page)).to_contain_text("1 not saved")
