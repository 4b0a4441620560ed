"""Work that the clock asks for: which, when, and that it is asked once.

A scheduled run is a ``Job`` like any other, so it is leased, taken up again, done once and seen to fail. What makes it one
of the schedule is the moment it was due at, of which there is one a kind, however many schedulers look at the clock.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from rotc.jobs import actions
from rotc.jobs.models import Job

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = "The system was set up after this. It runs from the next time on."


@dataclass(frozen=True)
class Daily:
    """Every day at ``hour:minute`` in Manila. ``patience``: for how long after that it is still of use."""

    hour: int
    minute: int = 0
    patience: timedelta = DAY

    def latest(self, now: datetime) -> datetime:
        """The moment at or before ``now`` at which it was due. Manila keeps no summer time."""
        here = timezone.localtime(now)
        due = here.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return due if due <= here else due - DAY

    def next(self, now: datetime) -> datetime:
        return self.latest(now) + DAY

    def __str__(self):
        return f"every day at {self.hour:02}:{self.minute:02}"


@dataclass(frozen=True)
class Hourly:
    """Every hour at ``minute``. ``patience``: for how long after that it is still of use."""

    minute: int = 0
    patience: timedelta = HOUR

    def latest(self, now: datetime) -> datetime:
        """The moment at or before ``now`` at which it was due."""
        due = timezone.localtime(now).replace(minute=self.minute, second=0, microsecond=0)
        return due if due <= now else due - HOUR

    def next(self, now: datetime) -> datetime:
        return self.latest(now) + HOUR

    def __str__(self):
        return f"every hour, {self.minute} past"


@dataclass(frozen=True)
class Line:
    """A schedule as its page shows it. ``last``: its newest run, the clock's or by hand, or None."""

    kind: str
    title: str
    when: Daily | Hourly
    last: Job | None
    next: datetime


def tick(now: datetime | None = None) -> None:
    """Ask for whatever is due and was not asked for yet. Safe to call at any time, by anybody, twice at once."""
    from rotc.tasks import SCHEDULES

    now = now or timezone.now()
    asked = dict(
        Job.objects.filter(due_at__isnull=False).order_by().values_list("kind").annotate(Max("due_at"))
    )
    for kind, when in SCHEDULES.items():
        due = when.latest(now)
        if kind not in asked:
            _note(kind, due, now, FIRST)
        elif asked[kind] < due and now - due <= when.patience:
            _ask(kind, due)


def _ask(kind, due) -> None:
    _unless_asked(lambda: actions.ask(kind, by=None, due_at=due))


def note_due(now: datetime, said: str) -> None:
    """Whatever is due is taken for done, with the reason why: it begins from the next time on."""
    from rotc.tasks import SCHEDULES

    for kind, when in SCHEDULES.items():
        _note(kind, when.latest(now), now, said)


def _note(kind, due, now, said) -> None:
    """What was due before the system stood is noted and not made up for."""
    _unless_asked(lambda: Job.objects.create(kind=kind, due_at=due, cancelled_at=now, result={"said": said}))


def _unless_asked(write) -> None:
    """Write a run, unless another scheduler did so at this very moment: the database takes one a moment."""
    with suppress(IntegrityError), transaction.atomic():
        write()


def lines(now: datetime | None = None) -> Iterator[Line]:
    """Every schedule, in the order of the day; one query."""
    from rotc.tasks import KINDS, SCHEDULES

    now = now or timezone.now()
    begun = Job.objects.filter(kind__in=SCHEDULES).exclude(cancelled_at__isnull=False, attempts=0)
    newest = begun.order_by().values("kind").annotate(newest=Max("pk"))
    last = {
        job.kind: job for job in Job.objects.filter(pk__in=newest.values("newest")).select_related("asked_by")
    }
    for kind, when in SCHEDULES.items():
        yield Line(kind, KINDS[kind].title, when, last.get(kind), when.next(now))
