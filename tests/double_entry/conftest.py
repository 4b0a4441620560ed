"""A platoon of three, its exam, two officers who type, and the pages they type into."""

import pytest

from rotc.double_entry import actions
from rotc.roster.models import Enrollment
from tests import factories


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


@pytest.fixture
def cadets(platoon):
    """Abad, Bello and Cruz of 1st Platoon, Alpha."""
    return [
        factories.enroll(platoon, f"26-{number:03}", name, "Ana")
        for number, name in enumerate(("Abad", "Bello", "Cruz"), 1)
    ]


@pytest.fixture
def other(alpha):
    """A second tactical officer of Alpha."""
    return factories.staff("second.officer", "tactical_officer", alpha)


@pytest.fixture
def entry(prelim, platoon, cadets, tactical):
    """Started by the tactical officer of Alpha."""
    reached = Enrollment.objects.filter(term=platoon.term)
    return actions.start(prelim, platoon, enrollments=reached, by=tactical)


@pytest.fixture
def page(as_user, entry):
    """``page(user, "type", {...})``: a page of the double entry, posted where a form is given."""

    def ask(user, where="", form=None):
        address = f"/double-entry/{entry.pk}/{where and where + '/'}"
        client = as_user(user)
        return client.get(address) if form is None else client.post(address, form)

    return ask


@pytest.fixture
def hand_in(page):
    """``hand_in(user, "first", ["87", "", "ABS"])`` through the form; further fields by name."""

    def post(user, which, typed, **more):
        lines = {f"line_{place}": text for place, text in enumerate(typed)}
        return page(user, "type", {"which": which, **lines, **more})

    return post


@pytest.fixture
def typed_twice(hand_in, tactical, other):
    """``typed_twice(first, second)``: both passes as they are given."""

    def both(first, second):
        assert hand_in(tactical, "first", first, blanks="1").status_code == 302
        assert hand_in(other, "second", second, blanks="1").status_code == 302

    return both
