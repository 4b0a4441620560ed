"""The server's pipe: how the worker and commands beside it nudge its streams where there is no Redis.

A named pipe in the data folder. Each line is one JSON list ``[event, channel, …]``, shorter than the size
up to which the system writes a line in one piece. Nobody reads it: the nudge is dropped, as there are no
streams either.
"""

import json
import logging
import os
import stat

from django.conf import settings

log = logging.getLogger(__name__)
PATH = settings.DATA_DIR / "nudges"
IN_ONE_PIECE = 4096

_reading = None  # the descriptor, in the process that serves


def write(channels, event: str) -> None:
    """Tell the server, if one runs on this data folder and is not this process."""
    if _reading is not None:
        return
    try:
        descriptor = os.open(PATH, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        for line in _lines(event, list(channels)):
            os.write(descriptor, line)
    except OSError:
        log.warning("the server does not read its pipe; nudge %s was dropped", event)
    finally:
        os.close(descriptor)


def _lines(event, channels):
    line = json.dumps([event, *channels]).encode() + b"\n"
    if len(line) < IN_ONE_PIECE:
        return [line]
    half = len(channels) // 2
    return [*_lines(event, channels[:half]), *_lines(event, channels[half:])] if half else []


def read_into(loop, deliver) -> None:
    """From now on every nudge of another process is given to ``deliver(channels, event)`` on ``loop``."""
    global _reading  # noqa: PLW0603
    try:
        if not _is_pipe():
            PATH.unlink(missing_ok=True)
            os.mkfifo(PATH, 0o600)
    except OSError as error:
        log.warning("no pipe in the data folder (%s): changes made by commands are seen on reload", error)
        return
    # Open for both, so that the last writer to leave does not close it.
    _reading = os.open(PATH, os.O_RDWR | os.O_NONBLOCK)
    rest = b""

    def heard():
        nonlocal rest
        *lines, rest = (rest + os.read(_reading, 65536)).split(b"\n")
        for line in dict.fromkeys(lines):
            event, *channels = json.loads(line)
            deliver(channels, event)

    loop.add_reader(_reading, heard)


def _is_pipe() -> bool:
    try:
        return stat.S_ISFIFO(PATH.stat().st_mode)
    except FileNotFoundError:
        return False
