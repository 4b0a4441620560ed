"""The keeper: a small forked process that keeps one worker running beside the server.

It is forked before the server has a thread, a connection or an event loop, so that it can safely fork a
new worker whenever one dies. Both end with the process above them.
"""

import ctypes
import gc
import os
import signal
import sys
import time
import traceback

from django.core.management.base import CommandError
from django.db import connections
from huey.contrib.djhuey import HUEY

PATIENCE = 7  # seconds that a worker has to come to the end of its step
DIE_WITH_PARENT = 1  # Linux's PR_SET_PDEATHSIG


class Keeper:
    """The server's handle on its keeper. The first worker starts when ``begin`` is called."""

    def __init__(self):
        connections.close_all()
        HUEY.storage.close()
        gc.collect()
        gc.freeze()
        waiting, self._begin = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._begin)
            leaving_no_trace(lambda: _keep(waiting, parent))
        os.close(waiting)

    def begin(self) -> None:
        os.write(self._begin, b".")

    def stop(self) -> None:
        """Ask it to stop; ``gone`` tells when it has."""
        if not self.gone():
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        if not self.gone():
            os.kill(self.pid, signal.SIGKILL)

    def gone(self) -> bool:
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True


def leaving_no_trace(run):
    """Run in a forked child, which must never return into its parent's program."""
    status = 1
    try:
        run()
        status = 0
    except CommandError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _keep(waiting, parent):
    signals = {signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    _stand_apart(parent)
    if not os.read(waiting, 1):
        return
    pause = 0.1
    while True:
        born, worker = time.monotonic(), _fork_worker(signals)
        if _wait_for_end(signals, worker):
            return
        pause = 0.1 if time.monotonic() - born > 10 else min(pause * 2, 10)
        print(f"The worker ended unexpectedly; another starts in {pause:.1f} s.", file=sys.stderr, flush=True)  # noqa: T201
        if signal.sigtimedwait({signal.SIGTERM}, pause):
            return


def _stand_apart(parent):
    # Ctrl-C reaches the whole terminal; here only the server answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


def _fork_worker(signals) -> int:
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        leaving_no_trace(lambda: _work(signals, keeper))
    return pid


def _work(signals, keeper):
    from rotc.jobs.worker import work

    _stand_apart(keeper)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    work(alone=True)


def _wait_for_end(signals, worker) -> bool:
    """True when the keeper was told to stop, False when the worker ended by itself."""
    while True:
        told = signal.sigwait(signals) == signal.SIGTERM
        if told:
            os.kill(worker, signal.SIGTERM)
            _wait_or_kill(worker)
            return True
        if os.waitpid(worker, os.WNOHANG)[0]:
            return False


def _wait_or_kill(worker):
    ending = time.monotonic() + PATIENCE
    while time.monotonic() < ending:
        if os.waitpid(worker, os.WNOHANG)[0]:
            return
        time.sleep(0.02)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
