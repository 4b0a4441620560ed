from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rotc", "0008_several_officers"),
    ]

    operations = [
        migrations.AddField(
            model_name="journalentry",
            name="undoes",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["act", "id"], name="journal_of_an_act"),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["term_id", "what", "id"], name="journal_of_a_term_by_kind"),
        ),
    ]
