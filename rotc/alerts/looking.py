"""The look of each minute: whichever process comes first looks for all, and says what has been wrong for a while.

What was found is written with the look, and an alert follows from the last few looks: nothing is counted that
could be lost with a process, and what comes and goes is told neither each time it comes nor each time it goes.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse

from rotc.accounts.queries import administrators
from rotc.alerts import seeing
from rotc.alerts.kinds import KINDS
from rotc.alerts.models import Alert, Look
from rotc.figures import writing
from rotc.figures.queries import minute_of
from rotc.messages.actions import tell

REMEMBERED = timedelta(minutes=15)  # looks further back say nothing of now


def look(now: datetime, store: seeing.Store | None = None) -> bool:
    """Look, raise and clear. False where another process has looked in this minute. Safe to call at any time, twice at once.

    ``store``: what was seen of the store of uploads, where it was asked before.
    """
    minute = minute_of(now)
    if Look.objects.filter(minute=minute).exists():
        return False
    seen = seeing.see(now, store or seeing.store())
    found = {name: said for name, kind in KINDS.items() if (said := kind.found(seen))}
    facts = {"queue": seen.queue, "oldest": seen.oldest.total_seconds(), **seeing.database_figures()}
    try:
        with transaction.atomic():
            Look.objects.create(minute=minute, found=found, **facts)
            _settle(now, minute)
            writing.fold(now)
    except IntegrityError:
        if Look.objects.filter(minute=minute).exists():
            return False
        raise
    return True


def _settle(now, minute) -> None:
    looks = Look.objects.filter(minute__gt=minute - REMEMBERED, minute__lte=minute)
    looks = list(looks.order_by("-minute").values_list("found", flat=True))
    opened = {alert.kind: alert for alert in Alert.objects.filter(cleared_at=None)}
    for name in opened.keys() - KINDS.keys():
        _clear(opened[name], now)  # an earlier release knew it
    for name, kind in KINDS.items():
        if name in opened:
            if _last(looks, kind.cleared_after, lambda found, name=name: name not in found):
                _clear(opened[name], now)
        elif _last(looks, kind.raised_after, lambda found, name=name: name in found):
            _raise(name, looks[0][name], now)


def _last(looks, many, holds) -> bool:
    return len(looks) >= many and all(holds(found) for found in looks[:many])


def _raise(name, measured, now) -> None:
    Alert.objects.create(kind=name, measured=measured, raised_at=now)
    _tell(f"{KINDS[name].title}. {measured}")


def _clear(alert, now) -> None:
    Alert.objects.filter(pk=alert.pk).update(cleared_at=now)
    _tell(f"It is over: {alert.title.lower()}.")


def _tell(text) -> None:
    tell(administrators(), text, path=reverse("operations:now"))


def forget(*, before: datetime) -> int:
    """Drop looks from before this moment, and alerts that were over by then; how many went."""
    alerts = Alert.objects.filter(cleared_at__lt=before).delete()[0]
    return alerts + Look.objects.filter(minute__lt=before).delete()[0]
