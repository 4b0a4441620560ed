"""The store of uploads, a bucket or a private folder. One that is away is a sentence for the reader, never an error.

A bucket is asked by two threads of its own, which keep their line to it, and each question has an end. Whoever finds it
away, or both threads waiting for it, saves the others the wait: there are few pages at a time, and a page of photos must
not stop every other page.
"""

import logging
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from rotc.refusals import Refusal

log = logging.getLogger(__name__)
PLACES = 2  # questions to a bucket at a time; half as many as pages
TURN = 0.5  # seconds that somebody waits for one of these
ANSWER = 4  # seconds that a question may take, to its last byte; a photo is two questions, and ten seconds the most
PAUSE = 5  # seconds for which nobody is let wait for a bucket that just did not answer

_hands = ThreadPoolExecutor(PLACES, thread_name_prefix="store")
_places = threading.BoundedSemaphore(PLACES)
_away_until = 0.0


class StoreIsGone(Refusal):
    status = 503

    def __init__(self):
        super().__init__(
            "The store of files and photos cannot be reached at this moment. Nothing was changed; "
            "everything else works."
        )


def keep(folder: str, data: bytes, suffix: str = "") -> str:
    """Keep a file under a name that cannot be guessed, and return it. Raises ``StoreIsGone``; what arrives at the store
    after that is dropped again, as nobody is led to it.
    """
    name = f"{folder}/{secrets.token_urlsafe(24)}{suffix}"
    given_up = threading.Event()

    def saved():
        kept = default_storage.save(name, ContentFile(data))
        if given_up.is_set():
            default_storage.delete(kept)
        return kept

    try:
        return _ask(saved)
    except StoreIsGone:
        given_up.set()
        raise


def fetch(name: str) -> bytes:
    """What was kept. Raises ``FileNotFoundError`` where nothing is, ``StoreIsGone``."""
    if not name:
        raise FileNotFoundError("no file is kept")
    return _ask(lambda: _read(name))


def _read(name) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def size(name: str) -> int:
    """Bytes of what was kept. Raises as ``fetch`` does."""
    return _ask(lambda: default_storage.size(name))


def listed(folder: str = "") -> dict[str, int]:
    """Every file that is kept in a folder and those within it: its name and its bytes. Raises ``StoreIsGone``."""
    with asking():
        return _listed(folder)


def listed_soon(folder: str) -> dict[str, int]:
    """The same of a folder with few files, for a page."""
    return _ask(lambda: _listed(folder))


def _listed(folder):
    if settings.BUCKET:
        return {each.key: each.size for each in default_storage.bucket.objects.filter(Prefix=folder)}
    root = Path(default_storage.location)
    files = [path for path in (root / folder).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.stat().st_size for path in files}


@contextmanager
def opened(name: str):
    """What was kept, as a file to read from: a bucket's is brought to this machine's disk first. Raises as ``fetch``."""
    with asking():
        file = default_storage.open(name).open()
    try:
        yield file
    finally:
        file.close()


class Finished(File):
    """A file on this machine's disk that is moved into a folder of uploads as a whole, never seen half there."""

    def temporary_file_path(self):
        return self.file.name


def keep_as(name: str, file: File) -> str:
    """Keep an open file under this name, or one like it where it is taken; the name. Raises ``StoreIsGone``."""
    with asking():
        return default_storage.save(name, file)


def drop(name: str) -> bool:
    """Drop what was kept, if anything was. False: the store is away and keeps it, though nobody is led to it."""
    if not name:
        return True
    try:
        _ask(lambda: default_storage.delete(name))
    except FileNotFoundError:
        return True
    except StoreIsGone:
        log.warning("a file that nobody needs stays in the store")
        return False
    return True


@contextmanager
def asking():
    """Within it what goes wrong with the store is ``StoreIsGone``; work on whole files takes what time it takes."""
    try:
        yield
    except FileNotFoundError:
        raise
    except errors() as error:
        log.error("the store of uploads does not answer: %s", type(error).__name__)
        raise StoreIsGone from None


def _ask(work):
    """What a page asks of it."""
    with asking():
        return _within_time(work) if settings.BUCKET else work()


def _within_time(work):
    """What a bucket answers. Its library's own limits begin again with every byte."""
    global _away_until  # noqa: PLW0603
    if time.monotonic() < _away_until:
        raise StoreIsGone
    try:
        if not _places.acquire(timeout=TURN):
            raise TimeoutError
        asked = _hands.submit(work)
        asked.add_done_callback(lambda _: _places.release())
        return asked.result(ANSWER)
    except FileNotFoundError:
        raise
    except errors():
        _away_until = time.monotonic() + PAUSE
        raise


@cache
def errors() -> tuple[type[Exception], ...]:
    """What goes wrong with the store in use. A bucket's library takes 50 MB: loaded only where there is one."""
    if not settings.BUCKET:
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return OSError, Boto3Error, BotoCoreError, ClientError
