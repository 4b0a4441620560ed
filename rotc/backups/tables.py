"""The tables of the database as lines, at one moment, and as the migrations made them that it stands at.

They are read by the models of those migrations and not by today's: before a migration, and in an older backup, the
tables are not yet what today's models say.
"""

import json
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from rotc.backups.archive import TooNew
from rotc.web.connections import standing_in

AT_ONCE = 1000  # rows
# What must not come back with a backup: who was signed in, who was at work, and how well it went.
LEFT_OUT = {"django_session", "usersessions_usersession", "rotc_heartbeat", "rotc_look", "rotc_span"}


@contextmanager
def moment():
    """Within this block the database is read as it is at one moment, while others write on.

    In a transaction that is under way it is that transaction's view of it.
    """
    if connection.in_atomic_block:
        yield
        return
    with standing_in(_still), transaction.atomic():
        yield


def _still(engine, options) -> dict:
    if engine.endswith("postgresql"):
        from psycopg import IsolationLevel

        return options | {"isolation_level": IsolationLevel.REPEATABLE_READ}
    return options | {"transaction_mode": "DEFERRED"}


def applied() -> list[tuple[str, str]]:
    """The migrations that this database stands at, without those of a library that this release does without."""
    known = MigrationLoader(None, ignore_no_migrations=True).migrated_apps
    return sorted(key for key in MigrationRecorder(connection).applied_migrations() if key[0] in known)


def made_by(migrations, version: str) -> dict:
    """The models of the tables that these migrations made, by the table's name, without what is left out.

    Raises ``TooNew`` where this release does not know one of the migrations.
    """
    loader = MigrationLoader(None, replace_migrations=False)
    if unknown := sorted(key for key in map(tuple, migrations) if key not in loader.graph.nodes):
        raise TooNew(version, f"changes of the database that this one does not: {unknown[-1][1]}")
    models = loader.project_state([tuple(key) for key in migrations]).apps.get_models(
        include_auto_created=True
    )
    tables = {
        model._meta.db_table: model for model in models if model._meta.managed and not model._meta.proxy
    }
    return {name: tables[name] for name in sorted(tables.keys() - LEFT_OUT)}


def lines(model):
    """The rows of a table, a line each, a part at a time."""
    names = [column.attname for column in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield _line(row)


def columns(model) -> list[str]:
    return [column.column for column in model._meta.concrete_fields]


def last_number(model) -> int:
    """The highest number that the table ever gave to a row: it is given to no other, as the journal names rows by it."""
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [table, key]
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        found = cursor.fetchone()
    return (found and found[0]) or 0


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return b64encode(bytes(value)).decode()
    return str(value)


# PostgreSQL keeps no order of the names in a JSON value, so none is kept here.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain).encode


def _line(row) -> bytes:
    return f"{_encode(row)}\n".encode()
