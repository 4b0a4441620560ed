"""A request as this house takes it: bodies have an end, and no header moves the site."""

import logging

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from twisted.internet import reactor

log = logging.getLogger(__name__)
LINGER = 2  # seconds in which the rest of a refused body is thrown away, so that the answer is read
OURS_ALONE = (b"daphne-root-path", b"upgrade")


class HouseRequest(WebRequest):
    """Daphne's request, refused with 413 as soon as its body is known to be over ``settings.BODY_LIMIT``.

    The body is kept as it came: parsing a form here would cost twelve times its size before anybody
    asked who sends it.
    """

    refused = False
    received = 0

    def __init__(self, channel, *args, **kwargs):
        super().__init__(channel, *args, **{**kwargs, "parsePOSTFormSubmission": False})
        channel.asked = True

    def gotLength(self, length):
        if length is not None and length > settings.BODY_LIMIT:
            self._refuse()
        super().gotLength(0 if self.refused else length)

    def handleContentChunk(self, data):
        self.received += len(data)
        if self.received > settings.BODY_LIMIT and not self.refused:
            self._refuse()
        if not self.refused:
            super().handleContentChunk(data)

    def process(self):
        if self.refused:
            return None
        for name in OURS_ALONE:
            self.requestHeaders.removeHeader(name)
        return super().process()

    def _refuse(self):
        self.refused = True
        limit = settings.BODY_LIMIT // (1024 * 1024)
        words = f"What was sent is larger than {limit} MB. Nothing was stored.\n".encode()
        self.channel.transport.write(
            b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"X-Content-Type-Options: nosniff\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(words), words)
        )
        reactor.callLater(LINGER, self._hang_up)

    def _hang_up(self):
        if self.channel is not None:
            self.channel.loseConnection()


class HouseFactory(HTTPFactory):
    """Makes connections whose requests are ours, and knows which are open."""

    def __init__(self, server):
        super().__init__(server)
        self.connections = set()

    def silent(self) -> bool:
        """Whether there is a connection on which nothing was asked yet."""
        return any(not connection._channel.asked for connection in self.connections)

    def buildProtocol(self, addr):
        connection = super().buildProtocol(addr)
        connection.requestFactory = HouseRequest
        self.connections.add(connection)
        inner = connection._channel
        inner.asked = False
        lost = inner.connectionLost

        def forget(reason):
            self.connections.discard(connection)
            lost(reason)

        inner.connectionLost = forget
        return connection
