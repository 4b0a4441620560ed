"""Leaving: whoever the system let in before the door was shut is answered."""

import os
import signal
import socket
import time

import pytest

from tests.served import Server

CALLERS = 300  # a port that lets in 1, 21, 41, 61 at a time would leave most of them outside
ASKS = b"GET /api/live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture
def leaving(tmp_path):
    """A server of the test's own, which it may tell to leave."""
    own = Server(tmp_path, ROTC_EMBEDDED_WORKER="0")
    yield own
    own.end()


def tell(server, word):
    os.kill(server.process.pid, getattr(signal, word))


def called(server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def heard(caller) -> bytes:
    with caller:
        try:
            return caller.recv(64)[:15]
        except OSError as error:
            return str(error).encode()


def test_everybody_who_waits_at_the_door_is_answered(leaving):
    """The server is held for a moment, as on a busy machine: callers stand in line when it is told to leave."""
    tell(leaving, "SIGSTOP")
    callers = [called(leaving) for _ in range(CALLERS)]
    for caller in callers:
        caller.sendall(ASKS)
    tell(leaving, "SIGTERM")
    tell(leaving, "SIGCONT")
    assert {heard(caller) for caller in callers} == {b"HTTP/1.1 200 OK"}
    assert leaving.process.wait(15) == 0


def test_a_caller_who_speaks_a_moment_later_is_answered(leaving):
    caller = called(leaving)
    time.sleep(0.2)  # let in, and silent
    tell(leaving, "SIGTERM")
    leaving.shuts_its_door()
    time.sleep(0.4)  # what was sent before has come in by then, and nobody else is waited for
    caller.sendall(ASKS)
    assert heard(caller) == b"HTTP/1.1 200 OK"
    assert leaving.process.wait(15) == 0


def test_a_caller_who_says_nothing_holds_nobody_up(leaving):
    with called(leaving):
        time.sleep(0.2)
        tell(leaving, "SIGTERM")
        assert leaving.process.wait(15) == 0
