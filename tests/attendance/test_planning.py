"""Planning training days through the web."""

from datetime import date, timedelta

import pytest

from rotc.attendance.actions import mark
from rotc.journal.models import JournalEntry
from rotc.standings.queries import planned_days
from tests import factories


@pytest.fixture
def empty_term(db):
    """A term without training days, of school year 2030-2031."""
    return factories.open_term("2030-2031", starts=None, days=None)


@pytest.fixture
def planner(empty_term, as_user):
    return as_user(factories.staff("coy", "commandant", empty_term.units.get(kind="corps")))


def plan(client, term, **facts):
    return client.post(f"/attendance/plan/?term={term.name}", {"subject": "Drill", **facts}, follow=True)


def test_a_day_is_planned_and_journaled(planner, empty_term):
    assert "5 Oct 2030 planned." in plan(planner, empty_term, date="2030-10-05").content.decode()
    day = empty_term.training_days.get()
    assert (day.date, day.subject) == (date(2030, 10, 5), "Drill")
    line = JournalEntry.objects.get(subject=f"day:{day.pk}")
    assert line.changes == {"date": [None, "2030-10-05"], "subject": [None, "Drill"]}


def test_a_whole_term_is_planned_one_day_a_week(planner, empty_term):
    page = plan(planner, empty_term, date="2030-10-05", until="2030-11-02").content.decode()
    assert "5 training days planned." in page
    assert [day.date.day for day in empty_term.training_days.all()] == [5, 12, 19, 26, 2]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"date": "2030-10-05", "until": "2030-09-05"},
            "The last day, 5 Sep 2030, is before the first, 5 Oct 2030.",
        ),
        ({"date": "2029-10-05"}, "5 Oct 2029 is outside the school year 2030-2031."),
        ({"date": "2032-01-01"}, "1 Jan 2032 is outside the school year 2030-2031."),
        ({"date": "2030-02-31"}, "This is not a date."),
        ({"date": "2030-10-12", "until": "2030-10-26"}, "19 Oct 2030 is a training day already."),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(planner, empty_term, facts, sentence):
    plan(planner, empty_term, date="2030-10-19")
    reply = plan(planner, empty_term, **facts)
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    assert empty_term.training_days.count() == 1


@pytest.fixture
def day(term):
    return term.training_days.last()


def change(client, day, on, subject="Map reading"):
    return client.post(f"/attendance/{day.pk}/change/", {"date": on.isoformat(), "subject": subject})


def test_a_planned_day_gets_another_date_and_subject(planner, empty_term):
    plan(planner, empty_term, date="2030-10-05")
    day = empty_term.training_days.get()
    assert change(planner, day, date(2030, 10, 6)).status_code == 302
    day.refresh_from_db()
    assert (day.date, day.subject) == (date(2030, 10, 6), "Map reading")
    line = JournalEntry.objects.get(subject=f"day:{day.pk}", what="training day changed")
    assert line.changes == {"date": ["2030-10-05", "2030-10-06"], "subject": ["Drill", "Map reading"]}


def test_a_day_is_not_moved_onto_another(as_user, commandant, term, day):
    other = term.training_days.first()
    reply = change(as_user(commandant), day, other.date)
    assert reply.status_code == 422
    assert f"{other.label} is a training day already." in reply.content.decode()


def test_a_held_day_keeps_its_date_and_is_not_cancelled(as_user, commandant, tactical, term, enrollment):
    day = term.training_days.first()
    mark(day, enrollment, letter="P", seen_version=0, by=tactical)
    assert "is held" in change(as_user(commandant), day, day.date + timedelta(days=1)).content.decode()
    reply = as_user(commandant).post(f"/attendance/{day.pk}/cancel/", {"reason": "typhoon"})
    assert reply.status_code == 422
    assert f"1 cadet is marked on {day.label}." in reply.content.decode()
    day.refresh_from_db()
    assert day.cancelled_at is None

    mark(day, enrollment, letter="", seen_version=1, by=tactical)
    assert as_user(commandant).post(f"/attendance/{day.pk}/cancel/", {"reason": "typhoon"}).status_code == 302


def test_a_cancelled_day_is_taken_off_the_planned_ones_and_comes_back(as_user, commandant, term, day):
    client = as_user(commandant)
    client.post(f"/attendance/{day.pk}/cancel/", {"reason": "typhoon"})
    assert planned_days(term) == 14
    assert "typhoon" in client.get("/attendance/").content.decode()
    assert client.post(f"/attendance/{day.pk}/cancel/", {"reason": "again"}).status_code == 422
    client.post(f"/attendance/{day.pk}/bring-back/")
    assert planned_days(term) == 15
    assert client.post(f"/attendance/{day.pk}/bring-back/").status_code == 422
    whats = JournalEntry.objects.filter(subject=f"day:{day.pk}").order_by("pk").values_list("what", "reason")
    assert list(whats) == [("training day cancelled", "typhoon"), ("training day brought back", "")]


def test_a_cancellation_says_why(as_user, commandant, day):
    assert as_user(commandant).post(f"/attendance/{day.pk}/cancel/", {"reason": " "}).status_code == 422
    day.refresh_from_db()
    assert day.cancelled_at is None


def test_only_those_who_plan_training_plan_it(as_user, tactical, cadet, day):
    assert as_user(tactical).get("/attendance/plan/").status_code == 403
    assert as_user(tactical).post(f"/attendance/{day.pk}/cancel/", {"reason": "x"}).status_code == 403
    assert as_user(cadet).get(f"/attendance/{day.pk}/change/").status_code == 404
