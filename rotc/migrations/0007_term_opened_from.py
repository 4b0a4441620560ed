"""The term that another one was opened from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rotc", "0006_plans_in_order")]
    operations = [
        migrations.AddField(
            model_name="term",
            name="opened_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rotc.term",
            ),
        ),
    ]
