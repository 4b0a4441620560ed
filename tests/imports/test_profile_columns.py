"""The columns of a whole profile in a roster: sizes, measures, contacts, status."""

import pytest

from rotc.imports import cells
from rotc.imports.cells import Unfit
from rotc.roster.models import Cadet, Enrollment
from tests.imports.conftest import csv_of

HEAD = (
    "ID,Last Name,First Name,Suffix Name,Religion,Place of Birth,Height,Weight,Blood Type,Civil Status,"
    "Boots,Uniform,Bullcap,Emergency Contact,Relationship,Emergency Contact Number,Status"
)
ANA = "1,Peña,Ana,Jr.,Islam,Naawan,5'5,128 lbs,AB pos,single,8r,medium regular,57,Peña Rosa,Mother,0917 000,ongoing"


def test_every_column_of_a_profile_goes_in_and_the_same_file_again_changes_nothing(run):
    assert run(csv_of(HEAD, ANA)) == {
        "new": 1, "changed": 0, "same": 0, "absent": 0, "problems": [], "committed": True,
    }  # fmt: skip
    ana = Cadet.objects.get()
    assert (ana.suffix, ana.religion, ana.birthplace) == ("Jr.", "Islam", "Naawan")
    assert (ana.height_cm, ana.weight_kg, ana.blood_type, ana.civil_status) == (165, 58, "AB+", "Single")
    assert (ana.boots, ana.uniform, ana.bullcap) == ("8R", "Medium Regular", "57")
    assert (ana.emergency_name, ana.emergency_relation, ana.emergency_number) == (
        "Peña Rosa", "Mother", "0917 000",
    )  # fmt: skip
    assert Enrollment.objects.get().status == "Ongoing"
    assert run(csv_of(HEAD, ANA))["same"] == 1
    assert run(csv_of("ID,Height,Weight", "1,165,58"))["same"] == 1
    assert run(csv_of("ID,Height,Weight", "1,,"))["same"] == 1


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Height", "9"), ("Height", "tall"), ("Weight", "900"), ("Blood Type", "Q"), ("Blood Type", "A"),
        ("Civil Status", "it's complicated"), ("Boots", "44"), ("Uniform", "XXL"), ("Bullcap", "99"),
        ("Status", "Somewhere"), ("Emergency Contact Number", "9.17E+09"), ("Suffix", "x" * 11),
    ],
)  # fmt: skip
def test_what_is_no_such_thing_is_a_problem_of_its_column(run, header, cell):
    [problem] = run(csv_of(f"ID,Name,{header}", f'1,"Cruz, Ana",{cell}'))["problems"]
    assert (problem["row"], problem["column"]) == (2, header)
    assert not Cadet.objects.exists()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("165", "165"),
        ("165 cm", "165"),
        ("165.0", "165"),
        ("1.65", "165"),
        ("1.65 m", "165"),
        ("5'5\"", "165"),
    ],
)
def test_a_height_is_kept_in_centimetres_however_it_is_written(written, kept):
    assert cells.centimetres(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"), [("58", "58"), ("58.4 kg", "58"), ("128 lbs", "58"), ("58,4", "58")]
)
def test_a_weight_is_kept_in_kilograms(written, kept):
    assert cells.kilograms(written) == kept


@pytest.mark.parametrize("written", ["0", "-5", "1e3", "five", "5'13", "١٦٥"])
def test_what_is_no_height_is_not_guessed(written):
    with pytest.raises(Unfit):
        cells.centimetres(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("a+", "A+"), ("A-", "A-"), ("A−", "A-"), ("O positive", "O+"), ("Type AB neg", "AB-"), ("O Rh+", "O+"), ("B (+)", "B+")],
)  # fmt: skip
def test_a_blood_type_keeps_its_sign(run, written, kept):
    assert run(csv_of("ID,Name,Blood Type", f'1,"Cruz, Ana",{written}'))["problems"] == []
    assert Cadet.objects.get().blood_type == kept
