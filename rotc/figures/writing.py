"""Writing what a process saw, once a minute, and making hours of minutes. Nothing here is in the way of a page."""

import os
import resource
import shutil
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings

from rotc.figures.gathering import GATHERING, Gathered
from rotc.figures.models import Span
from rotc.figures.tally import Tally

KEPT_AS_MINUTES = timedelta(hours=2)
HOUR = timedelta(hours=1)


def write(part: str, process: str, *, minute: datetime, streams: int) -> Span:
    """Write what this process saw in the minute that is over. What cannot be written counts with the next one."""
    taken = GATHERING.take()
    try:
        return Span.objects.create(
            begins_at=minute, part=part, process=process, streams=streams, memory=memory(), **_disk(), **_kept(taken)
        )  # fmt: skip
    except BaseException:
        GATHERING.give_back(taken)
        raise


def memory() -> int:
    """Bytes of this process that are in memory; where the system does not say, the most there were."""
    try:
        with open("/proc/self/statm") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _disk() -> dict:
    disk = shutil.disk_usage(settings.DATA_DIR)
    return {"disk_free": disk.free, "disk_size": disk.total}


def _kept(gathered: Gathered) -> dict:
    queries = {text: [count, round(longest, 3)] for text, (count, longest) in gathered.queries.items()}
    routes = {route: tally.packed for route, tally in gathered.routes.items()}
    return {"routes": routes, "queries": queries, "database_errors": gathered.database_errors}


def gathered_in(spans) -> Gathered:
    """What these spans hold, as one."""
    whole = Gathered()
    for span in spans:
        routes = {route: Tally.unpacked(packed) for route, packed in span.routes.items()}
        queries = {text: tuple(found) for text, found in span.queries.items()}
        whole.join(Gathered(routes, queries, span.database_errors))
    return whole


def fold(now: datetime) -> None:
    """Make one span a part of the oldest hour whose minutes are old enough; in the caller's transaction."""
    first = Span.objects.filter(minutes=1).first()
    hour = first and first.begins_at.replace(minute=0, second=0, microsecond=0)
    if first is None or hour + HOUR + KEPT_AS_MINUTES > now:
        return
    minutes = Span.objects.filter(minutes=1, begins_at__gte=hour, begins_at__lt=hour + HOUR)
    for part, spans in groupby(minutes.order_by("part", "begins_at"), key=lambda span: span.part):
        _fold(hour, part, list(spans))
    minutes.delete()


def _fold(hour, part, spans) -> None:
    whole = Span.objects.filter(minutes=60, begins_at=hour, part=part).first()
    whole = whole or Span(minutes=60, begins_at=hour, part=part)
    at_once = [sum(span.streams for span in each) for _, each in groupby(spans, lambda span: span.begins_at)]
    least = min(spans, key=lambda span: span.disk_free)
    facts = _kept(gathered_in([whole, *spans])) | {
        "streams": max(whole.streams, *at_once),
        "memory": max(span.memory for span in [whole, *spans]),
        "disk_free": least.disk_free,
        "disk_size": least.disk_size,
    }
    for name, value in facts.items():
        setattr(whole, name, value)
    whole.save()


def forget(*, before: datetime) -> int:
    """Drop what began before this moment; how many spans went."""
    return Span.objects.filter(begins_at__lt=before).delete()[0]
