"""Writing the administrators of alerts, once when it is so and once when it is over, where a mail server is set up.

Whoever sends a letter has first noted on the alert that it is sent, so no two processes send it; a letter that no
server took is noted as not sent again, and goes with a later minute.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from rotc.accounts.letters import Post, ServerAway
from rotc.accounts.queries import administrators
from rotc.alerts.models import Alert
from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
NEWS = timedelta(hours=6)  # what no letter went out on for so long is not written any more


def _untold(now) -> dict[str, Q]:
    since = now - NEWS
    return {
        "mailed_at": Q(mailed_at=None, raised_at__gte=since),
        "over_mailed_at": Q(over_mailed_at=None, cleared_at__gte=since),
    }


def send(now: datetime, aside=own_connection) -> None:
    """Send what is to be told. Never raises because of the mail server, and asks the database nothing meanwhile."""
    if not settings.SENDS_LETTERS:
        return
    with aside():
        told = [(name, alert, _letters(name, alert)) for name, alert in _taken(now)]
    for name, alert, letters in told:
        if not _sent(letters):
            with aside():
                Alert.objects.filter(pk=alert.pk).update(**{name: None})


def _taken(now):
    """The alerts to be told of by this process, noted as told; with the name of the note."""
    for name, untold in _untold(now).items():
        for alert in list(Alert.objects.filter(untold)):
            if Alert.objects.filter(untold, pk=alert.pk).update(**{name: now}):
                yield name, alert


def _letters(name, alert) -> list[EmailMessage]:
    """One a person: an address that takes none keeps it from nobody else."""
    to = sorted({person.letter_address for person in administrators().select_related("cadet")} - {""})
    since = f"Since {_said(alert.raised_at)}, Manila time: {alert.measured}"
    if name == "over_mailed_at":
        subject, text = f"It is over: {alert.title.lower()}", f"{since}\nOver at {_said(alert.cleared_at)}."
    else:
        page = f"{settings.ADDRESS.rstrip('/')}{reverse('operations:now')}"
        subject, text = alert.title, f"{since}\nHow it is now: {page}"
    return [EmailMessage(f"[ROTC Grading] {subject}", f"{text}\n", to=[address]) for address in to]


def _sent(letters) -> bool:
    """Whether they need no further try: a server took each, or said that it never will."""
    post = Post()
    try:
        for letter in letters:
            if trouble := post.send(letter):
                log.warning("a letter on an alert was not taken: %s", trouble)
    except ServerAway:
        log.warning("the mail server does not answer; a letter on an alert is sent later")
        return False
    finally:
        post.close()
    return True


def _said(moment) -> str:
    return date_format(timezone.localtime(moment), "j M, H:i")
