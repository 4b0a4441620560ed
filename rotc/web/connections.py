"""A connection of its own for a thread that asks the database otherwise than pages and jobs do."""

import os
import socket
import threading
from contextlib import contextmanager
from functools import partial

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

PATIENCE = 2  # seconds that a look at the database may take, connecting aside


@contextmanager
def standing_in(options, **facts):
    """Within this block this thread's database is asked through a new connection, outside the pool.

    ``options(engine, options)``: the connection's options, made of those that are in force; ``facts``: what else is
    otherwise about it, another ``NAME`` or ``ENGINE``.
    """
    before = connections["default"]
    given = connections.settings["default"]
    unpooled = {name: value for name, value in given["OPTIONS"].items() if name != "pool"}
    mine = given | {"CONN_MAX_AGE": 0, "OPTIONS": options(given["ENGINE"], unpooled)} | facts
    connection = load_backend(mine["ENGINE"]).DatabaseWrapper(mine, "default")
    connections["default"] = connection
    try:
        connection.ensure_connection()
        yield connection
    finally:
        # SQLite's own way of closing leaves a database in memory open.
        BaseDatabaseWrapper.close(connection)
        connections["default"] = before


@contextmanager
def own_connection(patience=PATIENCE):
    """In this thread the database is asked through a connection of its own, outside the pool and with an end.

    For threads that only look: a database that swallows what it is asked holds them up for ``patience`` seconds, never
    for ever.
    """
    with standing_in(partial(_bounded, patience)) as connection, _cut_after(patience, connection):
        yield


def _bounded(patience, engine, options) -> dict:
    if engine.endswith("postgresql"):
        # The time zone is said here, or setting it would be a first question without an end.
        options |= {"connect_timeout": 2, "options": f"-c TimeZone=UTC -c statement_timeout={patience}s"}
    return options


@contextmanager
def _cut_after(seconds, connection):
    # The server's own limit ends a statement, but not the wait for a server that says nothing at all.
    if connection.vendor != "postgresql":
        yield
        return
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as line:
        cut = threading.Timer(seconds, line.shutdown, [socket.SHUT_RDWR])
        cut.daemon = True
        cut.start()
        try:
            yield
        finally:
            cut.cancel()
            cut.join()
