"""What a process gathers: by the address's name, bounded, without values, and never in the way of a page."""

import threading
from http.cookies import SimpleCookie
from io import BytesIO

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from rotc.figures import gathering, writing
from rotc.figures.gathering import GATHERING, MOST_QUERIES, MOST_ROUTES, OTHERS, Gathering, without_values
from rotc.figures.measuring import slow_queries
from rotc.figures.models import Span
from rotc.operations import maintenance
from rotc.web import trouble
from tests.figures.spans import NOON, minutes, seen


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    """Nothing is gathered yet, and pages are made in the thread of the test, where its database is."""
    handler = BaseHandler()
    handler.load_middleware()

    async def django(scope, receive, send):
        answer = await sync_to_async(handler.get_response)(ASGIRequest(scope, BytesIO()))
        await send({"type": "http.response.start", "status": answer.status_code, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr("rotc.asgi.django", django)
    monkeypatch.setattr(trouble, "_away_until", 0.0)  # and what a test makes of it ends with the test
    GATHERING.take()


def ask(path, client=None) -> int:
    """One request at the door that a server asks; its status."""
    from rotc.asgi import application

    cookies = "; ".join(
        f"{name}={each.value}" for name, each in (client.cookies if client else SimpleCookie()).items()
    )
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"q=Dela+Cruz",
        "headers": [(b"host", b"localhost"), (b"cookie", cookies.encode())],
    }  # fmt: skip
    sent = []

    async def send(message):
        sent.append(message)

    async_to_sync(application)(scope, None, send)
    return sent[0]["status"]


def counted() -> dict:
    """``{route: (requests, errors)}`` since the last time."""
    return {route: (tally.requests, tally.errors) for route, tally in GATHERING.take().routes.items()}


def test_a_request_counts_under_the_name_of_its_address_and_nothing_of_whom_it_is_about(
    as_user, commandant, enrollment
):
    client = as_user(commandant)
    assert ask(f"/roster/{enrollment.pk}/", client) == 200
    assert ask("/roster/2026-0001/", client) == 404
    assert ask("/", client) == 200
    assert counted() == {"roster:cadet": (1, 0), "(no page)": (1, 0), "today:today": (1, 0)}


def test_what_machines_ask_for_and_static_files_do_not_count(db):
    for path in ("/api/live/", "/api/health/", "/metrics", "/static/css/app.css"):
        ask(path)
    assert counted() == {}


def test_a_page_that_breaks_is_an_error(as_user, commandant, monkeypatch):
    client = as_user(commandant)
    monkeypatch.setattr("rotc.web.context.ROOMS", None)  # a mistake of ours
    assert ask("/terms/", client) == 500
    assert counted() == {"terms:list": (1, 1)}


def test_maintenance_is_no_error_as_it_was_announced(as_user, cadet, commandant):
    from django.utils import timezone

    client = as_user(cadet)
    try:
        maintenance.begin(until=timezone.now() + minutes(5), by=commandant)
        assert ask("/standing/", client) == 503
    finally:
        maintenance._known = None
    assert counted() == {"standings:own": (1, 0)}


def test_a_database_that_is_away_is_an_error_and_is_blamed(db, monkeypatch):
    monkeypatch.setattr(trouble, "_away_until", float("inf"))
    assert ask("/sheet/") == 503
    taken = GATHERING.take()
    assert [(tally.requests, tally.errors) for tally in taken.routes.values()] == [(1, 1)]
    assert taken.database_errors == 1


@pytest.mark.parametrize("why", ["database is locked", "server closed the connection unexpectedly"])
def test_a_page_that_the_database_refuses_is_blamed_on_it(as_user, commandant, why):
    client = as_user(commandant)

    def refuse(*args, **kwargs):
        raise OperationalError(why)

    with connection.execute_wrapper(refuse):
        assert ask("/terms/", client) == 503
    assert GATHERING.take().database_errors == 1


def test_a_page_asks_the_database_no_more_than_before(as_user, commandant, settings):
    client = as_user(commandant)

    def trips():
        client.get("/terms/")
        with CaptureQueriesContext(connection) as found:
            client.get("/terms/")
        return len(found)

    with_figures = trips()
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "figures" not in each]
    client.handler._middleware_chain = None
    client.handler.load_middleware()
    assert trips() == with_figures


def test_memory_is_bounded_whatever_is_asked_for():
    gathered = Gathering()
    for number in range(MOST_ROUTES + 50):
        gathered.answered(f"route{number}", 0.1, error=False, by_database=False)
    for number in range(MOST_QUERIES + 9):
        gathered.slow_query(f'SELECT "{"x" * number}" {"y" * 999}', 1)
    taken = gathered.take()
    assert len(taken.routes) <= MOST_ROUTES + 1
    assert taken.routes[OTHERS].requests == 50
    assert len(taken.queries) <= MOST_QUERIES + 1
    assert max(map(len, taken.queries)) <= gathering.LONGEST_TEXT


def test_nothing_is_lost_between_threads():
    gathered = Gathering()

    def work():
        for _ in range(500):
            gathered.answered("a", 0.01, error=True, by_database=True)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    taken = [gathered.take() for _ in range(20)]
    for thread in threads:
        thread.join()
    taken.append(gathered.take())
    assert sum(each.tally("a").errors for each in taken) == 2000
    assert sum(each.database_errors for each in taken) == 2000


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT 1 FROM a WHERE b = %s", "SELECT ? FROM a WHERE b = %s"),
        ("SELECT x FROM a WHERE b IN (%s, %s, %s)", "SELECT x FROM a WHERE b IN (…)"),
        ("SELECT x FROM a WHERE b IN (%s, %s)\n  LIMIT 21", "SELECT x FROM a WHERE b IN (…) LIMIT ?"),
        ("UPDATE a SET name = 'O''Brien', n = 87.5", "UPDATE a SET name = ?, n = ?"),
        ("SELECT x FROM a WHERE number = '2026-0001'", "SELECT x FROM a WHERE number = ?"),
    ],
)
def test_a_slow_query_is_told_without_its_values(sql, told):
    assert without_values(sql) == told


def test_only_slow_queries_are_noted(db, monkeypatch):
    with slow_queries():
        monkeypatch.setattr("rotc.figures.measuring.SLOW", float("inf"))
        Span.objects.filter(process="never noted").exists()
        monkeypatch.setattr("rotc.figures.measuring.SLOW", 0)
        Span.objects.filter(process="a secret").exists()
    [(text, (count, _))] = GATHERING.take().queries.items()
    assert count == 1
    assert "rotc_span" in text and "secret" not in text


def test_what_cannot_be_written_counts_with_the_next_minute(db):
    GATHERING.answered("a", 0.1, error=False, by_database=False)

    def refuse(*args, **kwargs):
        raise OperationalError("gone")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.execute_wrapper(refuse):
        writing.write("web", "one", minute=NOON, streams=0)
    GATHERING.answered("a", 0.1, error=True, by_database=False)
    span = writing.write("web", "one", minute=NOON + minutes(1), streams=3)
    assert writing.gathered_in([span]).routes["a"].requests == 2
    assert (span.streams, counted()) == (3, {})
    assert span.memory > 20_000_000 and 0 < span.disk_free <= span.disk_size


def test_an_hour_becomes_a_span_a_part_and_nothing_of_it_is_lost(db):
    for minute in range(60):
        seen(
            NOON + minutes(minute), process="one", routes={"a": [0.1, 2]}, errors=1, streams=5, memory=minute
        )
        seen(
            NOON + minutes(minute),
            process="two",
            routes={"a": [0.3]},
            streams=7,
            queries={"SELECT": [1, 0.5]},
        )
        seen(NOON + minutes(minute), part="worker", process="three", database_errors=1)
    seen(NOON + minutes(60), routes={"a": [0.1]})
    before = writing.gathered_in(Span.objects.all())

    writing.fold(NOON + minutes(179))
    assert Span.objects.filter(minutes=60).count() == 0, "an hour is kept by the minute for two more"
    writing.fold(NOON + minutes(180))

    assert writing.gathered_in(Span.objects.all()) == before
    web, worker = Span.objects.filter(minutes=60).order_by("part")
    assert (web.streams, web.memory, worker.database_errors) == (12, 100 * 1024**2, 60)
    assert Span.objects.filter(minutes=1).count() == 1


def test_a_minute_that_comes_late_joins_its_hour(db):
    seen(NOON, routes={"a": [0.1]})
    writing.fold(NOON + minutes(200))
    seen(NOON + minutes(1), routes={"a": [0.2]})
    writing.fold(NOON + minutes(201))
    [span] = Span.objects.all()
    assert writing.gathered_in([span]).routes["a"].requests == 2
