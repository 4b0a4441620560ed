"""The database itself refuses to alter or drop a line of the journal."""

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER journal_no_{verb} BEFORE {verb} ON rotc_journalentry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for verb in ("update", "delete")
]
POSTGRESQL = [
    "CREATE FUNCTION rotc_journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rotc_journalentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION rotc_journal_is_append_only()",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("rotc", "0002_lists")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
