"""A minute of a busy morning: 300 open streams and 40 requests a second, 85 of 100 of them reading.

Run it: ``python -m tests.bench.load [--seconds N] [--rate N] [--webs N]`` on PostgreSQL (DATABASE_URL) and Redis, web and worker
as processes of their own. Requests start when they are due, whether or not earlier ones were answered, and their
times count from then. The clients share the machine. ``--webs 2``: two web processes, asked in turn.
"""

import argparse
import itertools
import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlencode

from tests.bench import battalion
from tests.bench.figures import Figure, choose_engine, header, milliseconds, percentile, table
from tests.bench.memory import taken, tree
from tests.served import Server, Stream

STREAMS = 300
REDIS = "redis://127.0.0.1:6379/10"
TOKEN = "t" * 32
# Of 100 requests: cadets look at their standing, officers read and type.
MIX = {
    "standing, again": 30,
    "standing": 15,
    "today": 10,
    "sheet": 8,
    "what changed": 12,
    "muster": 5,
    "roster": 3,
    "live": 2,
    "a score": 12,
    "a mark": 3,
}
PEOPLE = """
import json, random
from tests.bench import stage
from rotc.accounts.models import User
from rotc.attendance.models import AttendanceMark
from rotc.exams.models import Score
from rotc.roster.models import Enrollment, Term, Unit
term = Term.objects.get()
officers = list(User.objects.filter(username__startswith="tactical.").order_by("username")[:20])
cadets = list(User.objects.filter(cadet__enrollments__term=term, appointments=None).order_by("pk")[:200])
exam, day = term.exams.last(), term.training_days.filter(held_at__isnull=False).last()
def of(officer):
    unit = officer.appointments.get().unit
    ids = list(Enrollment.objects.filter(unit__path__startswith=unit.path, term=term).values_list("pk", flat=True))
    scores = dict(Score.objects.filter(exam=exam, enrollment__in=ids).values_list("enrollment_id", "version"))
    marks = dict(AttendanceMark.objects.filter(day=day, enrollment__in=ids).values_list("enrollment_id", "version"))
    platoon = Unit.objects.filter(path__startswith=unit.path, kind="platoon", term=term).first() or unit
    return {"session": stage._session(officer), "reader": officer.pk, "platoon": platoon.pk,
            "cells": [[pk, scores.get(pk, 0)] for pk in ids], "marks": [[pk, marks.get(pk, 0)] for pk in ids]}
print(json.dumps({"officers": [of(each) for each in officers], "cadets": [stage._session(each) for each in cadets],
                  "exam": exam.pk, "day": day.pk}))
"""


class Morning:
    """The people of the corps at their phones and desks; ``times`` and ``failures`` by what they asked."""

    def __init__(self, servers, people, chance):
        self.ports = itertools.cycle([server.port for server in servers])
        self.people, self.chance = people, chance
        self.times, self.failures = defaultdict(list), Counter()
        self.etags, self.kept, self.lock = {}, threading.local(), threading.Lock()
        self.cells = [(officer, *cell) for officer in people["officers"] for cell in officer["cells"]]
        self.marks = [(officer, *mark) for officer in people["officers"] for mark in officer["marks"]]
        chance.shuffle(self.cells)
        chance.shuffle(self.marks)

    def go(self, seconds, rate) -> None:
        names, weights = zip(*MIX.items(), strict=True)
        with ThreadPoolExecutor(64) as hands:
            due = time.perf_counter()
            ending = due + seconds
            while due < ending:
                time.sleep(max(0, due - time.perf_counter()))
                hands.submit(self._one, self.chance.choices(names, weights)[0], due)
                due += self.chance.expovariate(rate)

    def _one(self, name, due) -> None:
        try:
            good = self._do(name)
        except (OSError, HTTPException):
            good = False
            self.kept.connection = None
        with self.lock:
            self.times[name].append(time.perf_counter() - due)
            self.failures[name] += not good

    def _do(self, name) -> bool:
        officer, cadet = (
            self.chance.choice(self.people["officers"]),
            self.chance.choice(self.people["cadets"]),
        )
        sheet = f"/sheet/?unit={officer['platoon']}"
        if name == "a score":
            officer, cell, version = self.cells.pop()
            form = {f"{cell}.{self.people['exam']}.{version}:": f"{self.chance.randint(60, 99)}.5"}
            return self._ask("POST", "/sheet/cells/", officer["session"], form)[0] == 200
        if name == "a mark":
            officer, cadet, version = self.marks.pop()
            form = {f"{cadet}-letter": "L", f"{cadet}-seen": version, f"{cadet}-was": ""}
            status, _, _ = self._ask(
                "POST", f"/attendance/{self.people['day']}/marks/{cadet}/", officer["session"], form
            )
            return status == 200
        if name.startswith("standing"):
            known = self.etags.get(cadet) if name.endswith("again") else None
            status, headers, _ = self._ask("GET", "/standing/", cadet, etag=known)
            self.etags[cadet] = headers["ETag"]
            return status in (200, 304)
        stamp = urlencode({"since": "2026-11-24T00:00:00Z", "known": "", "reader": officer["reader"]})
        path = {
            "today": "/",
            "sheet": sheet,
            "what changed": f"/sheet/changes/?unit={officer['platoon']}&{stamp}",
            "muster": f"/attendance/{self.people['day']}/",
            "roster": "/roster/",
            "live": "/api/live/",
        }[name]
        return self._ask("GET", path, officer["session"])[0] == 200

    def _ask(self, method, path, session, form=None, etag=None):
        if getattr(self.kept, "connection", None) is None:
            self.kept.connection = HTTPConnection("127.0.0.1", next(self.ports), timeout=30)
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
        if form:
            headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
        if etag:
            headers["If-None-Match"] = etag
        self.kept.connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self.kept.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def measure(servers, seconds, rate) -> list[Figure]:
    """On ``servers``, which share an empty database and are not started yet."""
    first = servers[0]
    battalion.invented(first)
    people = first.answer(PEOPLE)
    for server in servers:
        server.start()
    worker = Popen(first.python("manage.py", "work"), **first.beside)
    try:
        sessions = [*people["cadets"], *(each["session"] for each in people["officers"])]
        streams = [Stream(servers[n % len(servers)], sessions[n % len(sessions)]) for n in range(STREAMS)]
        morning = Morning(servers, people, random.Random(40))
        morning.go(seconds, rate)
        pids = [*(server.process.pid for server in servers), worker.pid]
        *webs, work = (_memory(pid) for pid in pids)
        for stream in streams:
            stream.close()
    finally:
        worker.terminate()
        worker.wait(30)
    every = [each for times in morning.times.values() for each in times]
    figures = [
        Figure(
            f"{len(every)} requests in {seconds} s, {STREAMS} streams, 50 of 100 within",
            milliseconds(percentile(every, 50)),
        ),
        Figure("— 95 of 100 within", milliseconds(percentile(every, 95)), "500 ms"),
        Figure("— 99 of 100 within", milliseconds(percentile(every, 99))),
        Figure("— not answered as they should", str(sum(morning.failures.values())), "0"),
        *(Figure("Memory of a web process, then", web, "512 MB") for web in webs),
        Figure("Memory of the worker, then", work, "512 MB"),
    ]
    for name, times in sorted(morning.times.items()):
        told = f"{milliseconds(percentile(times, 50))}, {milliseconds(percentile(times, 95))}"
        figures.append(Figure(f"{name} ({len(times)}): 50 and 95 of 100 within", told))
    return figures


def _memory(pid) -> str:
    rss, pss = taken(tree(pid))
    return f"{pss:.0f} MB PSS ({rss:.0f} MB RSS)"


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--rate", type=float, default=40)
    asked.add_argument("--webs", type=int, default=1)
    given = asked.parse_args()
    choose_engine(postgres=True)
    env = {"REDIS_URL": REDIS, "ROTC_EMBEDDED_WORKER": "0", "DJANGO_SECRET_KEY": secrets.token_urlsafe(64)}
    with tempfile.TemporaryDirectory(prefix="rotc-load-") as folder:
        servers = []
        try:
            for number in range(given.webs):
                servers.append(Server(Path(folder) / str(number), start=False, **env))
                env["DATABASE_URL"] = servers[0].env["DATABASE_URL"]
            figures = measure(servers, given.seconds, given.rate)
        finally:
            for server in reversed(servers):
                server.end()
    sys.stdout.write(f"{header()}\n\n{table(figures)}\n")


if __name__ == "__main__":
    os.environ.setdefault("DATABASE_URL", "postgres://%2Fvar%2Frun%2Fpostgresql/postgres")
    main()
