"""Telling open pages that something changed. A nudge carries no data: the page asks again through access.

A nudge goes to the streams of this process and to the other processes: through Redis where there is one,
else through the server's pipe. It never fails and never makes anybody wait.
"""

import logging

from django.conf import settings
from django.db import transaction
from django_eventstream import send_event

from rotc.live import lately, pipe, relay

log = logging.getLogger(__name__)


def nudge_after_commit(channels, event: str) -> None:
    """Send ``event`` to each channel once the transaction is in. Never fails and never waits for anyone."""
    wanted = sorted(channels)
    transaction.on_commit(lambda: _send(wanted, event), robust=True)


def nudge_now(channels, event: str) -> None:
    """The same for what is told in the middle of a transaction, such as how far it is."""
    _send(sorted(channels), event)


def _send(channels, event):
    deliver(channels, event)
    if settings.REDIS_URL:
        relay.publish(channels, event)
    else:
        pipe.write(channels, event)


def deliver(channels, event: str) -> None:
    """Hand ``event`` to the streams of this process, those that are open and those that open in a moment."""
    lately.note(channels, event)
    for channel in channels:
        try:
            send_event(channel, event, {})
        except Exception:  # A page that misses a nudge refetches on its next connection.
            log.warning("nudge %s was not delivered", event, exc_info=True)
            return
