"""The background work as a file."""

from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column


def _state(job) -> str:
    if job.failed_at or job.cancelled_at:
        return "Failed" if job.failed_at else "Cancelled"
    return "Done" if job.done_at else "Open"


JOBS = [
    Column("Work", lambda job: job.title, NAME),
    Column("Asked For", lambda job: job.asked_at),
    Column("Asked By", lambda job: job.asker, NAME),
    Column("State", _state),
    Column("Done", lambda job: job.progress, COUNT),
    Column("Of", lambda job: job.total, COUNT),
    Column("What Came of It", lambda job: job.said, REMARKS),
]
