"""The figures as Prometheus reads them, made anew each time from what all processes wrote: one truth at any door.

All are gauges. What is of requests is of the last five whole minutes, as processes write once a minute.
"""

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from rotc.alerts import queries as alerts
from rotc.alerts.kinds import KINDS
from rotc.figures import queries as figures
from rotc.operations import health

QUANTILES = (50, 95, 99)


def text() -> bytes:
    """What ``/metrics`` answers. While the database is away it says so, and nothing of what is kept there."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return generate_latest(registry)


class Figures:
    """A collector that holds nothing."""

    def collect(self):
        yield _gauge("rotc_service_up", "Whether a part answers", "service", _services())
        try:
            found = [*_of_requests(), *_of_work(), *_of_processes()]
        except DatabaseError:
            return
        yield from found


def _services():
    return [(name, state in health.STANDS) for name, state in health.services().items()]


def _of_requests():
    routes = figures.lately(timezone.now()).routes.items()
    yield _gauge(
        "rotc_requests", "Requests of the last five minutes", "route",
        [(route, tally.requests) for route, tally in routes],
    )  # fmt: skip
    yield _gauge(
        "rotc_errors", "Of them answered by an error", "route",
        [(route, tally.errors) for route, tally in routes],
    )  # fmt: skip
    times = GaugeMetricFamily(
        "rotc_response_seconds", "Seconds within which they were answered", labels=["route", "quantile"]
    )
    for route, tally in routes:
        for percent in QUANTILES:
            times.add_metric([route, str(percent / 100)], tally.within(percent))
    yield times


def _of_work():
    look = alerts.newest_look()
    opened = set(alerts.opened().values_list("kind", flat=True))
    yield _gauge("rotc_alert", "Whether an alert is open", "kind", [(kind, kind in opened) for kind in KINDS])
    if look is None:
        return
    yield GaugeMetricFamily("rotc_queue_jobs", "Jobs that wait for a worker", value=look.queue)
    yield GaugeMetricFamily(
        "rotc_queue_oldest_seconds", "How long the oldest of them waits", value=look.oldest
    )
    yield GaugeMetricFamily("rotc_database_bytes", "Size of the database", value=look.database_size)
    if look.connections is not None:
        yield GaugeMetricFamily(
            "rotc_database_connections", "Connections to the database", value=look.connections
        )


def _of_processes():
    newest = figures.newest_of_each_process(timezone.now())
    yield GaugeMetricFamily(
        "rotc_streams_open", "Open live streams", value=sum(span.streams for span in newest)
    )
    memory = GaugeMetricFamily("rotc_process_memory_bytes", "Memory of a process", labels=["part", "process"])
    for span in newest:
        memory.add_metric([span.part, span.process], span.memory)
    yield memory
    if newest:
        yield GaugeMetricFamily(
            "rotc_disk_free_bytes", "Free where the data is kept, on the fullest machine",
            value=min(span.disk_free for span in newest),
        )  # fmt: skip


def _gauge(name, says, label, values) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, says, labels=[label])
    for of, value in values:
        gauge.add_metric([of], value)
    return gauge
