"""What this process has seen since its figures were last written: in memory, bounded, the same small work a request."""

import re
import threading
from dataclasses import dataclass, field

from rotc.figures.tally import Tally

MOST_ROUTES = 300  # the site has fewer
MOST_QUERIES = 20
SLOW = 0.2  # seconds from which on a query is noted
LONGEST_TEXT = 300
OTHERS = "(others)"
LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
LIST = re.compile(r"\((?:%s|\?)(?:, (?:%s|\?))+\)")


@dataclass(slots=True)
class Gathered:
    """``routes``: a tally by the name of the address; ``queries``: how often a slow one was asked and its longest, by
    its text; ``database_errors``: how often the database did not do what it was asked."""

    routes: dict[str, Tally] = field(default_factory=dict)
    queries: dict[str, tuple[int, float]] = field(default_factory=dict)
    database_errors: int = 0

    def tally(self, route: str) -> Tally:
        if route not in self.routes and len(self.routes) >= MOST_ROUTES:
            route = OTHERS
        return self.routes.setdefault(route, Tally())

    def slow(self, text: str, count: int, longest: float) -> None:
        if text not in self.queries and len(self.queries) >= MOST_QUERIES:
            text = OTHERS
        before, longest_before = self.queries.get(text, (0, 0.0))
        self.queries[text] = before + count, max(longest_before, longest)

    def join(self, other: "Gathered") -> None:
        for route, tally in other.routes.items():
            self.tally(route).join(tally)
        for text, (count, longest) in other.queries.items():
            self.slow(text, count, longest)
        self.database_errors += other.database_errors


class Gathering:
    """The one place of a process where its figures come together, from whichever thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._now = Gathered()

    def answered(self, route: str, seconds: float, *, error: bool, by_database: bool) -> None:
        with self._lock:
            self._now.tally(route).add(seconds, error=error)
            self._now.database_errors += by_database

    def slow_query(self, sql: str, seconds: float) -> None:
        text = without_values(sql)
        with self._lock:
            self._now.slow(text, 1, seconds)

    def database_failed(self) -> None:
        """Somebody who works beside the pages was not answered by the database."""
        with self._lock:
            self._now.database_errors += 1

    def take(self) -> Gathered:
        """What was gathered; from now on gathering begins anew."""
        with self._lock:
            taken, self._now = self._now, Gathered()
        return taken

    def give_back(self, taken: Gathered) -> None:
        """What could not be written counts with what is gathered meanwhile."""
        with self._lock:
            self._now.join(taken)


def without_values(sql: str) -> str:
    """A query as it is told: no value in it, one text whatever the length of its lists."""
    text = LIST.sub("(…)", LITERAL.sub("?", " ".join(sql.split())))
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


GATHERING = Gathering()
