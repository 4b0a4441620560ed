"""``make bench``: what the system takes, measured on the real thing, as one table.

``--postgres`` measures on the server of DATABASE_URL, in databases of its own that are dropped again.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    battalion,
    conflicts,
    memory,
    pages,
    rosters,
    seen,
    sheets,
    typing_officers,
    typists,
)
from tests.bench.figures import Figure, choose_engine, header, table
from tests.served import Server


def main():
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    choose_engine(postgres=asked.parse_args().postgres)
    sys.stdout.write(f"{header()}\n\n{table(_figures())}\n")


def _figures() -> list[Figure]:
    figures = []
    with typists.chromium() as browser:
        for measure, env in _measures(browser):
            with tempfile.TemporaryDirectory(prefix="rotc-bench-") as folder:
                server = Server(Path(folder), start=False, **env)
                try:
                    figures += measure(server)
                finally:
                    server.end()
    return figures


def _measures(browser):
    """What measures on a server of its own, not started yet, and the variables of that server."""
    yield rosters.measure, {}
    yield lambda server: _battalion(server, browser), {}
    yield lambda server: sheets.measure(server.start(), browser), {}
    yield (
        lambda server: conflicts.measure(server.start(), browser),
        {"DJANGO_SETTINGS_MODULE": conflicts.COUNTED},
    )
    yield memory.measure, {}


def _battalion(server, browser) -> list[Figure]:
    people, took = battalion.invented(server)
    computed = server.answer(
        "import json; from tests.bench import stage; print(json.dumps(stage.recompute()))"
    )
    server.start()
    return [
        Figure(f"Inventing {battalion.CADETS:,} cadets with all their facts", f"{took:.1f} s"),
        *pages.measure(server, people),
        *typing_officers.measure(server, people),
        *seen.measure(server, browser, people),
        *(
            Figure(f"Recompute of {battalion.CADETS:,} enrollments, {changed:,} changed", f"{seconds:.1f} s")
            for changed, seconds in computed.values()
        ),
    ]


if __name__ == "__main__":
    main()
