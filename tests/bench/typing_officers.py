"""Twenty officers typing into their sheets at once, each with the page's own traffic."""

import os
import random
import re
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.bench.figures import Figure, milliseconds, percentile
from tests.served import Stream

SECONDS = 20
PAUSE = (1.0, 2.0)  # between two cells: reading a paper and typing two digits
INPUT = re.compile(r'<input[^>]*\bname="(\d+)\.(\d+)\.(\d+):[^"]*"')


class Officer:
    """One open sheet: cells are saved one by one, and a nudge fetches what changed, as the browser does."""

    def __init__(self, server, session, chance):
        self.server, self.session, self.chance = server, session, chance
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        page = self.ask("GET", "/sheet/")
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.stamp = re.search(r'data-stamp="([^"]+)"', page)[1]
        self.changes = re.search(r'data-changes="([^"]+)"', page)[1].replace("&amp;", "&")
        self.cells = INPUT.findall(page)
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

    def type_until(self, ending):
        time.sleep(self.chance.uniform(0, PAUSE[1]))
        for enrollment, exam, version in self.cells:
            if time.monotonic() > ending:
                return
            began = time.perf_counter()
            value = self.chance.randint(60, 99)
            reply = self.ask(
                "POST", f"/sheet/score/{enrollment}/{exam}/", {"value": value, "version": version}
            )
            self.times.append(time.perf_counter() - began)
            self.sizes.append(len(reply.encode()))
            self.failures += self.status != 200
            time.sleep(self.chance.uniform(*PAUSE))

    def follow_until(self, ending):
        """The open stream; each nudge fetches the changes a little later."""
        stream = Stream(self.server, self.session, timeout=SECONDS + 10)
        reader = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        while time.monotonic() < ending and (event := stream.next_event()) is not None:
            if event == "standings-changed":
                time.sleep(0.12)
                began = time.perf_counter()
                path = f"{self.changes}&since={quote(self.stamp)}"
                reader.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
                text = reader.getresponse().read().decode()
                self.stamp = re.search(r'data-stamp="([^"]+)"', text)[1]
                self.refetches.append(time.perf_counter() - began)
        stream.close()


def measure(server, people) -> list[Figure]:
    chance = random.Random(20)
    officers = [Officer(server, session, random.Random(chance.random())) for session in people["officers"]]
    busy = _processor_time(server)
    ending = time.monotonic() + SECONDS
    for officer in officers:
        threading.Thread(target=officer.follow_until, args=[ending], daemon=True).start()
    typing = [threading.Thread(target=officer.type_until, args=[ending]) for officer in officers]
    for thread in typing:
        thread.start()
    for thread in typing:
        thread.join()
    busy = _processor_time(server) - busy
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
