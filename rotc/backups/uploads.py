"""The uploads beside the backups: each is kept once, under its own name.

Names cannot be guessed and are never used twice, so what is kept under one is never out of date.
"""

from contextlib import contextmanager

from django.core.files.base import File

from rotc.backups.archive import UNREADABLE, Reading, Sum, blocks
from rotc.backups.places import FOLDER
from rotc.web import store

COPIES = f"{FOLDER}uploads/"


def in_use() -> dict[str, int]:
    """The uploads that the system works with, and their bytes."""
    return {name: size for name, size in store.listed().items() if not name.startswith(FOLDER)}


def copies() -> dict[str, int]:
    """The uploads that are kept beside the backups."""
    return {name.removeprefix(COPIES): size for name, size in store.listed(COPIES).items()}


def copy(name: str) -> dict | None:
    """Keep an upload beside the backups; its bytes and hash, or None where it is gone meanwhile."""
    try:
        with store.opened(name) as file:
            found = Sum.of(blocks(file))
            _put(COPIES + name, file)
    except FileNotFoundError:
        return None
    return {"size": found.size, "sha256": found.sha256}


def missing(archive: Reading) -> list[str]:
    """Those of its uploads that are not in use now and have to be brought back."""
    here = in_use()
    return [name for name, facts in archive.manifest.files.items() if here.get(name) != facts["size"]]


def lost(archive: Reading, names) -> list[str]:
    """Those of these uploads of a backup of which no whole copy is kept."""
    return [name for name in names if not _whole(archive, name)]


def bring_back(archive: Reading, name: str) -> None:
    with _kept(archive, name) as file:
        _put(name, file)


def _put(name, file) -> None:
    file.seek(0)
    store.drop(name)
    if store.keep_as(name, File(file, name)) != name:
        raise store.StoreIsGone  # what was to be dropped still has the name


@contextmanager
def _kept(archive, name):
    if archive.has(name):
        with archive.upload(name) as file:
            yield file
    else:
        with store.opened(COPIES + name) as file:
            yield file


def _whole(archive, name) -> bool:
    try:
        with _kept(archive, name) as file:
            return Sum.of(blocks(file)).sha256 == archive.manifest.files[name]["sha256"]
    except UNREADABLE:
        return False
