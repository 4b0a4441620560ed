"""When something is broken: our mistake, or a database that does not answer, which is nobody's and passes."""

import logging
import sys
import time

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import loader
from django.views.defaults import server_error

log = logging.getLogger(__name__)
RETRY_AFTER = 5  # seconds, told to whoever asks by machine
PAUSE = 2  # seconds for which nobody else is let wait for a database that just did not answer
AWAY = (
    "Back in a moment",
    "The database does not answer. Nothing was changed; what was saved before is safe. Try again in a few seconds.",
)

_away_until = 0.0


def broken(request):
    """The answer to an error that nobody expected: 503 while the database is away, 500 otherwise."""
    error = sys.exc_info()[1]
    if not _is_away(error):
        return server_error(request)
    global _away_until  # noqa: PLW0603
    _away_until = time.monotonic() + PAUSE
    log.error("the database does not answer: %s", type(error).__name__)
    return by_database(notice(*AWAY, retry_after=RETRY_AFTER))


def _is_away(error) -> bool:
    # SQLite calls a missing table operational as well; that is a mistake of ours.
    return isinstance(error, (OperationalError, InterfaceError)) and not str(error).startswith("no such ")


def by_database(answer: HttpResponse) -> HttpResponse:
    """The answer, marked as one that the database is to blame for."""
    answer.by_database = True
    return answer


def database_is_away() -> bool:
    """Whether the database did not answer a moment ago. Whoever asks now is told so instead of waiting in line."""
    return time.monotonic() < _away_until


def notice(heading: str, text: str, *, retry_after: int) -> HttpResponse:
    """A 503 that says what is the matter and when to come back."""
    return HttpResponse(_page(heading, text), status=503, headers={"Retry-After": str(retry_after)})


def away_page() -> str:
    """What is said while the database is away."""
    return _page(*AWAY)


def _page(heading, text) -> str:
    """It asks the database nothing."""
    return loader.get_template("away.html").render({"heading": heading, "text": text})
