"""Telling open pages that something changed. A nudge carries no data: the page asks again through access."""

import logging

from django.db import transaction
from django_eventstream import send_event

log = logging.getLogger(__name__)


def nudge_after_commit(channels, event: str) -> None:
    """Send ``event`` to each channel once the transaction is in. Never fails and never waits for anyone."""
    wanted = sorted(channels)
    transaction.on_commit(lambda: _send(wanted, event))


def _send(channels, event):
    for channel in channels:
        try:
            send_event(channel, event, {})
        except Exception:  # A page that misses a nudge refetches on its next connection.
            log.warning("nudge %s was not delivered", event, exc_info=True)
            return
