"""Making backups: what is in them, that they were read back, what is kept of them, and for how long."""

import sys
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from rotc.backups import actions, places, queries, uploads
from rotc.backups.places import Backup, Why
from rotc.backups.tables import applied, made_by
from rotc.backups.trial import restore_on_trial
from rotc.imports.models import ImportPlan
from rotc.jobs import actions as jobs
from rotc.jobs.models import Job
from rotc.management.commands.migrate import Command as Migrate
from rotc.roster.models import Cadet
from rotc.web import store
from tests import factories
from tests.imports.conftest import HEAD, JUAN, checked, committed, csv_of

HOUR = timedelta(hours=1)


def run(kind, **asked):
    job = jobs.ask(kind, by=None, **asked)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def names():
    return [each.name for each in places.newest_first()]


@pytest.fixture
def cadets(platoon):
    return factories.platoon_of(platoon, 3)


def test_every_row_is_in_it_and_equal_once_it_is_restored(folder, cadets):
    backup, manifest = actions.back_up(Why.ASKED)
    assert manifest.tables["rotc_cadet"]["rows"] == Cadet.objects.count() == 3
    with places.reading(backup) as archive:
        assert restore_on_trial(archive) == len(manifest.tables)


def test_who_is_signed_in_is_not_in_it(folder, as_user, commandant):
    as_user(commandant)
    _, manifest = actions.back_up(Why.ASKED)
    assert not {"django_session", "usersessions_usersession", "rotc_heartbeat"} & manifest.tables.keys()


def test_it_is_for_its_owner_alone(folder, db):
    backup, _ = actions.back_up(Why.ASKED)
    assert (folder / backup.path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kept_in", ["folder", "bucket"])
def test_nothing_unfinished_is_left(request, settings, tmp_path, db, kept_in):
    request.getfixturevalue(kept_in)
    settings.DATA_DIR = tmp_path  # nobody else makes one there
    actions.back_up(Why.ASKED)
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_the_clocks_backup_says_what_came_of_it(folder, cadets):
    said = run("back up").said
    tables = len(made_by(applied(), ""))
    assert f"rows in {tables} tables and 0 uploads" in said and said.endswith("read back and equal.")
    assert [each.why for each in places.newest_first()] == [Why.HOURLY]


def test_the_nights_backup_was_restored_on_trial(folder, cadets):
    assert run("back up daily").said.endswith("restored on trial and equal.")
    assert [each.why for each in places.newest_first()] == [Why.DAILY]


def test_the_age_of_the_newest_is_known(folder, db):
    assert queries.newest_at() is None
    before = timezone.now().replace(microsecond=0)
    actions.back_up(Why.ASKED)
    assert before <= queries.newest_at() <= timezone.now()


# --- uploads


@pytest.mark.parametrize("kept_in", ["folder", "bucket"])
def test_an_upload_is_kept_once_however_many_backups_have_it(request, db, kept_in):
    request.getfixturevalue(kept_in)
    first, second = store.keep("photos", b"one" * 1000, ".jpg"), store.keep("photos", b"two" * 1000, ".jpg")
    actions.back_up(Why.ASKED)
    third = store.keep("photos", b"three", ".jpg")
    _, manifest = actions.back_up(Why.ASKED)
    assert manifest.files.keys() == {first, second, third} == uploads.copies().keys()
    assert len(names()) == 2


@pytest.mark.parametrize("kept_in", ["folder", "bucket"])
def test_an_upload_that_is_gone_is_brought_back(request, db, kept_in):
    request.getfixturevalue(kept_in)
    name = store.keep("photos", b"a face", ".jpg")
    backup, _ = actions.back_up(Why.ASKED)
    store.drop(name)
    with places.reading(backup) as archive:
        assert uploads.missing(archive) == [name]
        assert uploads.lost(archive, [name]) == []
        uploads.bring_back(archive, name)
        assert uploads.missing(archive) == []
    assert store.fetch(name) == b"a face"


def test_a_copy_of_an_upload_that_was_damaged_is_found(folder, db):
    name = store.keep("photos", b"a face", ".jpg")
    actions.back_up(Why.ASKED)
    (folder / uploads.COPIES / name).write_bytes(b"a fact")
    with pytest.raises(CommandError, match="1 of its uploads are lost or damaged"):
        call_command("backup", check="newest")
    (folder / uploads.COPIES / name).unlink()
    with pytest.raises(CommandError, match=name):
        call_command("backup", check="newest")


def test_a_copy_that_was_cut_off_is_made_again(folder, db):
    name = store.keep("photos", b"a face", ".jpg")
    actions.back_up(Why.ASKED)
    (folder / uploads.COPIES / name).write_bytes(b"a f")
    actions.back_up(Why.ASKED)
    assert (folder / uploads.COPIES / name).read_bytes() == b"a face"


def test_an_upload_goes_with_the_last_backup_that_has_it(folder, db):
    name = store.keep("photos", b"a face", ".jpg")
    actions.back_up(Why.ASKED)
    store.drop(name)
    _, manifest = actions.back_up(Why.ASKED)
    actions.tidy(manifest)
    assert name in uploads.copies(), "the first backup has it"

    first = places.newest_first()[-1]
    (folder / first.path).rename((folder / first.path).with_name("2026-01-01-000000-asked.zip"))
    manifest.left = dict.fromkeys(manifest.left, "2026-01-01T00:00:00+08:00")
    assert actions.tidy(manifest) == 1
    assert name not in uploads.copies()


# --- how long


def made(ago, why):
    now = timezone.now()
    return Backup(f"{why}-{ago}", now - ago, why, 1)


def kept(*made):
    backups = sorted(made, key=lambda each: each.made_at, reverse=True)
    gone = places.past(backups, timezone.now())
    return [each.made_at for each in backups if each not in gone]


def test_the_newest_day_of_hourly_ones_is_kept():
    assert len(kept(*(made(hours * HOUR, Why.HOURLY) for hours in range(60)))) == 25


def test_two_weeks_of_nightly_ones_are_kept():
    nights = [made(days * 24 * HOUR, Why.DAILY) for days in range(1, 40)]
    assert len(kept(made(0 * HOUR, Why.HOURLY), *nights)) == 15


@pytest.mark.parametrize("why", [Why.MIGRATION, Why.IMPORT, Why.ASKED, Why.RESTORE])
def test_those_before_something_large_are_kept_for_two_weeks(why):
    newest, good, old = made(HOUR, Why.HOURLY), made(13 * 24 * HOUR, why), made(15 * 24 * HOUR, why)
    assert kept(newest, good, old) == [newest.made_at, good.made_at]


def test_the_newest_of_all_stays_whatever_its_age():
    old = made(400 * 24 * HOUR, Why.IMPORT)
    assert kept(old) == [old.made_at]


def test_a_file_that_is_no_backup_is_neither_listed_nor_dropped(folder, db):
    actions.back_up(Why.ASKED)
    other = folder / places.ROWS / "notes.txt"
    other.write_text("mine")
    run("back up")
    assert len(names()) == 2 and other.exists()


# --- before an import


@pytest.fixture
def plan(as_user, commandant, term, alpha):
    client = as_user(commandant)
    return client, checked(client, term, csv_of(HEAD, JUAN))


def test_an_import_is_committed_after_a_backup(folder, plan):
    page = committed(*plan).content.decode()
    assert "No backup could be made" not in page
    assert [each.why for each in places.newest_first()] == [Why.IMPORT]
    with places.reading(places.newest_first()[0]) as archive:
        assert archive.manifest.tables["rotc_cadet"]["rows"] == 0
    assert Cadet.objects.count() == 1


def test_an_import_is_not_lost_when_the_store_is_away(bucket, plan):
    _, moto = bucket
    moto.stop()
    committed(*plan)
    assert Cadet.objects.count() == 1
    assert ImportPlan.objects.get().committed_at
    said = Job.objects.get(kind="commit import").said
    assert "is committed. No backup could be made before it: The store of files and photos" in said


# --- what cannot be made


def test_a_store_that_is_away_is_said_and_a_later_one_is_made(bucket, db):
    _, moto = bucket
    moto.stop()
    job = run("back up")
    assert job.failed_at and "cannot be reached" in job.said
    with pytest.raises(store.StoreIsGone):
        queries.newest_at()


def test_one_that_cannot_be_written_is_refused_in_words(folder, settings, tmp_path, db):
    settings.DATA_DIR = tmp_path / "nowhere" / "at all"
    with pytest.raises(actions.NotBackedUp, match="could not be written: No such file or directory"):
        actions.back_up(Why.ASKED)


def test_one_file_for_elsewhere_holds_the_uploads_too(folder, tmp_path, db):
    name = store.keep("photos", b"a face", ".jpg")
    call_command("backup", output=tmp_path / "all.zip")
    assert ZipFile(tmp_path / "all.zip").read(f"files/{name}") == b"a face"
    with places.found(str(tmp_path / "all.zip")) as archive:
        assert uploads.lost(archive, [name]) == []
    assert names() == []


def test_a_library_that_is_gone_does_not_stand_in_the_way(folder, cadets):
    MigrationRecorder(connection).record_applied("gone_library", "0001_initial")
    _, manifest = actions.back_up(Why.ASKED)
    assert manifest.tables
    with places.found("newest") as archive:
        assert restore_on_trial(archive) == len(manifest.tables)


def test_a_disk_that_does_not_last_is_named(folder, settings, as_user, administrator, capsys):
    settings.PRODUCTION, settings.EMBEDDED_WORKER = True, False
    settings.STAFF_NEED_SECOND_FACTOR = False
    page = as_user(administrator).get("/settings/backups/").content.decode()
    assert "cannot be seen from here. Set up a bucket" in page
    assert "Back up now" not in page
    Migrate(stdout=sys.stdout).back_up()
    assert "goes with the next deploy: set up a bucket" in capsys.readouterr().out


def test_a_copy_that_the_store_put_under_another_name_is_no_copy(folder, db, monkeypatch):
    store.keep("photos", b"a face", ".jpg")
    monkeypatch.setattr(store, "keep_as", lambda name, file: f"{name}_x")
    with pytest.raises(store.StoreIsGone):
        actions.back_up(Why.ASKED)
