"""Making a database the one of a backup: its tables built anew by the same migrations, filled, and compared.

All of it is one transaction: what fails leaves the database as it was.
"""

import json
from itertools import islice

from django.core.management.sql import emit_post_migrate_signal
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from rotc.backups import tables
from rotc.backups.archive import Damaged, Reading, Sum
from rotc.backups.tables import AT_ONCE


def load(archive: Reading, finish=None, tell=None) -> int:
    """Make this thread's database the one of the backup, and bring it up to this release; how many tables are equal.

    ``finish()`` has the last word in the same transaction. Raises ``Damaged`` and ``TooNew``, and then nothing is changed.
    """
    models = expected(archive)
    connection.disable_constraint_checking()  # SQLite alters tables in no other way; they are checked below
    try:
        with transaction.atomic():
            _drop_everything()
            _migrate_to(archive.manifest.migrations)
            for place, (name, model) in enumerate(models.items(), 1):
                _fill(archive, name, model)
                if tell:
                    tell(place, len(models))
            _see_that_they_fit()
            _compare(archive, models)
            _migrate_to(None)
            emit_post_migrate_signal(
                verbosity=0, interactive=False, db="default"
            )  # what Django keeps of each model
            connection.check_constraints()
            if finish:
                finish()
    finally:
        connection.enable_constraint_checking()
    return len(models)


def expected(archive: Reading) -> dict:
    """The models of its tables. Raises ``Damaged`` where it lacks one of them, ``TooNew``."""
    kept = archive.manifest
    models = tables.made_by(kept.migrations, kept.version)
    if {name: sorted(tables.columns(model)) for name, model in models.items()} != {
        name: sorted(facts["columns"]) for name, facts in kept.tables.items()
    }:
        raise Damaged("it does not hold the tables that it should")
    return models


def _drop_everything() -> None:
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        if connection.vendor != "postgresql":
            for name in names:
                cursor.execute(f"DROP TABLE {name}")
            return
        if names:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace "
            "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")


def _migrate_to(migrations) -> None:
    """To where exactly these are applied; None: to the newest."""
    executor = MigrationExecutor(connection, lambda *_: connection.check_constraints())
    graph = executor.loader.graph
    targets = graph.leaf_nodes()
    if migrations is not None:
        wanted = {tuple(key) for key in migrations}
        targets = [key for key in sorted(wanted) if not _followed(graph, key, wanted)]
    executor.migrate(targets)


def _followed(graph, key, wanted) -> bool:
    return any(child.key in wanted and child.key[0] == key[0] for child in graph.node_map[key].children)


def _fill(archive, name, model) -> None:
    if model._base_manager.exists():  # what a migration put there stands in the backup as it is now
        model._base_manager.all()._raw_delete("default")
    of_column = {each.column: each for each in model._meta.concrete_fields}
    facts = archive.manifest.tables[name]
    fields = [of_column[column] for column in facts["columns"]]
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, facts["columns"])), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(name)} ({names}) VALUES ({places})"  # noqa: S608 — names of our own tables
    try:
        with archive.lines(name) as lines, connection.cursor() as cursor:
            while part := list(islice(lines, AT_ONCE)):
                cursor.executemany(statement, [_row(fields, line) for line in part])
    except (IntegrityError, DataError) as error:
        raise Damaged(f"the database does not take a row of the table {name}") from error
    _count_on_from(facts["last"], model)


def _row(fields, line) -> list:
    return [
        field.get_db_prep_save(field.to_python(value), connection)
        for field, value in zip(fields, json.loads(line), strict=True)
    ]


def _count_on_from(last, model) -> None:
    """The next row gets a number that no row had before."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{connection.ops.quote_name(table)}', '{key}')::regclass"
            cursor.execute(f"SELECT setval({sequence}, %s, %s)", [max(last, 1), last > 0])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _see_that_they_fit() -> None:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Damaged("its tables do not fit each other") from error


def _compare(archive, models) -> None:
    for name, model in models.items():
        if Sum.of(tables.lines(model)).sha256 != archive.manifest.tables[name]["sha256"]:
            raise Damaged(f"the table {name} is not the same once it is restored")
