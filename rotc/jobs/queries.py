"""Reading jobs."""

from datetime import datetime

from django.db.models import Count, Min

from rotc.jobs import progress
from rotc.jobs.models import Job, free


def newest_first():
    return Job.objects.select_related("asked_by")


def with_progress(job: Job) -> Job:
    """The job as its page shows it: a step that is one long transaction tells how far it is elsewhere."""
    job.progress, job.total = progress.of(job)
    return job


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """How many jobs wait for a worker, and since when the oldest does."""
    found = Job.objects.filter(free(now)).aggregate(many=Count("pk"), oldest=Min("asked_at"))
    return found["many"], found["oldest"]
