"""Work that the clock asks for: due in Manila's time, asked once, seen on a page."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rotc import tasks
from rotc.jobs import actions, schedules
from rotc.jobs.models import Job
from rotc.jobs.schedules import Daily
from rotc.messages.models import Notification
from rotc.standings.models import Standing
from tests import factories

SIX = Daily(18, patience=timedelta(hours=5))


def manila(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def trial(monkeypatch, db):
    """One schedule alone, every evening at six; what it did is the list that is given."""
    done = []

    def steps(job):
        done.append(job.due_at)
        yield 1, 1, {}
        return "Done as told."

    monkeypatch.setattr(tasks, "KINDS", {"trial": tasks.Kind("Trial", steps)})
    monkeypatch.setattr(tasks, "SCHEDULES", {"trial": SIX})
    schedules.tick(manila(10, 12))  # the system is set up: yesterday's is noted, not made up for
    return done


def run_open():
    for job in Job.objects.filter(done_at=None).order_by("pk"):
        actions.run(job.pk)


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (manila(20, 17, 59), manila(19, 18)),
        (manila(20, 18), manila(20, 18)),
        (datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC), manila(20, 18)),
        (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), manila(20, 18)),
    ],
)
def test_what_is_due_is_due_by_the_clock_of_manila(now, latest):
    assert SIX.latest(now) == latest
    assert SIX.next(now) == latest + timedelta(days=1)


def test_what_was_due_before_the_system_stood_is_not_made_up_for(trial):
    run_open()
    assert trial == []
    assert Job.objects.get().said == schedules.FIRST


def test_what_was_not_made_up_for_is_no_run_on_the_page(as_user, commandant, trial):
    page = as_user(commandant).get(reverse("jobs:schedules")).content.decode()
    assert "not yet" in page
    assert "done" not in page


def test_it_is_asked_for_once_however_often_the_clock_is_looked_at(trial):
    for minute in (0, 1, 2):
        schedules.tick(manila(20, 18, minute))
        run_open()
    assert trial == [manila(20, 18)]


def test_each_evening_has_its_own_run(trial):
    schedules.tick(manila(20, 18))
    schedules.tick(manila(21, 18))
    run_open()
    assert trial == [manila(20, 18), manila(21, 18)]


def test_a_system_that_slept_catches_up_while_it_is_of_use(trial):
    schedules.tick(manila(20, 22, 59))
    run_open()
    assert trial == [manila(20, 18)]


def test_what_is_of_no_use_any_more_is_left(trial):
    schedules.tick(manila(20, 23, 1))
    run_open()
    assert trial == []


def test_two_schedulers_at_the_same_moment_ask_for_it_once(trial):
    """The second looked before the first had asked: the database refuses its row, and nothing is broken by that."""
    schedules._ask("trial", manila(20, 18))
    schedules._ask("trial", manila(20, 18))
    schedules._note("trial", manila(20, 18), manila(20, 19), schedules.FIRST)
    run_open()
    assert trial == [manila(20, 18)]


def test_the_administrators_hear_of_one_that_failed(trial, administrator, commandant, monkeypatch):
    def steps(job):
        raise ZeroDivisionError
        yield

    monkeypatch.setitem(tasks.KINDS, "trial", tasks.Kind("Trial", steps))
    schedules.tick(manila(20, 18))
    for _ in range(actions.ATTEMPTS):
        Job.objects.filter(done_at=None).update(leased_until=None)
        run_open()
    told = Notification.objects.get()
    assert told.person == administrator
    assert told.text.startswith("Trial failed.")


def test_two_real_systems_on_one_database_tick_once(server):
    ask = (
        "from rotc.jobs import schedules; from datetime import datetime, UTC;"
        "schedules.tick(datetime(2030, 1, 1, 12, tzinfo=UTC))"
    )
    server.script(ask)  # the first look of all sets them up
    later = ask.replace("2030, 1, 1,", "2030, 1, 2,")
    hands = [threading.Thread(target=server.script, args=[later]) for _ in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    asked = server.answer(
        "from rotc.jobs.models import Job; from django.db.models import Count; import json;"
        "print(json.dumps(list(Job.objects.filter(due_at__year=2030).values_list('kind').annotate(Count('pk')))))"
    )
    # Of each the one that is noted at first, and the one of the next day.
    assert dict(asked) == dict.fromkeys(tasks.SCHEDULES, 2)


def test_the_page_says_last_next_and_what_came_of_it(as_user, commandant, trial):
    schedules.tick(manila(20, 18))
    run_open()
    page = as_user(commandant).get(reverse("jobs:schedules")).content.decode()
    assert "every day at 18:00" in page
    assert "Done as told." in page
    assert "Next run" in page


def test_the_page_costs_the_same_however_much_ran(queries_of, commandant, trial):
    Job.objects.bulk_create(Job(kind="trial", due_at=manila(1, 0, each)) for each in range(50))
    # Session, person, appointments, the newest runs, unit name, unread notifications.
    assert queries_of(commandant, reverse("jobs:schedules")) <= 6


def test_what_the_clock_asked_for_and_was_done_is_no_news_in_the_list(as_user, commandant, trial):
    client, address = as_user(commandant), reverse("jobs:list")
    schedules.tick(manila(20, 18))
    assert "by the clock" in client.get(address).content.decode()
    run_open()
    assert "by the clock" not in client.get(address).content.decode()
    assert "by the clock" in client.get(address, {"show": "all"}).content.decode()
    Job.objects.filter(done_at__isnull=False).update(done_at=None, failed_at=manila(20, 19))
    assert "by the clock" in client.get(address).content.decode()


def test_somebody_may_ask_for_it_now(as_user, commandant, trial):
    answer = as_user(commandant).post(reverse("jobs:run_now", args=["trial"]))
    run_open()
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    assert (job.asked_by, job.said) == (commandant, "Done as told.")
    schedules.tick(manila(20, 18))
    run_open()
    assert len(trial) == 2, "the clock's own run comes as well"


def test_what_the_clock_does_not_do_cannot_be_asked_for_there(as_user, commandant, trial):
    assert as_user(commandant).post(reverse("jobs:run_now", args=["recompute"])).status_code == 404


def test_an_officer_without_the_right_asks_for_nothing(as_user, tactical, trial):
    assert as_user(tactical).get(reverse("jobs:schedules")).status_code == 403
    assert as_user(tactical).post(reverse("jobs:run_now", args=["trial"])).status_code == 403


def test_the_night_finds_a_standing_that_does_not_fit_its_facts(platoon, administrator):
    wrong, right = factories.platoon_of(platoon, 2)
    Standing.objects.filter(enrollment=wrong).update(verdict="passed")
    job = actions.ask("check standings", by=None)
    actions.run(job.pk)
    job.refresh_from_db()
    assert job.said == "1 of 2 standings did not agree with their facts and were computed again."
    assert Standing.objects.get(enrollment=wrong).verdict == Standing.objects.get(enrollment=right).verdict
    assert "1 of 2 standings" in Notification.objects.get(person=administrator).text


def test_a_night_without_a_finding_wakes_nobody(platoon, administrator):
    factories.platoon_of(platoon, 2)
    job = actions.ask("check standings", by=None)
    actions.run(job.pk)
    job.refresh_from_db()
    assert job.said == "2 standings agree with their facts."
    assert not Notification.objects.exists()
