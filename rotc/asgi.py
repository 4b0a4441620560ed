"""The ASGI door: streams beside Django, pages through it a few at a time."""

import asyncio
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rotc.settings")
django = get_asgi_application()

from django.conf import settings  # noqa: E402

from rotc.figures.measuring import measured  # noqa: E402
from rotc.live import streams  # noqa: E402
from rotc.web import trouble  # noqa: E402

# Each page takes a thread and a connection; on few cores more at once are only slower.
pages = asyncio.Semaphore(4)
ASKED_BY_MACHINES = ("/api/live/", "/api/health/", "/metrics")
STATIC = f"/{settings.STATIC_URL.strip('/')}/"


async def application(scope, receive, send):
    if streams.is_stream(scope["path"]):
        await streams.application(scope, receive, send)
    elif scope["path"] in ASKED_BY_MACHINES or scope["path"].startswith(STATIC):
        await django(_nobodys(scope), receive, send)
    else:
        await measured(_page, scope, receive, send)


async def _page(scope, receive, send):
    if await _told_that_it_is_away(scope, send):
        return
    async with pages:
        # It may have gone while this one stood in line, and each that waits for it holds up the rest.
        if not await _told_that_it_is_away(scope, send):
            await django(scope, receive, send)


async def _told_that_it_is_away(scope, send) -> bool:
    if not trouble.database_is_away():
        return False
    scope["outcome"].by_database = True
    await _answer(trouble.away(scope["path"]), send)
    return True


async def _answer(answer, send):
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


def _nobodys(scope):
    """The request without its cookies: a browser's session would be read from a database that may be away."""
    return scope | {"headers": [each for each in scope["headers"] if each[0] != b"cookie"]}
