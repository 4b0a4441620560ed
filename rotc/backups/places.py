"""Where backups stand: in the store of uploads, in a folder of their own that no page leads to without a right."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from rotc.backups.archive import Damaged, Manifest, Reading
from rotc.refusals import BadValue
from rotc.web import store

FOLDER = "backups/"
ROWS = f"{FOLDER}database/"
STAMP = "%Y-%m-%d-%H%M%S"
DAY = timedelta(days=1)


class Why(models.TextChoices):
    HOURLY = "hourly", "every hour"
    DAILY = "daily", "every night"
    ASKED = "asked", "asked for"
    MIGRATION = "migration", "before a migration"
    IMPORT = "import", "before an import"
    RESTORE = "restore", "before a restore"


NAME = re.compile(rf"{ROWS}((\d{{4}}-\d\d-\d\d-\d{{6}})-({'|'.join(Why)})(_\w+)?)\.zip")
NEWEST_KEPT = {Why.HOURLY: 24, Why.DAILY: 14}
KEPT_FOR = 14 * DAY  # all others; and the newest of all stays whatever its age


@dataclass(frozen=True)
class Backup:
    """A backup that stands in the store. One that could not be read back there was dropped again."""

    name: str
    made_at: datetime
    why: Why
    size: int

    @property
    def path(self) -> str:
        return f"{ROWS}{self.name}.zip"

    @property
    def checked(self) -> str:
        return "restored on trial" if self.why == Why.DAILY else "read back"


def newest_first() -> list[Backup]:
    """Every backup that stands in the store. Raises ``StoreIsGone``."""
    found = [_backup(path, size) for path, size in store.listed_soon(ROWS).items() if NAME.fullmatch(path)]
    return sorted(found, key=lambda each: (each.made_at, each.name), reverse=True)


def _backup(path, size) -> Backup:
    name, stamp, why, _ = NAME.fullmatch(path).groups()
    made_at = timezone.make_aware(datetime.strptime(stamp, STAMP))  # Manila's, as it was written
    return Backup(name, made_at, Why(why), size)


def keep(file, made_at: datetime, why: Why, size: int) -> Backup:
    """Put a finished backup under its name. Raises ``StoreIsGone``."""
    path = f"{ROWS}{timezone.localtime(made_at).strftime(STAMP)}-{why}.zip"
    return _backup(store.keep_as(path, store.Finished(file)), size)


def named(name: str) -> Backup:
    """The backup of this name. Raises ``BadValue`` where there is none."""
    for each in newest_first():
        if each.name == name.removesuffix(".zip"):
            return each
    raise BadValue(f"There is no backup “{name}”. “manage.py backup --list” names them.")


@contextmanager
def found(name: str) -> Iterator[Reading]:
    """The backup of this name, the one in this file, or the newest. Raises ``BadValue``, ``StoreIsGone``, ``Damaged``."""
    if Path(name).is_file():
        with Path(name).open("rb") as file:
            yield Reading(file)
        return
    every = newest_first()
    with reading(every[0] if name == "newest" and every else named(name)) as archive:
        yield archive


@contextmanager
def reading(backup: Backup) -> Iterator[Reading]:
    with store.opened(backup.path) as file:
        yield Reading(file)


def lasts() -> bool:
    """Whether what is kept here is still here after the next deploy: the disk of a host's service is not."""
    return bool(settings.BUCKET) or not settings.PRODUCTION


def newest_manifest() -> Manifest | None:
    """What the newest backup that can be read says of itself."""
    for backup in newest_first():
        try:
            with reading(backup) as archive:
                return archive.manifest
        except Damaged:
            continue
    return None


def is_late(backups: list[Backup], now: datetime) -> bool:
    """Whether the newest of these is older than a day, or there is none."""
    return not backups or now - backups[0].made_at > DAY


def past(backups: list[Backup], now: datetime) -> list[Backup]:
    """Which of these, the newest first, are kept no longer."""
    gone, seen = [], dict.fromkeys(Why, 0)
    for backup in backups[1:]:
        seen[backup.why] += 1
        most = NEWEST_KEPT.get(backup.why)
        if seen[backup.why] > most if most else now - backup.made_at > KEPT_FOR:
            gone.append(backup)
    return gone
