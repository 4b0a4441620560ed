"""Twenty officers typing into their sheets at once, each with the page's own traffic.

Run it: ``python -m tests.bench.typing_officers``; ``--postgres`` on the server of DATABASE_URL.
"""

import os
import random
import re
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.bench import battalion, typists
from tests.bench.figures import Figure, milliseconds, percentile
from tests.served import Stream

SECONDS = 20
PAUSE = (1.0, 2.0)  # between two cells: reading a paper and typing two digits
AT_MOST = 1.0  # between two looks at what changed
ALONE = 5.0  # the same for whoever types alone on a sheet
INPUT = re.compile(r'<input[^>]*\bname="(\d+\.\d+\.\d+:[^"]*)"')
SAVED = re.compile(r'<data value="([\d.]+)" data-status="200"')
# Cells and rows that a reply brings: 12.3 with its version, 12 with that of its standing.
CELL = re.compile(r'<data value="(\d+\.\d+)"[^>]* data-version="(\d+)"')
ROW = re.compile(r'<data value="(\d+)(?:\.\d+)?"[^>]* data-row="(\d+)"')


class Officer:
    """One open sheet: cells are saved one by one, and a nudge fetches what changed, as the browser does."""

    def __init__(self, server, session, chance):
        self.server, self.session, self.chance = server, session, chance
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        page = self.ask("GET", "/sheet/")
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.stamp = re.search(r'data-stamp="([^"]+)"', page)[1]
        self.changes = re.search(r'data-changes="([^"]+)"', page)[1].replace("&amp;", "&")
        self.sheet = re.search(r'<form id="sheet"[^>]* action="([^"]+)"', page)[1].replace("&amp;", "&")
        self.reader = re.search(r'data-reader="(\d+)"', page)[1]
        self.cells = INPUT.findall(page)
        self.known = {}
        self.times, self.sizes, self.refetches, self.failures = [], [], [], 0

    def ask(self, method, path, form=None):
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={getattr(self, 'cookie', '')}"}
        if form:
            headers |= {"X-CSRFToken": self.token, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body=urlencode(form or {}) or None, headers=headers)
        answer = self.connection.getresponse()
        if fresh := re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie", "")):
            self.cookie = fresh[1]
        self.status = answer.status
        return answer.read().decode()

    def type_until(self, over):
        time.sleep(self.chance.uniform(0, PAUSE[1]))
        for cell in self.cells:
            if over.is_set():
                return
            began = time.perf_counter()
            form = {"reader": self.reader, cell: f"{self.chance.randint(60, 99)}.25"}
            reply = self.ask("POST", f"/sheet/cells/{self.sheet}", form)
            self.times.append(time.perf_counter() - began)
            self.sizes.append(len(reply.encode()))
            self.failures += len(SAVED.findall(reply)) != 1
            self._learn(reply)
            time.sleep(self.chance.uniform(*PAUSE))

    def follow_until(self, over):
        """The open stream; a nudge fetches the changes, at most once a second, or every five when typing alone."""
        stream = Stream(self.server, self.session, timeout=600)
        reader = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        nudged = threading.Event()
        threading.Thread(target=self._listen, args=[stream, nudged], daemon=True).start()
        while not over.is_set():
            if not nudged.wait(0.1):
                continue
            nudged.clear()
            asked = {
                "since": self.stamp,
                "known": " ".join(self.known.values()),
                "reader": self.reader,
                "counts": "1",
            }
            began = time.perf_counter()
            path = f"{self.changes}&{urlencode(asked)}"
            reader.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
            text = reader.getresponse().read().decode()
            self.stamp = re.search(r'data-stamp="([^"]+)"', text)[1]
            self.refetches.append(time.perf_counter() - began)
            self._learn(text)
            over.wait(AT_MOST if re.search(r'data-present="[^"]', text) else ALONE)

    @staticmethod
    def _listen(stream, nudged):
        while (event := stream.next_event()) is not None:
            if event in ("standings-changed", "presence-changed"):
                nudged.set()

    def _learn(self, text):
        """Names what this page knows now, so that it is not told again."""
        cells = {key: f"{key}.{version}" for key, version in CELL.findall(text)}
        rows = {row: f"{row}..{version}" for row, version in ROW.findall(text)}
        self.known = dict([*self.known.items(), *cells.items(), *rows.items()][-150:])


def measure(server, people) -> list[Figure]:
    chance = random.Random(20)
    officers = [Officer(server, session, random.Random(chance.random())) for session in people["officers"]]
    over = threading.Event()
    for officer in officers:
        threading.Thread(target=officer.follow_until, args=[over], daemon=True).start()
    time.sleep(AT_MOST)
    busy, mine, machine = _processor_time(server), time.process_time(), _machine_time()
    threading.Timer(SECONDS, over.set).start()
    typing = [threading.Thread(target=officer.type_until, args=[over]) for officer in officers]
    for thread in typing:
        thread.start()
    for thread in typing:
        thread.join()
    busy, mine, machine = (
        _processor_time(server) - busy,
        time.process_time() - mine,
        _machine_time() - machine,
    )
    times = [each for officer in officers for each in officer.times]
    sizes = [each for officer in officers for each in officer.sizes]
    refetches = [each for officer in officers for each in officer.refetches]
    failures = sum(officer.failures for officer in officers)
    return [
        Figure(
            f"Saving one cell, {len(officers)} officers typing ({len(times)} cells in {SECONDS} s), median",
            milliseconds(percentile(times, 50)),
        ),
        Figure("— 95 of 100 within", milliseconds(percentile(times, 95)), "100 ms"),
        Figure(
            "— processor time a cell: save, nudge and what is fetched on it", milliseconds(busy / len(times))
        ),
        Figure("— of all processor time: the server, these clients, others", _shares(machine, busy, mine)),
        Figure("— the reply, largest", f"{max(sizes)} B", "600 B"),
        Figure("— not saved", str(failures), "0"),
        Figure(
            f"— what changed, fetched on a nudge ({len(refetches)} times), median",
            milliseconds(percentile(refetches, 50)),
        ),
    ]


def _processor_time(server) -> float:
    """Seconds that the serving process has been at work, whatever else the machine did."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _machine_time() -> float:
    """Seconds that the machine's processors have been at work, for whomever."""
    user, nice, system, _idle, _waiting, *interrupts = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def _shares(machine, *parts) -> str:
    return ", ".join(f"{part / machine:.0%}" for part in (*parts, max(0, machine - sum(parts))))


if __name__ == "__main__":
    typists.alone(__doc__, lambda server, _: measure(server, battalion.invented(server)[0]))
