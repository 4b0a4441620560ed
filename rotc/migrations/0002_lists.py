"""Starter lists: every one is data that a unit may edit."""

from django.db import migrations

LISTS = {
    "ms_level": ["MS1", "MS2", "COQC", "MS31", "MS32", "MS41", "MS42"],
    "cadet_rank": ["CDT", "CDT 2LT", "CDT 1LT", "CDT CPT", "CDT MAJ", "CDT LTC", "CDT COL"],
    "staff_rank": [
        "Pvt", "PFC", "Cpl", "Sgt", "SSg", "TSg", "MSg", "2LT", "1LT",
        "CPT", "MAJ", "LTC", "COL", "BGEN", "MGEN", "LTGEN", "GEN",
    ],
    "programme": [
        "BSA Animal Science", "BSA Agronomy", "BSA Agroforestry", "BSA Extension Education",
        "BSED Mathematics", "BSED Filipino", "BSED English", "BEED", "BSCRIM", "BSIT", "BSCS",
    ],
    "position": [
        "Corps Commander", "Troop Adjutant",
        "Brigade S1", "Brigade S2", "Brigade S3", "Brigade S4", "Brigade S7",
        "1st Battalion Commander", "1st Battalion S1", "1st Battalion S2", "1st Battalion S3",
        "1st Battalion S4", "1st Battalion S7",
        "2nd Battalion Commander", "2nd Battalion S1", "2nd Battalion S2", "2nd Battalion S3",
        "2nd Battalion S4", "2nd Battalion S7",
        "Company Commander", "Company Ex-O", "Platoon Leader",
    ],
}  # fmt: skip

# The project's own proposal; code, entry, kind, class, least and most points.
CATALOGUE = [
    ("D01", "Late to formation", "demerit", "I", 1, 1),
    ("D02", "Haircut, shave, nails or hair bun not to standard", "demerit", "I", 2, 2),
    ("D03", "Improper, incomplete or unkempt uniform", "demerit", "I", 2, 2),
    ("D04", "Dirty brass, boots or equipment", "demerit", "I", 1, 1),
    ("D05", "Talking or moving in ranks", "demerit", "I", 1, 1),
    ("D06", "No ID or required gear", "demerit", "I", 2, 2),
    ("D07", "Failure to salute or show courtesy", "demerit", "I", 2, 2),
    ("D08", "Leaving formation or post without permission", "demerit", "II", 5, 5),
    ("D09", "Disobeying a lawful instruction", "demerit", "II", 8, 8),
    ("D10", "Neglect of duty as officer or guard", "demerit", "II", 8, 8),
    ("D11", "Disrespect to a superior", "demerit", "II", 10, 10),
    ("D12", "Losing or damaging issued equipment through neglect", "demerit", "II", 10, 10),
    ("D13", "Cheating or a falsified record (also referred to the University)", "demerit", "III", 25, 25),
    ("D14", "Fighting, intoxication or dangerous conduct at training (referred)", "demerit", "III", 30, 30),
    ("M01", "Excellent drill or inspection", "merit", "", 2, 2),
    ("M02", "Perfect attendance for a month", "merit", "", 3, 3),
    ("M03", "Volunteer service or civic action", "merit", "", 3, 5),
    ("M04", "Representing the unit in competition", "merit", "", 5, 5),
    ("M05", "Commendation by the Commandant", "merit", "", 5, 10),
]
SIGNATORIES = [("Prepared by", "Chief Clerk"), ("Certified correct", "Commandant")]


def fill(apps, schema_editor):
    listed = apps.get_model("rotc", "ListedValue")
    for name, values in LISTS.items():
        listed.objects.bulk_create(
            listed(list=name, value=value, position=place) for place, value in enumerate(values)
        )
    citation = apps.get_model("rotc", "Citation")
    citation.objects.bulk_create(
        citation(
            code=code, title=title, kind=kind, offense_class=offense, least_points=least, most_points=most
        )
        for code, title, kind, offense, least, most in CATALOGUE
    )
    apps.get_model("rotc", "Letterhead").objects.create()
    signatory = apps.get_model("rotc", "Signatory")
    for place, (label, title) in enumerate(SIGNATORIES):
        signatory.objects.create(label=label, title=title, position=place)


class Migration(migrations.Migration):
    dependencies = [("rotc", "0001_start")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
