"""Measuring requests where they come in, waiting in line included, and queries where they are asked."""

import time
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from rotc.figures.gathering import GATHERING, SLOW

NO_PAGE = "(no page)"  # of an address that nothing here has


@dataclass(slots=True)
class Outcome:
    """What is known of a request in the end. ``meant``: it was answered as it was announced to be, so by no error."""

    route: str = NO_PAGE
    status: int = 0
    meant: bool = False
    by_database: bool = False


async def measured(application, scope, receive, send):
    """Have ``application`` answer, and count how long that took. Whoever left before is not counted."""
    outcome = scope["outcome"] = Outcome()
    began = time.perf_counter()

    async def noted(message):
        if message["type"] == "http.response.start":
            outcome.status = message["status"]
        await send(message)

    try:
        await application(scope, receive, noted)
    except Exception:
        outcome.status = 500
        raise
    finally:
        if outcome.status:
            error = outcome.status >= 500 and not outcome.meant
            GATHERING.answered(
                outcome.route, time.perf_counter() - began, error=error, by_database=outcome.by_database
            )


@contextmanager
def slow_queries():
    """Within this block queries of this thread that take long are noted, without their values."""
    with connection.execute_wrapper(_timed):
        yield


def _timed(execute, sql, params, many, context):
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - began
        if took >= SLOW:
            GATHERING.slow_query(str(sql), took)
