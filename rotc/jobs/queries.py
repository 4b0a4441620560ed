"""Reading jobs."""

from rotc.jobs.models import Job


def newest_first():
    return Job.objects.select_related("asked_by")
