"""Asking for work that must not be lost, and doing it.

The row is the work: it is written in the asker's transaction. The queue only rings the doorbell, and a
sweep rings again for what nobody finished.
"""

import logging
import threading
from uuid import uuid4

from django.db import OperationalError, transaction
from django.db.models import F, Max
from django.utils import timezone

from rotc.accounts.queries import administrators
from rotc.jobs import lease
from rotc.jobs import progress as how_far
from rotc.jobs.lease import LEASE
from rotc.jobs.models import OPEN, Job, free
from rotc.journal import actions as journal
from rotc.live.channels import user_channel
from rotc.live.nudges import nudge_after_commit, nudge_now
from rotc.messages.actions import tell
from rotc.refusals import NotNow, Refusal

log = logging.getLogger(__name__)
ATTEMPTS = 3
CUT_OFF = "It was cut off three times: its worker was stopped or killed. {left}"
GAVE_UP = "It stopped on an error three times. {left} The error is in the system's log."

stopping = threading.Event()  # set when this process is about to end


class LeaseLost(Exception):
    """Another worker took this job over, or somebody cancelled it."""


def ask(kind: str, *, by, due_at=None, **arguments) -> Job:
    """Ask for a piece of work in the caller's transaction; it starts once that is committed.

    ``by``: the user who hears of its progress, or None; ``due_at``: the moment at which the clock asks for it.
    Raises ``KeyError`` for a kind nobody does, ``IntegrityError`` for a moment that was asked for already.
    """
    from rotc.tasks import KINDS

    KINDS[kind]
    job = Job.objects.create(kind=kind, arguments=arguments, asked_by=by, due_at=due_at)
    transaction.on_commit(lambda: ring(job.pk), robust=True)
    _nudge(job)
    return job


def ring(job_id: int) -> None:
    """Ring the doorbell for a job. When the queue does not answer, the sweep rings again."""
    from rotc.tasks import run_job

    try:
        run_job(job_id)
    except Exception:
        log.warning("the queue does not answer; job %s waits for the sweep", job_id, exc_info=True)


def run(job_id: int) -> None:
    """Do a job step by step, each step and its progress in one transaction. Safe to call twice."""
    job = _take(job_id)
    if job is None:
        return
    try:
        with lease.kept(lambda: _mine(job)):
            _do(job)
    except LeaseLost:
        log.warning("%s was cancelled, or another worker took it over", job)
    except Refusal as refusal:
        _fail(job, str(refusal))
    except Exception:
        log.exception("%s stopped at attempt %s", job, job.attempts)
        if job.attempts >= ATTEMPTS:
            _fail(job, GAVE_UP.format(left=_left(job)))
        else:
            _mine(job).update(leased_until=timezone.now() + LEASE / 2)


def _take(job_id) -> Job | None:
    """The job, if nobody is at it. Whoever works on a step holds its row, or on SQLite the database."""
    now = timezone.now()
    try:
        with transaction.atomic():
            untaken = Job.objects.select_for_update(skip_locked=True, no_key=True).filter(
                free(now), pk=job_id
            )
            if untaken.first() is None:
                return None
            Job.objects.filter(pk=job_id).update(
                leased_until=now + LEASE, held_by=uuid4(), attempts=F("attempts") + 1
            )
    except OperationalError as error:
        log.info("job %s is not taken this time: %s", job_id, error)
        return None
    job = Job.objects.select_related("asked_by").get(pk=job_id)
    if job.attempts > ATTEMPTS:
        _fail(job, CUT_OFF.format(left=_left(job)))
        return None
    return job


def _mine(job):
    return Job.objects.filter(OPEN, pk=job.pk, held_by=job.held_by)


def _do(job) -> None:
    from rotc.tasks import KINDS

    kind = KINDS[job.kind]
    # Reading and reckoning need no lock; only what is written runs in a step's transaction.
    steps = kind.steps(job, kind.prepare(job)) if kind.prepare else kind.steps(job)
    while _step(job, steps):
        if stopping.is_set():
            # Not a failed attempt: the next worker goes on from here.
            _mine(job).update(leased_until=None, held_by=None, attempts=F("attempts") - 1)
            return


def _step(job, steps) -> bool:
    """One step and what it says of itself, together or not at all. False after the last."""
    with transaction.atomic():
        if not _mine(job).update(leased_until=timezone.now() + LEASE):
            raise LeaseLost
        _nudge(job)
        try:
            progress, total, result = next(steps)
        except StopIteration as end:
            _mine(job).update(done_at=timezone.now(), leased_until=None, result={"said": end.value})
            _tell(_asker(job), job, _without_names(job, end.value or ""))
            return False
        _mine(job).update(progress=progress, total=total, result=result, leased_until=timezone.now() + LEASE)
        return True


def teller(job):
    """``tell(done, total)`` for a step that is one long transaction: nobody else sees that from the database."""

    def tell(done: int, total: int) -> None:
        how_far.keep(job.pk, done, total)
        if job.asked_by_id:
            nudge_now([user_channel(job.asked_by_id)], "jobs-changed")

    return tell


def _fail(job, why) -> None:
    with transaction.atomic():
        if _mine(job).update(failed_at=timezone.now(), leased_until=None, result={"said": why}):
            _tell(_concerned(job), job, f"{job.title} failed. {why}")
        _nudge(job)


def _tell(people, job, text) -> None:
    tell(people, text or f"{job.title}: done.", path=job.path)


def _without_names(job, said) -> str:
    from rotc.tasks import KINDS

    before, colon, _ = said.partition(":")
    return f"{before}." if colon and KINDS[job.kind].names_people else said


def _asker(job) -> list:
    return [job.asked_by] if job.asked_by_id else []


def _concerned(job) -> list:
    """Who hears that a job failed: whoever asked for it, and of what nobody asked for the administrators."""
    return _asker(job) or list(administrators())


def _left(job) -> str:
    return "What was done so far stands." if job.progress else "Nothing was written."


def _nudge(job) -> None:
    if job.asked_by_id:
        nudge_after_commit([user_channel(job.asked_by_id)], "jobs-changed")


def cancel(job: Job, *, by) -> None:
    """End an open job. One that runs stops before its next step, and what it did so far stands.

    Raises ``NotNow`` when it has ended meanwhile, or has begun and is a single step.
    """
    with transaction.atomic():
        open_ones = Job.objects.filter(OPEN, pk=job.pk)
        if not job.by_steps and open_ones.exclude(attempts=0).exists():
            raise NotNow("It has begun and is one step, so it cannot be stopped. Nothing was cancelled.")
        ended = open_ones.update(
            cancelled_at=timezone.now(),
            cancelled_by=by,
            leased_until=None,
            held_by=None,
            result={"said": "Cancelled. What was done so far stands."},
        )
        if not ended:
            raise NotNow("It has ended already. Nothing was cancelled.")
        journal.write("job cancelled", f"job:{job.pk}", by=by, changes={"work": (None, job.title)})
        _nudge(job)
        if job.asked_by_id and job.asked_by_id != by.pk:
            tell([job.asked_by], f"{job.title} was cancelled by {by.title}.", path=job.path)


def run_again(job: Job, *, by) -> None:
    """Take up a job that failed or was cancelled, from where it stopped. Raises ``NotNow`` when it cannot be."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, done_at=None).exclude(OPEN)
        if not job.may_run_again or not ended.update(
            failed_at=None,
            cancelled_at=None,
            cancelled_by=None,
            leased_until=None,
            held_by=None,
            attempts=0,
            result=_kept(job),
        ):
            raise NotNow("It does not wait to be taken up again. Look at the page again.")
        journal.write("job taken up again", f"job:{job.pk}", by=by, changes={"work": (None, job.title)})
        transaction.on_commit(lambda: ring(job.pk), robust=True)
        _nudge(job)


def _kept(job) -> dict:
    return {name: value for name, value in job.result.items() if name != "said"}


def end_open(said: str) -> None:
    """End every open job, with the reason: the database was restored, and what is under way in it is not any more."""
    Job.objects.filter(OPEN).update(
        cancelled_at=timezone.now(), leased_until=None, held_by=None, result={"said": said}
    )


def take_up_again(*, alone: bool) -> None:
    """At a worker's start: ring for every open job. ``alone``: a lease left over is a dead worker's."""
    left = Job.objects.filter(OPEN)
    if alone:
        left.update(leased_until=None)
    for job_id in left.filter(free(timezone.now())).order_by("pk").values_list("pk", flat=True):
        ring(job_id)


def sweep() -> None:
    """Ring again for open jobs that nobody holds: their worker died or the doorbell was not heard."""
    now = timezone.now()
    for job_id in Job.objects.filter(free(now)).order_by("pk").values_list("pk", flat=True):
        ring(job_id)


def forget_ended(*, before) -> int:
    """Drop the runs of schedules that ended before this moment, the newest of each kept; how many went."""
    newest = Job.objects.filter(due_at__isnull=False).order_by().values("kind").annotate(newest=Max("pk"))
    ended = Job.objects.exclude(OPEN).filter(due_at__lt=before).exclude(pk__in=newest.values("newest"))
    return ended.delete()[0]
