"""Restoring a backup on trial: into a database that is thrown away, and on SQLite whatever the real one is."""

from pathlib import Path
from tempfile import TemporaryDirectory

from rotc.backups.archive import Reading
from rotc.backups.loading import load
from rotc.web.connections import standing_in

PRAGMAS = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"


def restore_on_trial(archive: Reading, tell=None) -> int:
    """Restore it where nobody works, and compare; how many tables are equal. Raises ``Damaged`` and ``TooNew``."""
    with TemporaryDirectory(prefix="rotc-trial-") as folder:
        options = {"transaction_mode": "IMMEDIATE", "init_command": PRAGMAS}
        facts = {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(folder) / "trial.sqlite3"}
        with standing_in(lambda *_: options, **facts):
            return load(archive, tell=tell)
