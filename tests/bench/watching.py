"""What it costs to watch: processor time a request and a minute, and bytes of the database.

Run it: ``python -m tests.bench.watching``, with ``--postgres`` on the server of DATABASE_URL.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figures import Figure, choose_engine, header, table
from tests.served import Server

ROUTES = [f"package:address-{number}" for number in range(60)]
REQUESTS = 20_000
BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
HOURS = 4  # at a time; by then hours are made of minutes


def measure(server) -> list[Figure]:
    found = server.answer(
        "import json; from tests.bench import watching\n"
        "print(json.dumps({'request': watching.of_a_request(), **watching.of_hours()}))"
    )
    return [
        Figure("Processor time a request", f"{found['request'] * 1e6:.0f} µs"),
        Figure("— to write a minute of 60 addresses", f"{found['write'] * 1000:.1f} ms"),
        Figure("— to look, an hour made of its minutes now and then", f"{found['look'] * 1000:.1f} ms"),
        Figure(
            f"Database after {HOURS} hours, each of 60 addresses asked for in each minute of 2 processes",
            f"{found['first'] / 1024:,.0f} KB",
        ),
        Figure(
            "— more with each day, for a week",
            f"{(found['second'] - found['first']) / 1024 * 24 / HOURS:,.0f} KB",
        ),
    ]


def of_a_request() -> float:
    """Seconds of processor time that being watched adds to a request."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    from rotc.figures.measuring import measured
    from rotc.figures.middleware import NotedForFigures

    request, answer = RequestFactory().get("/"), HttpResponse()
    request.resolver_match = type("Match", (), {"view_name": ROUTES[0]})

    def answering(page):
        async def application(scope, receive, send):
            request.scope = scope
            page(request)
            await send({"type": "http.response.start", "status": 200})
            await send({"type": "http.response.body"})

        return application

    bare, watched = answering(lambda request: answer), answering(NotedForFigures(lambda request: answer))
    plain = asyncio.run(_asked(bare))
    return asyncio.run(_asked(lambda *facts: measured(watched, *facts))) - plain


async def _asked(application) -> float:
    async def send(message):
        pass

    began = time.process_time()
    for _ in range(REQUESTS):
        await application({}, None, send)
    return (time.process_time() - began) / REQUESTS


def of_hours() -> dict:
    """Seconds of processor time that a writing and a look take, and bytes after ``HOURS`` and after twice as many."""
    from rotc.alerts.looking import look
    from rotc.figures import writing
    from rotc.figures.gathering import GATHERING

    minutes = [_minute() for _ in range(20)]
    wrote, looked, sizes, before = [], [], [], _bytes()
    for number in range(2 * HOURS * 60):
        at = BEGIN + timedelta(minutes=number)
        for process in ("one", "two"):
            GATHERING.take()
            GATHERING.give_back(random.choice(minutes))
            wrote.append(_took(lambda at=at, of=process: writing.write("web", of, minute=at, streams=150)))
        if number % 60 == 0:
            _vacuum()
        looked.append(_took(lambda at=at: look(at + timedelta(seconds=65))))
        if (number + 1) % (HOURS * 60) == 0:
            sizes.append(_bytes() - before)
    first, second = sizes
    mean = {"write": sum(wrote) / len(wrote), "look": sum(looked) / len(looked)}
    return mean | {"first": first, "second": second}


def _minute():
    from rotc.figures.gathering import Gathered

    minute = Gathered()
    for route in ROUTES:
        for _ in range(10):
            minute.tally(route).add(random.lognormvariate(-3, 1), error=random.random() < 0.005)
    return minute


def _took(deed) -> float:
    began = time.process_time()
    deed()
    return time.process_time() - began


def _vacuum() -> None:
    """As PostgreSQL does by itself, but not within the seconds that these hours take."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM rotc_span, rotc_look")


def _bytes() -> int:
    """What the tables of figures and looks take with their indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('rotc_span') + pg_total_relation_size('rotc_look')")
        else:
            cursor.execute(
                "SELECT sum(pgsize) FROM dbstat JOIN sqlite_master USING (name)"
                " WHERE tbl_name IN ('rotc_span', 'rotc_look')"
            )
        return cursor.fetchone()[0]


def main():
    asked = argparse.ArgumentParser(prog="python -m tests.bench.watching", description=__doc__)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    choose_engine(postgres=asked.parse_args().postgres)
    with tempfile.TemporaryDirectory(prefix="rotc-bench-") as folder:
        server = Server(Path(folder), start=False)
        try:
            if server.database:
                server.manage("migrate", "--noinput")
            sys.stdout.write(f"{header()}\n\n{table(measure(server))}\n")
        finally:
            server.end()


if __name__ == "__main__":
    main()
