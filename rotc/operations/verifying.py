"""The nightly look at the journal: whether it is what it was, and the seal over the day's lines."""

from rotc.accounts.queries import administrators
from rotc.jobs.models import Job
from rotc.journal import sealing
from rotc.journal.models import JournalSeal
from rotc.messages.actions import tell

MOST_NAMED = 3


def steps(job):
    """Hold the journal against its seals, one a step; then seal what came since."""
    seals = list(JournalSeal.objects.all())
    broken = job.result.get("broken", [])
    for place in range(job.progress, len(seals)):
        if not sealing.holds(seals[place], seals[place - 1] if place else None):
            broken.append(str(seals[place]))
        yield place + 1, len(seals), {"broken": broken}
    sealed = sealing.seal()
    if broken:
        return _alarm(broken, job)
    lines = sum(seal.lines for seal in seals)
    return f"{lines:,} lines of the journal are as they were sealed; {sealed.lines if sealed else 0:,} more were sealed."


def _alarm(broken, job) -> str:
    named = "; ".join(broken[:MOST_NAMED]) + ("; and more" if len(broken) > MOST_NAMED else "")
    said = f"The journal is not what was sealed: {named}."
    # It can never be well again, so it is told once and not every night.
    known = Job.objects.filter(kind=job.kind, done_at__isnull=False).order_by("-done_at").first()
    if known is None or known.said != said:
        tell(administrators(), f"{said} Somebody changed it in the database itself.", path=job.path)
    return said
