"""Background work: asked in a transaction, done once, seen in words."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from rotc import tasks
from rotc.jobs import actions
from rotc.jobs.models import Job
from rotc.refusals import TermClosed
from rotc.standings.models import Standing
from tests import factories


@pytest.fixture
def job(commandant, term):
    return actions.ask("recompute", by=commandant, term=term.pk)


@pytest.fixture
def kind(monkeypatch):
    """``kind(steps)``: a kind of job named ``trial`` that takes these steps."""

    def named(steps):
        monkeypatch.setitem(tasks.KINDS, "trial", tasks.Kind("Trial", steps))

    return named


def stumble(job):
    yield 1, 2, {}
    raise ZeroDivisionError


def lapse(job):
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


def again(job):
    lapse(job)
    actions.run(job.pk)
    job.refresh_from_db()


def test_a_recompute_says_what_changed(job, platoon, commandant):
    wrong = factories.platoon_of(platoon, 3)[0]
    Standing.objects.filter(enrollment=wrong).update(verdict="passed")
    actions.run(job.pk)
    job.refresh_from_db()
    assert job.said == f"3 standings of {platoon.term.title} were computed again; 1 changed."
    assert Standing.objects.get(enrollment=wrong).verdict != "passed"
    assert (job.progress, job.total, job.open) == (3, 3, False)


def test_a_job_that_is_done_is_not_done_again(job):
    actions.run(job.pk)
    job.refresh_from_db()
    before = job.done_at
    again(job)
    assert (job.done_at, job.attempts) == (before, 1)


def test_work_whose_transaction_is_undone_was_never_asked_for(commandant, term):
    with transaction.atomic():
        actions.ask("recompute", by=commandant, term=term.pk)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_work_that_nobody_does_cannot_be_asked_for(commandant):
    with pytest.raises(KeyError):
        actions.ask("juggling", by=commandant)


def test_a_job_that_another_worker_holds_is_left_alone(job):
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() + timedelta(minutes=1), attempts=1)
    actions.run(job.pk)
    job.refresh_from_db()
    assert job.open
    assert job.attempts == 1


def test_a_lapsed_lease_is_taken_over_where_it_stopped(job, platoon, monkeypatch):
    monkeypatch.setattr("rotc.jobs.recompute.AT_ONCE", 2)
    factories.many(platoon, 5)
    Job.objects.filter(pk=job.pk).update(attempts=1, progress=4, total=5, result={"changed": 3})
    again(job)
    assert job.said.endswith("5 standings of " + platoon.term.title + " were computed again; 3 changed.")
    assert job.attempts == 2


def test_a_worker_that_is_told_to_stop_keeps_the_place(job, platoon, monkeypatch):
    monkeypatch.setattr("rotc.jobs.recompute.AT_ONCE", 2)
    factories.many(platoon, 5)
    actions.stopping.set()
    try:
        actions.run(job.pk)
    finally:
        actions.stopping.clear()
    job.refresh_from_db()
    assert (job.progress, job.attempts, job.leased_until) == (2, 0, None)


def test_three_errors_are_a_failure_said_in_words(kind, commandant):
    kind(stumble)
    job = actions.ask("trial", by=commandant)
    for _ in range(3):
        assert job.open
        again(job)
    assert job.failed_at
    assert job.said.startswith("It stopped on an error three times. What was done so far stands.")


def test_a_failure_before_anything_was_done_says_that_nothing_was_written(kind, commandant):
    def steps(job):
        raise ZeroDivisionError
        yield

    kind(steps)
    job = actions.ask("trial", by=commandant)
    for _ in range(3):
        again(job)
    assert "Nothing was written." in job.said


def test_what_needs_no_lock_is_done_before_the_transaction(monkeypatch, commandant):
    depth = len(connection.savepoint_ids)
    seen = {}

    def prepare(job):
        seen["prepared at"] = len(connection.savepoint_ids)
        return "what it read"

    def steps(job, found):
        yield from ()
        seen["written at"] = len(connection.savepoint_ids)
        return found

    monkeypatch.setitem(tasks.KINDS, "trial", tasks.Kind("Trial", steps, prepare=prepare))
    job = actions.ask("trial", by=commandant)
    again(job)
    assert job.said == "what it read"
    assert seen["prepared at"] == depth < seen["written at"]


def test_a_step_that_is_one_long_transaction_tells_how_far_it_is(kind, commandant, as_user):
    pages = []

    def steps(job):
        yield from ()
        actions.teller(job)(3, 8)
        pages.append(as_user(commandant).get(reverse("jobs:detail", args=[job.pk])).content.decode())

    kind(steps)
    job = actions.ask("trial", by=commandant)
    again(job)
    assert '<progress max="8" value="3"' in pages[0]
    assert job.done_at


def test_an_error_undoes_its_own_step_and_no_other(kind, commandant):
    def steps(job):
        Job.objects.filter(pk=job.pk).update(arguments={"first": "kept"})
        yield 1, 2, {}
        Job.objects.filter(pk=job.pk).update(arguments={"second": "undone"})
        raise ZeroDivisionError

    kind(steps)
    job = actions.ask("trial", by=commandant)
    again(job)
    assert (job.arguments, job.progress) == ({"first": "kept"}, 1)


def test_a_refusal_is_not_tried_again(kind, commandant, term):
    def steps(job):
        yield 0, 1, {}
        raise TermClosed(term)

    kind(steps)
    job = actions.ask("trial", by=commandant)
    actions.run(job.pk)
    job.refresh_from_db()
    assert job.failed_at
    assert job.said == f"{term.title} is closed. Nothing was changed."


def test_the_asker_follows_their_job(as_user, commandant, job):
    page = as_user(commandant).get(reverse("jobs:detail", args=[job.pk]))
    assert "waiting" in page.content.decode()
    assert "jobs-changed from:body" in page.content.decode()
    actions.run(job.pk)
    done = as_user(commandant).get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "were computed again" in done
    assert "hx-trigger" not in done.split('id="job"')[1].split(">")[0]


def test_htmx_gets_only_the_state(as_user, commandant, job):
    part = as_user(commandant).get(reverse("jobs:detail", args=[job.pk]), headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="job"')


def test_a_job_is_nobody_elses_to_see(as_user, tactical, job):
    assert as_user(tactical).get(reverse("jobs:detail", args=[job.pk])).status_code == 404


def test_the_list_is_for_who_opens_terms(as_user, commandant, tactical, cadet):
    assert as_user(commandant).get(reverse("jobs:list")).status_code == 200
    assert as_user(tactical).get(reverse("jobs:list")).status_code == 403
    assert as_user(cadet).get(reverse("jobs:list")).status_code == 403


@pytest.mark.parametrize("size", [3, 300])
def test_the_list_costs_the_same_however_long(queries_of, commandant, term, size):
    Job.objects.bulk_create(Job(kind="recompute", asked_by=commandant) for _ in range(size))
    # Session, person, appointments, how many, the jobs, unit name, unread notifications.
    assert queries_of(commandant, reverse("jobs:list")) <= 7
