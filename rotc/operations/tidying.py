"""What the system keeps no longer than it must."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from rotc.accounts.letting_in import forget_expired_codes
from rotc.accounts.tokens import forget_ended_tokens
from rotc.alerts import looking
from rotc.figures import writing
from rotc.imports.actions import FILE_KEPT_FOR, forget_files, forget_uncommitted
from rotc.jobs.actions import forget_ended
from rotc.messages.actions import forget_read

UNCOMMITTED_KEPT_FOR = timedelta(days=7)  # a file that was given and not committed holds personal data
FIGURES_KEPT_FOR = timedelta(days=7)
KEPT_FOR = timedelta(days=30)  # what was read, what has run, codes that nobody used, sessions that ended


def steps(job):
    """Drop what is past its time, one sort a step."""
    now = timezone.now()
    deeds = [
        ("files that nobody committed", lambda: forget_uncommitted(before=now - UNCOMMITTED_KEPT_FOR)),
        ("committed files", lambda: forget_files(before=now - FILE_KEPT_FOR)),
        ("notifications that were read", lambda: forget_read(before=now - KEPT_FOR)),
        ("codes that nobody used", lambda: forget_expired_codes(before=now - KEPT_FOR)),
        ("API tokens that ended", lambda: forget_ended_tokens(before=now - KEPT_FOR)),
        ("sessions that ended", lambda: Session.objects.filter(expire_date__lt=now - KEPT_FOR).delete()[0]),
        ("runs of schedules", lambda: forget_ended(before=now - KEPT_FOR)),
        ("figures", lambda: writing.forget(before=now - FIGURES_KEPT_FOR)),
        ("looks and alerts", lambda: looking.forget(before=now - FIGURES_KEPT_FOR)),
    ]
    gone = job.result.get("gone", [])
    for place in range(job.progress, len(deeds)):
        what, deed = deeds[place]
        if count := deed():
            gone.append(f"{count:,} {what}")
        yield place + 1, len(deeds), {"gone": gone}
    return f"Dropped: {', '.join(gone)}." if gone else "There was nothing to drop."
