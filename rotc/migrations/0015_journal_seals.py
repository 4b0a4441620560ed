from django.db import migrations, models

SQLITE = [
    f"CREATE TRIGGER seal_no_{verb} BEFORE {verb} ON rotc_journalseal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for verb in ("update", "delete")
]
POSTGRESQL = [
    "CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rotc_journalseal "
    "FOR EACH STATEMENT EXECUTE FUNCTION rotc_journal_is_append_only()",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("rotc", "0014_maintenance")]
    operations = [
        migrations.CreateModel(
            name="JournalSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("up_to", models.BigIntegerField(unique=True)),
                ("lines", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["up_to"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("lines__gt", 0)), name="seal_covers_lines")
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
