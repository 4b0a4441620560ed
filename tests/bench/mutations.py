"""Damaged files of every kind and format, given on the page: no server error, no partial write.

Run it: ``python -m tests.bench.mutations [FILES] [SEED]``. On the engine of DATABASE_URL, else on SQLite. A file
that breaks the rule is told by its seed, with which the test of the suite repeats it.
"""

import logging
import random
import sys
import time
from collections import Counter

from django.test import Client

from tests.bench.empty import empty_database, rolled_back
from tests.bench.figures import Figure, table
from tests.imports.mutations import corps, given, mutated


def measure(files: int, start: int = 0) -> list[Figure]:
    """Give ``files`` mutated files, each to the same small corps."""
    logging.disable(logging.CRITICAL)
    came, slowest = Counter(), 0.0
    with empty_database():
        term, importer = corps()
        client = Client(headers={"host": "localhost"})
        client.force_login(importer)
        for seed in range(start, start + files):
            began = time.perf_counter()
            with rolled_back():
                came[_tried(client, term, seed)] += 1
            slowest = max(slowest, time.perf_counter() - began)
    broken = came.pop("broken", 0)
    what = ", ".join(f"{many:,} {outcome}" for outcome, many in came.most_common())
    return [
        Figure(
            f"Mutated files ({what}): server errors or partial writes", f"{broken} of {files:,}", "0 of 2,000"
        ),
        Figure("— the slowest of them, with its commit and undo", f"{slowest:.1f} s"),
    ]


def _tried(client, term, seed) -> str:
    kind, name, data = mutated(random.Random(seed))
    try:
        return given(client, term, kind, name, data)
    except Exception as error:
        sys.stderr.write(f"seed {seed}, {kind}, {name}: {error!r}\n")
        return "broken"


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.stdout.write(f"{table(measure(*numbers or [2000]))}\n")
