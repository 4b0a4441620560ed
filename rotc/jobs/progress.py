"""How far a long transaction is, kept beside the database in the queue's own store: Redis or its file."""

import logging

from huey.contrib.djhuey import HUEY

log = logging.getLogger(__name__)


def keep(job_id: int, done: int, total: int) -> None:
    """Never fails: work does not stop because nobody can be told of it."""
    try:
        HUEY.put(_key(job_id), (done, total))
    except Exception:
        log.warning("the progress of job %s is not told", job_id, exc_info=True)


def of(job) -> tuple[int, int]:
    """``(done, total)``: the job's own, or what its running step has told."""
    if job.total or not job.open:
        return job.progress, job.total
    try:
        return HUEY.get(_key(job.pk), peek=True) or (0, 0)
    except Exception:
        log.warning("the progress of job %s is not known", job.pk, exc_info=True)
        return 0, 0


def _key(job_id) -> str:
    return f"progress.{job_id}"
