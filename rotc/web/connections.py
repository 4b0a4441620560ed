"""A connection of its own for a thread that asks the database otherwise than pages and jobs do."""

from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend


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
