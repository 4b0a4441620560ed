"""Reading jobs."""

from datetime import datetime

from django.db.models import Count, Min, Q

from rotc.jobs import progress
from rotc.jobs.models import Job, free

# What the list shows. What the clock asked for ends well every hour, and is no news then.
SHOWS = {"": "Asked for, or not ended well", "all": "All"}


def newest_first(show: str = ""):
    found = Job.objects.select_related("asked_by")
    return found if show == "all" else found.filter(Q(due_at=None) | Q(done_at=None, cancelled_at=None))


def with_progress(job: Job) -> Job:
    """The job as its page shows it: a step that is one long transaction tells how far it is elsewhere."""
    job.progress, job.total = progress.of(job)
    return job


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """How many jobs wait for a worker, and since when the oldest does."""
    found = Job.objects.filter(free(now)).aggregate(many=Count("pk"), oldest=Min("asked_at"))
    return found["many"], found["oldest"]


def first_due(kind: str) -> datetime | None:
    """When the clock first asked for such work, of the runs that are kept; None before that."""
    return Job.objects.filter(kind=kind).aggregate(first=Min("due_at"))["first"]
