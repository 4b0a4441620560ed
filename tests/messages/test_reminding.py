"""The evening before a training day, and the evening of it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from rotc.attendance import actions, planning
from rotc.attendance.actions import Wanted
from rotc.jobs import actions as jobs
from rotc.jobs.models import Job
from rotc.messages.models import Notification
from tests import factories


@pytest.fixture
def day(term):
    return term.training_days.filter(cancelled_at=None).order_by("date")[2]


def run(kind, date, hour):
    due = datetime(date.year, date.month, date.day, hour, tzinfo=timezone.get_default_timezone())
    job = Job.objects.create(kind=kind, due_at=due)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job.said


def remind(day, days_before=1):
    return run("remind", day.date - timedelta(days=days_before), 18)


def told(person):
    return list(Notification.objects.filter(person=person).values_list("text", "path"))


def test_the_evening_before_cadets_and_markers_are_told(day, cadet, tactical, clerk):
    planning.change_day(day, date=day.date, subject="Map reading", by=tactical)
    said = remind(day)
    text = f"Training tomorrow, {day.date:%A} {day.label}: Map reading."
    assert told(cadet) == [(text, "/standing/")]
    assert told(tactical) == [(text, f"/attendance/{day.pk}/")]
    assert told(clerk) == [], "a clerk marks no attendance"
    assert said == "2 people were reminded of tomorrow's training."


def test_a_cadet_officer_is_told_once_and_led_to_the_muster(day, leader):
    remind(day)
    assert [path for _, path in told(leader)] == [f"/attendance/{day.pk}/"]


@pytest.mark.parametrize("days_before", [0, 2])
def test_on_other_evenings_nobody_is_told(day, cadet, days_before):
    assert remind(day, days_before) == "No training tomorrow."
    assert told(cadet) == []


def test_nobody_is_reminded_of_a_cancelled_day(day, cadet, commandant):
    planning.cancel_day(day, reason="Typhoon", by=commandant)
    Notification.objects.all().delete()
    assert remind(day) == "No training tomorrow."
    assert told(cadet) == []


def test_a_reminder_that_runs_after_midnight_is_still_of_its_evening(day, cadet):
    """The worker was down at six; what counts is the evening that it was due."""
    remind(day)
    assert told(cadet)[0][0].startswith(f"Training tomorrow, {day.date:%A}")


def test_the_command_group_hears_who_was_there(day, platoon, commandant, tactical):
    first, second, third = factories.platoon_of(platoon, 3)
    actions.mark_many(day, [Wanted(first, "P"), Wanted(second, "A")], by=tactical)
    said = run("report attendance", day.date, 20)
    assert said == f"{day.label}: 1 present, 0 late, 0 excused, 1 absent; 1 not marked yet."
    assert told(commandant) == [(said, f"/attendance/{day.pk}/")]
    assert told(tactical) == [], "the report is the Command Group's"
    assert third.pk


def test_a_day_that_nobody_marked_is_said_to_be_so(day, platoon, commandant):
    factories.platoon_of(platoon, 3)
    assert run("report attendance", day.date, 20) == f"{day.label}: nobody of 3 cadets is marked yet."


def test_without_training_no_report_goes_out(day, commandant):
    assert run("report attendance", day.date + timedelta(days=1), 20) == "No training today."
    assert told(commandant) == []
