"""What is no whole backup is known as such, and said in words."""

import json
import random
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command

from rotc.backups import actions, places
from rotc.backups.archive import Damaged, Reading, TooNew
from rotc.backups.loading import expected
from rotc.backups.places import Why
from tests import factories
from tests.backups.conftest import altered


@pytest.fixture
def path(folder, platoon):
    factories.platoon_of(platoon, 5)
    backup, _ = actions.back_up(Why.ASKED)
    return folder / backup.path


def read(path):
    with path.open("rb") as file:
        archive = Reading(file)
        archive.verify()
        return archive.manifest


def taken(path):
    manifest = read(path)
    with path.open("rb") as file:
        expected(Reading(file))
    return manifest


def test_a_whole_one_is_taken(path):
    assert taken(path).why == "asked"


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_off_one_is_damaged(path, part):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(Damaged):
        read(path)


def test_a_flipped_bit_is_found_or_changes_nothing(path):
    """Some bits say nothing, such as the time of a file in the zip: then every row and every name is still the same."""
    data, whole, chance = path.read_bytes(), read(path), random.Random(9)
    found = 0
    for _ in range(300):
        place = chance.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :])
        try:
            assert read(path) == whole
        except Damaged:
            found += 1
    assert found > 200


def test_a_table_that_is_missing_is_found(path):
    with pytest.raises(Damaged, match="table rotc_score cannot be read"):
        read(altered(path, drop=["tables/rotc_score"]))


def test_a_table_that_its_manifest_forgot_is_found(path):
    tables = read(path).tables
    del tables["rotc_score"]
    with pytest.raises(Damaged, match="does not hold the tables"):
        taken(altered(path, tables=tables))


def test_a_row_that_was_changed_is_found(path):
    cadets = ZipFile(path).read("tables/rotc_cadet").replace(b"Cadet001", b"Cadet009")
    with pytest.raises(Damaged, match="rotc_cadet is not as it was written"):
        read(altered(path, members={"tables/rotc_cadet": cadets}))


def test_something_else_is_no_backup(path):
    path.write_text("Dear all,")
    with pytest.raises(Damaged, match="no backup at all"):
        read(path)


@pytest.mark.parametrize("manifest", [b"[]", b"{}", b"no words", json.dumps({"format": 1}).encode()])
def test_one_without_a_manifest_is_damaged(path, manifest):
    copy = path.with_name("other.zip")
    with ZipFile(copy, "w") as after:
        after.writestr("manifest.json", manifest)
    with pytest.raises(Damaged, match="manifest"):
        read(copy)


def test_one_of_a_newer_release_is_refused(path):
    later = [*read(path).migrations, ["rotc", "0999_of_next_year"]]
    with pytest.raises(TooNew, match=r"newer release, 9\.0, which knows .* 0999_of_next_year"):
        taken(altered(path, migrations=later, version="9.0"))


def test_one_of_a_newer_form_is_refused(path):
    with pytest.raises(TooNew, match="another form of backups"):
        read(altered(path, format=2, more="facts"))


def test_the_commands_say_so_in_a_sentence(path):
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(
        CommandError, match=r"This backup is damaged: .* Nothing was changed; choose another\."
    ):
        call_command("restore", "newest")
    with pytest.raises(CommandError, match="damaged"):
        call_command("backup", check=str(path))
    with pytest.raises(CommandError, match="There is no backup “of old”"):
        call_command("restore", "of old")


def test_without_any_backup_the_newest_is_none(folder, db):
    with pytest.raises(CommandError, match="There is no backup “newest”"):
        call_command("restore", "newest")


def test_the_next_one_is_made_beside_a_damaged_one(path):
    path.write_bytes(b"")
    actions.back_up(Why.ASKED)
    assert len(places.newest_first()) == 2
