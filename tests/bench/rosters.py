"""A roster file through ``manage.py import_file``: checked, committed, and given again."""

import json
import time

from tests.bench.figures import Figure
from tests.bench.roster_import import workbook

ROWS = 3000
TERM = "2026-2027-1"


def measure(server) -> list[Figure]:
    file = server.folder / "roster.xlsx"
    file.write_bytes(workbook(ROWS))
    server.manage("open_term", "2026-2027", 1)
    return [
        _figure(f"Roster of {ROWS:,} rows checked", server, file, expected=("new", False)),
        _figure("— checked and committed", server, file, "--commit", expected=("new", True)),
        _figure(
            "— the same file checked and committed again", server, file, "--commit", expected=("same", True)
        ),
    ]


def _figure(what, server, file, *options, expected) -> Figure:
    began = time.perf_counter()
    said = server.manage("import_file", "roster", file, "--term", TERM, "--create-units", "--json", *options)
    took = time.perf_counter() - began
    outcome = json.loads(said.stdout)
    state, committed = expected
    assert (outcome[state], outcome["committed"]) == (ROWS, committed), outcome
    return Figure(what, f"{took:.1f} s")
