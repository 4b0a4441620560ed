"""Making ready what a server needs: its tables, and the static files it hands out."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

# PostgreSQL lets a page wait so long for others, and work so long on one statement; a machine that vanished in the
# middle of a transaction holds nobody up for longer than the last.
BOUNDS = {"lock_timeout": "5s", "statement_timeout": "20s", "idle_in_transaction_session_timeout": "60s"}


def prepare() -> None:
    """Outside production migrate and collect; in production only collect what a build left out."""
    if not settings.PRODUCTION:
        call_command("migrate", verbosity=0)
        _collect_what_changed()
    elif not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)


def bound_waiting() -> None:
    """From the next connection on, this process waits no longer than ``BOUNDS``; what waits longer is refused as
    busy. The worker and commands take the time they need."""
    database = connections.settings["default"]
    if database["ENGINE"].endswith("postgresql"):
        bounds = [f"-c {name}={limit}" for name, limit in BOUNDS.items()]
        database["OPTIONS"]["options"] = " ".join([*bounds, database["OPTIONS"].get("options", "")])


def _collect_what_changed():
    # Hashing and compressing take two seconds, so a start with the same files leaves them out.
    seen, stamp = _sources(), settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text() == seen:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(seen)


def _sources() -> str:
    files = [
        (name, Path(storage.path(name)).stat())
        for finder in get_finders()
        for name, storage in finder.list([])
    ]
    seen = sorted((name, facts.st_size, facts.st_mtime_ns) for name, facts in files)
    return hashlib.sha256(repr(seen).encode()).hexdigest()
