"""Daphne, started and stopped our way: it finishes what was asked and leaves cleanly."""

import asyncio
import logging
import os
import signal
import sys

from daphne.server import Server  # first: it chooses the reactor
from twisted.internet import reactor
from twisted.internet.error import ConnectionDone
from twisted.logger import globalLogBeginner
from twisted.python.failure import Failure

from rotc.web.server.requests import HouseFactory

log = logging.getLogger(__name__)
PATIENCE = 8  # seconds that requests in flight have to finish
BREATH = 0.2  # seconds in which what was sent just now comes in
FIRST_WORD = 2  # seconds that a connection on which nothing was asked yet has to ask
WAITING = 1024  # callers at the door; more than the system keeps there


class HouseServer(Server):
    """Serves one listening socket until SIGTERM or SIGINT, then drains and exits 0.

    ``before_exit`` is an async function called while requests in flight finish; ``is_stream`` tells from a
    path whether its answer has no end, so that nobody waits for it.
    """

    def __init__(self, application, listening, *, is_stream, at_start, before_exit):
        super().__init__(
            self._noted(application), endpoints=["ours"], server_name="", request_buffer_size=65536
        )
        self.listening = listening
        self.is_stream = is_stream
        self.at_start = at_start
        self.before_exit = before_exit
        self.streams = set()
        self.leaving = None

    def _noted(self, application):
        async def noted(scope, receive, send):
            if self.is_stream(scope["path"]):
                task = asyncio.current_task()
                self.streams.add(task)
                task.add_done_callback(self.streams.discard)
            await application(scope, receive, send)

        return noted

    def run(self):
        self.connections = {}
        self.http_factory = HouseFactory(self)
        globalLogBeginner.beginLoggingTo([_warn_of_failure], redirectStandardIO=False, discardBuffer=True)
        loop = reactor._asyncioEventloop
        asyncio.set_event_loop(loop)
        self.port = reactor.adoptStreamPort(self.listening.fileno(), self.listening.family, self.http_factory)
        self.listening.close()
        reactor.callLater(1, self.application_checker)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_leave)
        loop.call_soon(lambda: self._keep(self.at_start()))
        reactor.run(installSignalHandlers=False)

    def _keep(self, starting):
        self.starting = asyncio.ensure_future(starting)
        self.starting.add_done_callback(_say_why_it_ended)

    def _asked_to_leave(self):
        if self.leaving is not None:
            _exit(1)
        self.leaving = asyncio.ensure_future(self._leave())

    async def _leave(self):
        self._shut_the_door()
        closing = asyncio.ensure_future(self.before_exit())
        await asyncio.sleep(BREATH)
        await self._until(lambda: not self.http_factory.silent(), patience=FIRST_WORD)
        await self._until(lambda: not self._in_flight())
        for task in list(self.streams):
            task.cancel()
        await asyncio.sleep(0)
        for connection in list(self.http_factory.connections):
            connection._channel.loseConnection()
        await self._until(lambda: not self.http_factory.connections, patience=1)
        try:
            await asyncio.wait_for(closing, PATIENCE)
        except Exception:
            log.warning("not everything was stopped cleanly", exc_info=True)
        _exit(0)

    def _shut_the_door(self):
        # Left to itself the port lets in one caller more and closes a round of the loop later: whoever the system let
        # in meanwhile would be cut off with their request sent.
        self.port.stopReading()
        self.port.numberAccepts = WAITING
        self.port.doRead()
        self.port.connectionLost(Failure(ConnectionDone()))

    def _in_flight(self):
        return any(self._unfinished(details) for details in self.connections.values())

    def _unfinished(self, details):
        if "disconnected" in details:
            return False
        task = details.get("application_instance")
        return task is None or (not task.done() and task not in self.streams)

    @staticmethod
    async def _until(true, patience=PATIENCE):
        ending = asyncio.get_running_loop().time() + patience
        while not true() and asyncio.get_running_loop().time() < ending:
            await asyncio.sleep(0.02)


def _say_why_it_ended(task):
    if not task.cancelled() and task.exception():
        log.error("what runs beside the pages has stopped", exc_info=task.exception())


def _warn_of_failure(event):
    if failure := event.get("log_failure"):
        log.error("%s", failure.getTraceback())


def _exit(status):
    # A plain return runs the interpreter's own end, which has been seen to crash beside open streams.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
