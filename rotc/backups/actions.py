"""Making a backup, and dropping what is past its time."""

import os
import time
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils import timezone

from rotc.backups import places, tables, uploads
from rotc.backups.archive import Manifest, Reading, TooNew, Writing, blocks
from rotc.backups.places import Backup, Why
from rotc.backups.trial import restore_on_trial
from rotc.journal import actions as journal
from rotc.refusals import Refusal
from rotc.web import store

A_DAY = 24 * 60 * 60  # seconds


class NotBackedUp(Refusal):
    """There is no room for it, or no way to read the database."""


def back_up(why: Why, *, tell=None) -> tuple[Backup, Manifest]:
    """Copy the database as it is at this moment, and the uploads that no backup has yet, into the store.

    It stays there only if it can be read back; the daily one was restored on trial before. Writers go on meanwhile.
    ``tell(done, total)`` hears how far it is. Raises ``StoreIsGone``, ``NotBackedUp``, ``Damaged``.
    """
    with _unfinished() as file:
        with Writing(file) as writing:
            manifest, in_use = _write_rows(writing, why, tell)
            manifest.files, manifest.left = _keep_uploads(in_use)
            writing.end(manifest)
        _finish(file)
        if why == Why.DAILY:
            restore_on_trial(Reading(file))
        made_at = datetime.fromisoformat(manifest.made_at)
        backup = places.keep(file, made_at, why, os.fstat(file.fileno()).st_size)
    try:
        with places.reading(backup) as archive:
            archive.verify()
    except Refusal:
        store.drop(backup.path)
        raise
    return backup, manifest


def write_whole(path: Path, *, tell=None) -> Manifest:
    """Copy the database and all uploads into one file, which is restored wherever it is brought to."""
    with _unfinished(path.parent) as file:
        with Writing(file) as writing:
            manifest, in_use = _write_rows(writing, Why.ASKED, tell)
            for name in in_use:
                with suppress(FileNotFoundError), store.opened(name) as upload:  # it may be gone meanwhile
                    found = writing.upload(name, blocks(upload))
                    manifest.files[name] = {"size": found.size, "sha256": found.sha256}
            writing.end(manifest)
        _finish(file)
        Reading(file).verify()
        Path(file.name).replace(path)
    return manifest


def _write_rows(writing, why, tell) -> tuple[Manifest, dict]:
    with tables.moment():
        manifest = Manifest(timezone.now().isoformat(), why.value, settings.VERSION, tables.applied())
        models = _tables_at(manifest.migrations)
        for place, (name, model) in enumerate(models.items(), 1):
            found = writing.table(name, tables.lines(model))
            manifest.tables[name] = {
                "columns": tables.columns(model),
                "rows": found.count,
                "sha256": found.sha256,
                "last": tables.last_number(model),
            }
            if tell:
                tell(place, len(models))
        return manifest, uploads.in_use()


def _tables_at(migrations) -> dict:
    try:
        return tables.made_by(migrations, settings.VERSION)
    except TooNew:
        raise NotBackedUp("A newer release has changed this database; back it up with that one.") from None


def _keep_uploads(in_use) -> tuple[dict, dict]:
    """Keep those that are not kept yet: of each its bytes and hash; and since when others are in use no more."""
    before, copies = places.newest_manifest(), uploads.copies()
    known = before.files if before else {}
    files = {}
    for name, size in in_use.items():
        facts = known.get(name)
        if facts is None or not facts["size"] == size == copies.get(name):
            facts = uploads.copy(name)
        if facts:
            files[name] = facts
    had = (before.left | dict.fromkeys(known, before.made_at)) if before else {}
    now = timezone.now().isoformat()
    return files, {name: had.get(name, now) for name in copies if name not in files}


def tidy(manifest: Manifest, *, now=None) -> int:
    """Drop the backups that are past their time and the uploads that none of the others has; how many backups went.

    ``manifest``: that of the newest.
    """
    backups = places.newest_first()
    gone = [each for each in places.past(backups, now or timezone.now()) if store.drop(each.path)]
    oldest = min(each.made_at for each in backups if each not in gone)
    for name, had_at in manifest.left.items():
        if datetime.fromisoformat(had_at) < oldest:
            store.drop(uploads.COPIES + name)
    return len(gone)


def taken(backup: Backup, *, by) -> None:
    """Somebody takes a backup home with them: every personal record is in it."""
    changes = {"made": (None, f"{timezone.localtime(backup.made_at):%Y-%m-%d %H:%M}")}
    journal.write("backup taken", f"backup:{backup.name}", by=by, how="export", changes=changes)


@contextmanager
def _unfinished(folder: Path | None = None):
    """A file on this machine's disk, to be moved to its place once it is whole; what a killed run left goes."""
    folder = folder or settings.DATA_DIR / "unfinished"
    file = None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for left in folder.glob("backup-*.part"):
            if time.time() - left.stat().st_mtime > A_DAY:
                left.unlink(missing_ok=True)
        file = NamedTemporaryFile(dir=folder, prefix="backup-", suffix=".part", delete=False)  # noqa: SIM115
        yield file
    except OSError as error:
        raise NotBackedUp(f"The backup could not be written: {error.strerror or error}.") from error
    finally:
        if file:
            file.close()
            Path(file.name).unlink(missing_ok=True)


def _finish(file) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
