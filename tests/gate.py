"""A gate in front of a service, such as PostgreSQL or a bucket: open, shut, deaf or slow, as a network is."""

import asyncio
import contextlib
import threading
from contextlib import suppress

from tests.served import free_port


class Gate:
    """Listens at ``port`` and passes on to ``target``, a port or the path of a socket, while it is open.

    ``shut()`` refuses and cuts what was open; ``deafen()`` takes everything and answers nothing; ``slow(rate)``
    lets so many bytes a second through; ``open()`` is as if nothing had been.
    """

    def __init__(self, target):
        self.target = target
        self.rate, self.deaf = None, False
        self.loop = asyncio.new_event_loop()
        self.server, self.passing = None, set()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.port = free_port()  # nobody else has it while the gate is shut
        self.open()

    def open(self):
        self.rate, self.deaf = None, False
        self._do(self._listen())

    def shut(self):
        self._do(self._leave())

    def deafen(self):
        self.deaf = True
        self._do(self._cut())

    def slow(self, rate):
        self.rate = rate

    def end(self):
        self.shut()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def _run(self):
        self.loop.run_forever()
        self.loop.close()

    def _do(self, work):
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self):
        if self.server is None:
            self.server = await asyncio.start_server(self._come, "127.0.0.1", self.port)

    async def _leave(self):
        if self.server is not None:
            self.server.close()
            self.server = None
        await self._cut()

    async def _cut(self):
        cut = list(self.passing)
        for task in cut:
            task.cancel()
        await asyncio.gather(*cut, return_exceptions=True)

    async def _come(self, reader, writer):
        if self.server is None:  # shut after it was let in, before it was known here
            writer.transport.abort()
            return
        task = asyncio.current_task()
        self.passing.add(task)
        try:
            if self.deaf:
                await asyncio.sleep(3600)
            await self._pass(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.passing.discard(task)
            writer.transport.abort()
            await asyncio.sleep(0)

    async def _pass(self, reader, writer):
        if isinstance(self.target, int):
            inner, outer = await asyncio.open_connection("127.0.0.1", self.target)
        else:
            inner, outer = await asyncio.open_unix_connection(self.target)
        ways = [asyncio.ensure_future(self._pump(*way)) for way in ((reader, outer), (inner, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            outer.transport.abort()
            await asyncio.sleep(0)

    async def _pump(self, reader, writer):
        with suppress(OSError), contextlib.closing(writer):
            while data := await reader.read(self.rate or 65536):
                if self.rate:
                    await asyncio.sleep(len(data) / self.rate)
                writer.write(data)
                await writer.drain()
