"""Making ready what a server needs: its tables, and the static files it hands out."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def prepare() -> None:
    """Outside production migrate and collect; in production only collect what a build left out."""
    if not settings.PRODUCTION:
        call_command("migrate", verbosity=0)
        _collect_what_changed()
    elif not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)


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
