"""Response times as a file, in milliseconds."""

from rotc.web.spreadsheets import COUNT, NAME, Column


def _within(percent):
    return lambda route: round((route[1].within(percent) or 0) * 1000)


ROUTES = [
    Column("Address", lambda route: route[0], NAME),
    Column("Requests", lambda route: route[1].requests, COUNT),
    Column("Errors", lambda route: route[1].errors, COUNT),
    Column("p50 ms", _within(50), COUNT),
    Column("p95 ms", _within(95), COUNT),
    Column("p99 ms", _within(99), COUNT),
]
