"""Sending a backup: read a part at a time. What its reader has not taken yet waits in the server, which does not wait for it."""

from collections.abc import AsyncIterator
from contextlib import ExitStack

from asgiref.sync import sync_to_async

from rotc.backups.archive import AT_A_TIME
from rotc.backups.places import Backup
from rotc.web import store


async def parts(backup: Backup) -> AsyncIterator[bytes]:
    """The file of a backup. A bucket's is brought to this machine's disk first, in a thread."""
    with ExitStack() as end:
        file = await sync_to_async(end.enter_context, thread_sensitive=False)(store.opened(backup.path))
        while part := await sync_to_async(file.read, thread_sensitive=False)(AT_A_TIME):
            yield part
