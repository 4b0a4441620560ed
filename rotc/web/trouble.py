"""When something is broken: our mistake, or a database that does not answer, which is nobody's and passes."""

import logging
import sys
import time

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template import loader
from django.views import defaults

from rotc.web.answers import COME_BACK, FOR_PROGRAMS, in_json

log = logging.getLogger(__name__)
PAUSE = 2  # seconds for which nobody else is let wait for a database that just did not answer
AWAY = (
    "Back in a moment",
    "The database does not answer. Nothing was changed; what was saved before is safe. Try again in a few seconds.",
)
BROKEN = (
    "Something broke on our side, and it was written down. Look whether it was done before you send it again."
)

_away_until = 0.0


def broken(request):
    """The answer to an error that nobody expected: 503 while the database is away, 500 otherwise."""
    error = sys.exc_info()[1]
    if not _is_away(error):
        return in_json(BROKEN, 500) if _by_program(request) else defaults.server_error(request)
    global _away_until  # noqa: PLW0603
    _away_until = time.monotonic() + PAUSE
    log.error("the database does not answer: %s", type(error).__name__)
    _let_go_of_lines()
    return away(request.path)


def _as_asked(page, status, sentence):
    """Django's own page of an error; to a program the sentence."""

    def answer(request, exception):
        return in_json(sentence, status) if _by_program(request) else page(request, exception)

    return answer


unreadable = _as_asked(defaults.bad_request, 400, "What was sent cannot be read. Nothing was changed.")
forbidden = _as_asked(defaults.permission_denied, 403, "You may not do this. Nothing was changed.")
missing = _as_asked(defaults.page_not_found, 404, "There is nothing here, or it is not yours to see.")


def _by_program(request) -> bool:
    return request.path.startswith(FOR_PROGRAMS)


def _let_go_of_lines() -> None:
    """Those that wait in the pool went with the database: each would fail one more page once it is back."""
    if connection.vendor == "postgresql" and connection.pool:
        connection.pool.drain()


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


def notice(path: str, heading: str, text: str, *, retry_after: int) -> HttpResponse:
    """A 503 that says what is the matter and when to come back. It asks the database nothing."""
    if path.startswith(FOR_PROGRAMS):
        return in_json(text, 503, retry_after=retry_after)
    page = loader.get_template("away.html").render({"heading": heading, "text": text})
    return HttpResponse(
        page, status=503, headers={"Retry-After": str(retry_after), "Cache-Control": "no-store"}
    )


def away(path: str) -> HttpResponse:
    """What is said while the database is away."""
    return by_database(notice(path, *AWAY, retry_after=COME_BACK))
