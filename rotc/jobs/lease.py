"""Keeping a job while a worker is at it.

A job is leased for ``LEASE``, and a thread beside the work renews that every few seconds: a worker that dies is noticed
within the lease, however long a step takes. While a step's own transaction holds the row, or on SQLite all of the
database, the renewal gives up after a moment. Nobody can take the job over in that time either, as taking over writes the
same row; and the step has renewed the lease itself by the moment it ends.
"""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from rotc.web.connections import own_connection

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=20)
EVERY = 5  # seconds


@contextmanager
def kept(mine):
    """Within this block the job that ``mine()`` selects stays leased."""
    over = threading.Event()
    keeping = threading.Thread(target=_keep, args=[mine, over], name="lease", daemon=True)
    keeping.start()
    try:
        yield
    finally:
        over.set()
        if not connection.in_atomic_block:
            keeping.join()


def _keep(mine, over):
    while not over.wait(EVERY):
        try:
            with own_connection():
                if not mine().update(leased_until=timezone.now() + LEASE):
                    return
        except DatabaseError as error:
            log.info("a lease is not renewed this time: %s", type(error).__name__)
