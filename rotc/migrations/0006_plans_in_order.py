"""What holds for every plan, once those of before have the moment of their check."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rotc", "0005_more_lists")]
    operations = [
        migrations.AddConstraint(
            model_name="importplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("committed_at", None), ("checked_at__isnull", False), _connector="OR"),
                name="committed_as_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="importplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("committed_at__isnull", False), _connector="OR"),
                name="undone_once_committed",
            ),
        ),
    ]
