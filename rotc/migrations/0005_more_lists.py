"""Starter lists of the profile, and plans that were checked before the moment of the check was kept."""

from django.db import migrations
from django.db.models import F

SHOE_SIZES = [f"{size}{width}" for width in "RW" for size in range(5, 13)]
LISTS = {
    "cadet_status": ["Ongoing", "Completed", "Incomplete", "Failed", "Dropped"],
    "civil_status": ["Single", "Married", "Widowed", "Separated"],
    "blood_type": ["A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"],
    "religion": ["Islam", "Roman Catholic", "Iglesia ni Cristo", "Seventh-day Adventist", "Born Again Christian"],
    "boots": SHOE_SIZES,
    "uniform": [f"{size} {cut}" for size in ("Small", "Medium", "Large") for cut in ("Short", "Regular", "Long")],
    "bullcap": [str(size) for size in range(56, 61)],
}  # fmt: skip


def fill(apps, schema_editor):
    listed = apps.get_model("rotc", "ListedValue")
    for name, values in LISTS.items():
        listed.objects.bulk_create(
            listed(list=name, value=value, position=place) for place, value in enumerate(values)
        )
    apps.get_model("rotc", "ImportPlan").objects.update(checked_at=F("made_at"))


class Migration(migrations.Migration):
    dependencies = [("rotc", "0004_files_and_people")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
