"""What is past its time goes at night; what is not stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rotc.accounts import letting_in
from rotc.accounts.models import AccessCode
from rotc.alerts.models import Look
from rotc.figures.models import Span
from rotc.jobs import actions
from rotc.jobs.models import Job
from rotc.messages.models import Notification

LONG = timedelta(days=31)
NOT_YET = timedelta(days=29)


def ago(much):
    return timezone.now() - much


def tidy():
    job = actions.ask("tidy up", by=None)
    actions.run(job.pk)
    job.refresh_from_db()
    return job.said


def test_nothing_is_dropped_where_nothing_is_past_its_time(db):
    assert tidy() == "There was nothing to drop."


def test_a_notification_goes_a_month_after_it_was_read(commandant):
    kept = {
        "read a month ago": ago(LONG),
        "read lately": ago(NOT_YET),
        "not read": None,
    }
    for text, read_at in kept.items():
        Notification.objects.create(person=commandant, text=text, read_at=read_at)
    assert tidy() == "Dropped: 1 notifications that were read."
    assert set(Notification.objects.values_list("text", flat=True)) == {"read lately", "not read"}


@pytest.mark.parametrize(("ended", "left"), [(LONG, 0), (NOT_YET, 1)])
def test_a_code_that_nobody_used_goes_a_month_after_it_ended(cadet, administrator, ended, left):
    letting_in.issue_codes([cadet], by=administrator)
    AccessCode.objects.update(expires_at=ago(ended))
    tidy()
    assert AccessCode.objects.count() == left


def test_a_code_that_was_used_stays(cadet, administrator):
    letting_in.issue_codes([cadet], by=administrator)
    AccessCode.objects.update(expires_at=ago(LONG), used_at=ago(LONG))
    tidy()
    assert AccessCode.objects.count() == 1


def test_runs_of_a_schedule_go_after_a_month_but_for_the_newest(db):
    for days in (90, 60, 40):
        Job.objects.create(kind="remind", due_at=ago(timedelta(days=days)), done_at=ago(LONG))
    Job.objects.create(kind="tidy up", due_at=ago(LONG))  # was never done: it is still open work
    assert tidy() == "Dropped: 2 runs of schedules."
    assert [job.due_at.date() for job in Job.objects.filter(kind="remind")] == [
        ago(timedelta(days=40)).date()
    ]


@pytest.mark.parametrize(("days", "left"), [(8, 0), (6, 1)])
def test_figures_and_looks_go_after_a_week(db, days, left):
    at = ago(timedelta(days=days))
    Span.objects.create(begins_at=at, part="web", process="one")
    Look.objects.create(minute=at)
    tidy()
    assert (Span.objects.count(), Look.objects.count()) == (left, left)


def test_what_people_asked_for_stays(commandant):
    Job.objects.create(kind="recompute", asked_by=commandant, done_at=ago(LONG))
    tidy()
    assert Job.objects.filter(kind="recompute").exists()
