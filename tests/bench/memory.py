"""Memory of the running system: the whole process tree, idle and with 300 open streams.

Run it: ``python -m tests.bench.memory``. RSS counts shared pages in every process, PSS shares them out, so
the sum of PSS is what the system really takes.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.served import Server, Stream

STREAMS = 300


def tree(pid: int) -> list[int]:
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *(each for child in children.stdout.split() for each in tree(int(child)))]


def taken(pids) -> tuple[float, float]:
    """RSS and PSS of these processes, in MB."""
    found = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return tuple(
        sum(int(re.search(rf"^{name}:\s+(\d+)", each, re.M)[1]) for each in found) / 1024
        for name in ("Rss", "Pss")
    )


def measure(server) -> list[Figure]:
    """Measured on ``server``, which is empty and not started yet."""
    server.start()
    server.manage("seed_demo", "--cadets", 60, "--seed", 1)
    users = server.answer(
        "import json\nfrom rotc.accounts.models import User\n"
        "print(json.dumps(list(User.objects.values_list('username', flat=True)[:60])))"
    )
    sessions = server.sessions_of(users)
    server.get("/standing/", session=sessions[0])
    figures = [_figure("idle", server)]
    streams = [Stream(server, session) for session in sessions for _ in range(STREAMS // len(sessions))]
    time.sleep(1)
    figures.append(_figure(f"with {len(streams)} open streams", server))
    for stream in streams:
        stream.close()
    return figures


def _figure(when, server) -> Figure:
    pids = tree(server.process.pid)
    rss, pss = taken(pids)
    return Figure(f"Memory of {len(pids)} processes, {when}", f"{pss:.0f} MB PSS ({rss:.0f} MB RSS)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rotc-memory-") as folder:
        measured = Server(folder, start=False)
        try:
            sys.stdout.write(f"{table(measure(measured))}\n")
        finally:
            measured.end()
