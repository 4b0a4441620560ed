"""Reading jobs."""

from rotc.jobs import progress
from rotc.jobs.models import Job


def newest_first():
    return Job.objects.select_related("asked_by")


def with_progress(job: Job) -> Job:
    """The job as its page shows it: a step that is one long transaction tells how far it is elsewhere."""
    job.progress, job.total = progress.of(job)
    return job
