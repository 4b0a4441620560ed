"""What administrators are alerted of: each a sentence on what was measured while it is so, empty while it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from rotc.alerts.seeing import Observed
from rotc.figures import words

ENOUGH = 20  # answers in five minutes; of fewer no rate is worth waking anybody
GIGABYTE = 1024**3


@dataclass(frozen=True)
class Kind:
    """``raised_after`` looks in a row that found it, ``cleared_after`` that did not; there is a look a minute."""

    title: str
    found: Callable[[Observed], str]
    raised_after: int = 2
    cleared_after: int = 5


def errors(seen) -> str:
    rate = seen.answers.error_rate or 0
    if seen.answers.requests < ENOUGH or rate <= 0.05:
        return ""
    return f"{words.percent(rate)} of {seen.answers.requests:,} answers in five minutes were errors."


def slow(seen) -> str:
    p95 = seen.answers.within(95) or 0
    if seen.answers.requests < ENOUGH or p95 <= 1:
        return ""
    return f"5 in 100 of {seen.answers.requests:,} answers in five minutes took more than {p95:.1f} s."


def queue(seen) -> str:
    return f"{seen.queue:,} jobs wait, the oldest {_spell(seen.oldest)}." if seen.queue > 500 else ""


def worker(seen) -> str:
    if seen.silence is None:
        return "It was never heard."
    return f"It has said nothing for {_spell(seen.silence)}." if seen.silence > timedelta(minutes=2) else ""


def database(seen) -> str:
    many = seen.database_errors
    return f"It failed {many:,} times within five minutes." if many >= 3 else ""


def storage(seen) -> str:
    return "" if seen.storage else "Photos and given files cannot be read or kept."


def backup(seen) -> str:
    late = seen.backup is not None and seen.backup > timedelta(days=1)
    return f"None was made for {_spell(seen.backup)}; Background work says why." if late else ""


def disk(seen) -> str:
    free, size = seen.disk or (1, 1)
    if seen.disk is None or free >= max(min(size / 10, 5 * GIGABYTE), GIGABYTE):
        return ""
    return f"{free / GIGABYTE:.1f} of {size / GIGABYTE:.1f} GB are free where the data is kept."


KINDS = {
    "errors": Kind("Many pages end in an error", errors),
    "slow": Kind("Pages are slow", slow),
    "queue": Kind("Background work piles up", queue),
    "worker": Kind("The worker is silent", worker, raised_after=1, cleared_after=2),
    "database": Kind("The database fails", database, raised_after=1),
    "storage": Kind("The store of uploads does not answer", storage, raised_after=3, cleared_after=2),
    "backup": Kind("There is no backup of the last day", backup, cleared_after=1),
    "disk": Kind("The disk is nearly full", disk, cleared_after=2),
}


def _spell(time) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
