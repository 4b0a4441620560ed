"""How a job ends: its asker is told; it is cancelled; it is taken up again."""

import pytest
from django.urls import reverse

from rotc import tasks
from rotc.jobs import actions
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.messages.models import Notification
from rotc.refusals import NotNow


@pytest.fixture
def kind(monkeypatch):
    def register(steps, **facts):
        monkeypatch.setitem(tasks.KINDS, "trial", tasks.Kind("Trial", steps, **facts))

    return register


@pytest.fixture
def three(kind):
    """A job of three steps that goes on from its progress."""
    did = []

    def steps(job):
        for place in range(job.progress, 3):
            did.append(place)
            yield place + 1, 3, {}
        return "All three."

    kind(steps)
    return did


def refuse(job):
    raise NotNow("It cannot be now.")
    yield


def run(job) -> Job:
    actions.run(job.pk)
    job.refresh_from_db()
    return job


def told(person) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("text", "path"))


def test_the_asker_is_told_what_came_of_it(three, clerk):
    job = run(actions.ask("trial", by=clerk))
    assert told(clerk) == [("All three.", f"/jobs/{job.pk}/")]


def test_names_that_work_says_at_its_end_are_on_its_page_and_in_no_notification(monkeypatch, clerk):
    def steps(job):
        yield 1, 1, {}
        return "1 letter went out. 1 did not, and needs a slip: Cruz, Ana (ana@example.test)."

    monkeypatch.setitem(tasks.KINDS, "trial", tasks.Kind("Trial", steps, names_people=True))
    job = run(actions.ask("trial", by=clerk))
    assert "Cruz" in job.said
    assert [text for text, _ in told(clerk)] == ["1 letter went out. 1 did not, and needs a slip."]


def test_the_asker_is_told_of_a_failure(kind, clerk):
    kind(refuse)
    run(actions.ask("trial", by=clerk))
    assert [text for text, _ in told(clerk)] == ["Trial failed. It cannot be now."]


def test_it_leads_to_the_page_of_the_work(kind, clerk):
    kind(refuse, page="/imports/{plan}/")
    run(actions.ask("trial", by=clerk, plan=7))
    assert [path for _, path in told(clerk)] == ["/imports/7/"]


def test_whoever_sees_the_end_on_its_page_has_read_of_it(three, as_user, clerk):
    job = run(actions.ask("trial", by=clerk))
    as_user(clerk).get(reverse("jobs:detail", args=[job.pk]))
    assert Notification.objects.get().read_at


def test_an_open_job_is_cancelled_and_never_run(three, as_user, commandant, clerk):
    job = actions.ask("trial", by=clerk)
    as_user(commandant).post(reverse("jobs:cancel", args=[job.pk]))
    run(job)
    assert job.cancelled_at and job.cancelled_by == commandant
    assert three == []
    assert told(clerk) == [("Trial was cancelled by Sgt Maria Commandant.", f"/jobs/{job.pk}/")]
    assert JournalEntry.objects.get(what="job cancelled").actor_id == commandant.pk


def test_one_that_runs_stops_before_its_next_step(kind, clerk):
    did = []

    def steps(job):
        for place in range(3):
            did.append(place)
            yield place + 1, 3, {}
            if place == 0:
                actions.cancel(job, by=clerk)

    kind(steps)
    job = run(actions.ask("trial", by=clerk))
    assert did == [0, 1] and job.progress == 1, "what the cancelled step did is undone with it"
    assert job.cancelled_at and job.said == "Cancelled. What was done so far stands."


def test_what_has_ended_is_not_cancelled(three, as_user, clerk):
    job = run(actions.ask("trial", by=clerk))
    answer = as_user(clerk).post(reverse("jobs:cancel", args=[job.pk]))
    assert answer.status_code == 422
    assert "It has ended already." in answer.content.decode()
    assert run(job).done_at


def test_a_failed_job_goes_on_from_where_it_stopped(kind, as_user, clerk):
    did, broken = [], [True]

    def steps(job):
        for place in range(job.progress, 3):
            if place == 2 and broken:
                raise NotNow("The line is down.")
            did.append(place)
            yield place + 1, 3, {"seen": place}
        return "All three."

    kind(steps)
    job = run(actions.ask("trial", by=clerk))
    assert job.failed_at
    broken.clear()
    page = as_user(clerk).get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert "Take it up again" in page
    as_user(clerk).post(reverse("jobs:run_again", args=[job.pk]))
    run(job)
    assert job.done_at and did == [0, 1, 2]


@pytest.mark.parametrize("ending", ["done", "open", "import"])
def test_nothing_else_is_taken_up_again(three, kind, as_user, clerk, ending):
    if ending == "import":
        kind(refuse, by_steps=False)
    job = actions.ask("trial", by=clerk)
    if ending != "open":
        run(job)
    client = as_user(clerk)
    assert "Take it up again" not in client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert client.post(reverse("jobs:run_again", args=[job.pk])).status_code == 422


def test_a_job_is_nobody_elses_to_end(three, as_user, tactical, clerk):
    job = actions.ask("trial", by=clerk)
    for deed in ("cancel", "run_again"):
        assert as_user(tactical).post(reverse(f"jobs:{deed}", args=[job.pk])).status_code == 404
    assert run(job).done_at


def test_an_import_that_has_begun_is_not_cancelled(kind, as_user, clerk):
    seen = []

    def steps(job):
        seen.append(as_user(clerk).post(reverse("jobs:cancel", args=[job.pk])))
        yield 1, 1, {}
        return "Committed."

    kind(steps, by_steps=False)
    job = run(actions.ask("trial", by=clerk))
    assert seen[0].status_code == 422
    assert "It has begun and is one step" in seen[0].content.decode()
    assert job.done_at and job.said == "Committed."


def test_a_worker_that_was_overtaken_is_never_mistaken_for_the_next(kind, clerk):
    """It slept while its job was cancelled, taken up again, and begun by another."""
    did = []

    def steps(job):
        did.append("the first")
        yield 1, 3, {}
        if did == ["the first"]:
            actions.cancel(job, by=clerk)
            job.refresh_from_db()
            actions.run_again(job, by=clerk)
            actions._take(job.pk)
        did.append("the first again")
        yield 2, 3, {}
        return "All."

    kind(steps)
    job = run(actions.ask("trial", by=clerk))
    assert job.open and job.progress == 1, "what the overtaken one went on to do is undone"


def test_one_whose_worker_was_killed_each_time_says_so(three, clerk):
    job = actions.ask("trial", by=clerk)
    for _ in range(3):
        assert actions._take(job.pk)
        Job.objects.update(leased_until=None)
    run(job)
    assert job.failed_at and three == []
    assert job.said.startswith("It was cut off three times: its worker was stopped or killed.")
