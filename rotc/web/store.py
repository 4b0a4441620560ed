"""The store of uploads, a bucket or a private folder. One that is away is a sentence for the reader, never an error."""

import logging
import secrets
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from rotc.refusals import Refusal

log = logging.getLogger(__name__)


class StoreIsGone(Refusal):
    status = 503

    def __init__(self):
        super().__init__(
            "The store of files and photos cannot be reached at this moment. Nothing was changed; "
            "everything else works."
        )


def keep(folder: str, data: bytes, suffix: str = "") -> str:
    """Keep a file under a name that cannot be guessed, and return it. Raises ``StoreIsGone``."""
    with _asking():
        return default_storage.save(f"{folder}/{secrets.token_urlsafe(24)}{suffix}", ContentFile(data))


def fetch(name: str) -> bytes:
    """What was kept. Raises ``FileNotFoundError`` where nothing is, ``StoreIsGone``."""
    if not name:
        raise FileNotFoundError("no file is kept")
    with _asking(), default_storage.open(name) as file:
        return file.read()


def size(name: str) -> int:
    """Bytes of what was kept. Raises as ``fetch`` does."""
    with _asking():
        return default_storage.size(name)


def drop(name: str) -> bool:
    """Drop what was kept, if anything was. False: the store is away and keeps it, though nobody is led to it."""
    if not name:
        return True
    try:
        with _asking():
            default_storage.delete(name)
    except FileNotFoundError:
        return True
    except StoreIsGone:
        log.warning("a file that nobody needs stays in the store")
        return False
    return True


@contextmanager
def _asking():
    try:
        yield
    except FileNotFoundError:
        raise
    except errors() as error:
        log.error("the store of uploads does not answer: %s", type(error).__name__)
        raise StoreIsGone from None


@cache
def errors() -> tuple[type[Exception], ...]:
    """What goes wrong with the store in use. A bucket's library takes 50 MB: loaded only where there is one."""
    if not settings.BUCKET:
        return (OSError,)
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return OSError, Boto3Error, BotoCoreError, ClientError
