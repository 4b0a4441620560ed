"""How the system is, in words that help nobody outside: which parts answer, and no reason why one does not."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from rotc.operations import heartbeat
from rotc.operations.looks import DATABASE, REDIS, STORAGE

ABSENT = "not configured"
STANDS = {"connected", "running", ABSENT}


def report() -> dict:
    """The answer of ``/api/health/``, in less than a second whatever is down."""
    found = services()
    return {
        "status": status(found),
        "timestamp": timezone.now().isoformat(),
        "services": found,
        "version": settings.VERSION,
        "environment": settings.KIND,
    }


def services() -> dict[str, str]:
    """What each part is: ``connected`` or ``unreachable``, ``running`` or ``stopped``."""
    watched = {"database": DATABASE, "redis": REDIS, "storage": STORAGE}
    if not settings.REDIS_URL:
        del watched["redis"]
    for watch in watched.values():
        watch.begin()
    found = {name: "connected" if watch.answers() else "unreachable" for name, watch in watched.items()}
    beats = {part: heartbeat.state(_silence(part)) for part in heartbeat.PARTS}
    return {
        "database": found["database"],
        "redis": found.get("redis", ABSENT),
        **beats,
        "storage": found["storage"],
    }


def status(services) -> str:
    """``unhealthy`` without the database, ``degraded`` without anything else."""
    if services["database"] != "connected":
        return "unhealthy"
    return "healthy" if STANDS.issuperset(services.values()) else "degraded"


def _silence(part) -> timedelta | None:
    # While the database is away nobody is heard; who was heard just before is not called stopped for that.
    if not DATABASE.found or DATABASE.found[part] is None:
        return None
    return DATABASE.found[part] + timedelta(seconds=time.monotonic() - DATABASE.found_at)
