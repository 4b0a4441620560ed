"""``make bench``: what the system takes, measured on the real thing, as one table.

``--postgres`` measures on the server of DATABASE_URL, in databases of its own that are dropped again.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.bench import memory, pages, rosters, typing_officers
from tests.bench.figures import Figure, table
from tests.served import ROOT, Server

CADETS = 3000
SEED = ["seed_demo", "--cadets", CADETS, "--seed", 1, "--password", "parade-rest-1"]


def main():
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    if not asked.parse_args().postgres:
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Set DATABASE_URL to a PostgreSQL server on which databases may be made.")
    sys.stdout.write(f"{_header()}\n\n{table(_figures())}\n")


def _header() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    return (
        f"{date.today():%Y-%m-%d}, {commit.stdout.strip() or 'no commit'}: {os.cpu_count()} cores, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"Django {version('django')}, {database}"
    )


def _figures() -> list[Figure]:
    figures = []
    for measure in (rosters.measure, _battalion, memory.measure):
        with tempfile.TemporaryDirectory(prefix="rotc-bench-") as folder:
            server = Server(Path(folder), start=False)
            try:
                figures += measure(server)
            finally:
                server.end()
    return figures


def _battalion(server) -> list[Figure]:
    began = time.perf_counter()
    server.manage(*SEED)
    took = time.perf_counter() - began
    people = server.answer("import json; from tests.bench import stage; print(json.dumps(stage.people()))")
    computed = server.answer(
        "import json; from tests.bench import stage; print(json.dumps(stage.recompute()))"
    )
    server.start()
    return [
        Figure(f"Inventing {CADETS:,} cadets with all their facts", f"{took:.1f} s"),
        *pages.measure(server, people),
        *typing_officers.measure(server, people),
        *(
            Figure(f"Recompute of {CADETS:,} enrollments, {changed:,} changed", f"{seconds:.1f} s")
            for changed, seconds in computed.values()
        ),
    ]


if __name__ == "__main__":
    main()
