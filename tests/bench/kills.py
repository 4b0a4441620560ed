"""``kill -9`` of web and worker at random points of an import, its undo, a recompute and letters: what is lost or doubled.

Run it: ``python -m tests.bench.kills [KILLS] [--seed N]`` on SQLite, web and worker in one tree; with ``--postgres`` on the
server of DATABASE_URL and on Redis, web and worker as processes of their own. Each deed is asked for on its page, as a
person does, and asked for again when the page was killed before it answered and shows no such work afterwards.
"""

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from subprocess import Popen
from threading import Thread

from rotc.accounts.codes import ALPHABET
from tests.accounts.mail_server import Sink
from tests.bench.figures import Figure, choose_engine, header, table
from tests.bench.witness import Witness
from tests.served import Server

REDIS = "redis://127.0.0.1:6379/9"
CORPS, ROWS, LETTERS, PAUSE = 2000, 1000, 40, 0.02
DEEDS = {"commit": "commit import", "undo": "undo import", "recompute": "recompute", "letters": "letters"}
VICTIMS = ("web", "worker", "both")
PATIENCE = 60  # seconds from the restart on
CODE = re.compile(rf"\b[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}\b")


class Tree:
    """The running system, and how its parts are killed and come back."""

    def __init__(self, folder, postgres, **env):
        self.embedded = not postgres
        if postgres:
            env |= {"REDIS_URL": REDIS, "ROTC_EMBEDDED_WORKER": "0"}
        self.server, self.worker = Server(folder, **env), None
        self.begin_worker()

    def begin_worker(self):
        if not self.embedded:
            self.worker = Popen(self.server.python("manage.py", "work"), **self.server.beside)

    def kill(self, victim) -> None:
        """Without a word, as a host does that is out of memory. Returns when what died runs again."""
        if self.embedded:
            web, keeper, worker = self.server.family()
            doomed = {"web": [web], "worker": [worker], "both": [web, keeper, worker]}[victim]
        else:
            web, worker = self.server.process.pid, self.worker.pid
            doomed = {"web": [web], "worker": [worker], "both": [web, worker]}[victim]
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        if web in doomed:
            self.server.process.wait()
            self.server.log.close()
            self.server.start()
        if worker in doomed and not self.embedded:
            self.worker.wait()
            self.begin_worker()

    def end(self):
        if self.worker:
            self.worker.terminate()
            self.worker.wait(30)
        self.server.end()


@dataclass
class Found:
    """What one deed left behind."""

    facts: dict
    lines: Counter
    told: list
    said: str
    attempts: int
    added: int  # to the versions of the standings
    letters: Counter
    took: float


@dataclass
class Tally:
    """What the kills did, all together."""

    kills: Counter = field(default_factory=Counter)
    within: Counter = field(default_factory=Counter)  # of a deed that was not ended yet
    counts: Counter = field(default_factory=Counter)
    slowest: float = 0.0
    notes: list = field(default_factory=list)

    def add(self, what, number=1, why=""):
        self.counts[what] += number
        if number:
            self.notes.append(f"{what}: {why}")


class Bench:
    def __init__(self, tree, sink, seed):
        self.tree, self.sink, self.chance = tree, sink, random.Random(seed)
        self.witness = Witness(tree.server)
        self.people = self.witness.ask("stage", corps=CORPS, letters=LETTERS)
        self.plan = None
        self.tally = Tally()

    def form(self, deed) -> tuple[str, list]:
        """Where the deed is asked for; what it needs is made ready."""
        if deed == "commit":
            self.plan = self.witness.ask("plan", rows=ROWS)
        if deed == "recompute":
            self.witness.ask("spoil")
            return f"/terms/{self.people['term']}/recompute/", []
        if deed == "letters":
            newest = self.witness.ask("newest_code")
            ticked = [("enrollment", each) for each in self.people["letters"]]
            return "/people/codes/letters/", [*ticked, ("confirmed", "1"), ("newest", newest)]
        return f"/imports/{self.plan}/{deed}/", []

    def press(self, path, form) -> int:
        """What the page answered: 302 when it is asked for, 0 when it was cut off."""
        try:
            return self.tree.server.ask(
                "POST", path, session=self.people["session"], form=form, genuine=True, timeout=30
            ).status
        except (OSError, HTTPException):
            return 0

    def do(self, deed, victim=None, after=0.0) -> Found:
        """One deed; ``victim`` is killed so many seconds after it is asked for."""
        path, form = self.form(deed)
        since, versions, sent = self.witness.ask("mark"), self.witness.ask("versions"), len(self.sink.letters)
        pressed, began = [], time.time()
        hand = Thread(target=lambda: pressed.append(self.press(path, form)))
        hand.start()
        if victim:
            time.sleep(after)
            open_yet = not self._ended(since)
            self.tree.kill(victim)
            self.tally.within[deed] += open_yet
        hand.join()
        assert pressed[0] in (302, 0), (path, pressed)
        if victim:
            began = time.time()
            self._press_again(deed, pressed[0], since, path, form)
        ended = self._wait(deed, since)
        self.tally.slowest = max(self.tally.slowest, ended - began if victim else 0)
        return self._look(since, versions, sent, ended - began)

    def _press_again(self, deed, answered, since, path, form):
        if self.witness.ask("jobs", since=since):
            return
        if answered:
            self.tally.add("asked, answered and lost", why=deed)
        assert self.press(path, form) == 302, path

    def _ended(self, since) -> list:
        found = self.witness.ask("jobs", since=since)
        return found if found and all(ended for _, _, ended, _, _ in found) else []

    def _wait(self, deed, since) -> float:
        late = time.time() + PATIENCE
        while not (found := self._ended(since)):
            if time.time() > late:
                self.tally.add(
                    "not ended within 60 s", why=f"{deed}: {self.witness.ask('jobs', since=since)}"
                )
                late += 600
            time.sleep(0.1)
        return max(ended for _, _, ended, _, _ in found)

    def _look(self, since, versions, sent, took) -> Found:
        [*others, (kind, done, _, attempts, said)] = self.witness.ask("jobs", since=since)
        if others:
            self.tally.add("asked for once and there twice", len(others), kind)
        if not done:
            self.tally.add("failed, and said so", why=f"{kind}: {said}")
        return Found(
            self.witness.ask("facts"),
            Counter(self.witness.ask("lines", since=since)),
            self.witness.ask("told", since=since),
            said,
            attempts,
            self.witness.ask("versions") - versions,
            self._letters(sent),
            took,
        )

    def _letters(self, sent) -> Counter:
        new = self.sink.letters[sent:]
        codes = {address: CODE.search(letter.get_content())[0] for address, letter in new}
        if dead := self.witness.ask("unopened", codes=codes):
            self.tally.add("letters whose code lets nobody in", len(dead), str(dead))
        return Counter(address for address, _ in new)

    def compare(self, deed, meant: Found, found: Found) -> None:
        """Count what is there too little and too often, against the same deed that nobody disturbed."""
        add = self.tally.add
        tables = [name for name in meant.facts if meant.facts[name] != found.facts[name]]
        add(
            "tables that differ",
            len(tables),
            f"{deed}: {[(n, meant.facts[n], found.facts[n]) for n in tables]}",
        )
        add(
            "lines of the journal lost",
            (meant.lines - found.lines).total(),
            str(meant.lines - found.lines)[:500],
        )
        add(
            "lines of the journal doubled",
            (found.lines - meant.lines).total(),
            str(found.lines - meant.lines)[:500],
        )
        add("told not exactly once", found.told != meant.told, f"{deed}: {found.told}")
        add("other words of what came of it", found.said != meant.said, f"{deed}: {found.said}")
        add("standings written not exactly once", abs(found.added - meant.added), f"{deed}: {found.added}")
        add("standings that the engine would change", self.witness.ask("wrong"), deed)
        add("people without their letter", len(meant.letters - found.letters), deed)
        add("letters sent a second time", (found.letters - meant.letters).total(), deed)

    def run(self, kills) -> Tally:
        _ = {deed: self.do(deed) for deed in DEEDS}  # the first time is slower
        meant = {deed: self.do(deed) for deed in DEEDS}
        for deed in DEEDS:  # what the bench calls equal is equal where nothing was killed
            self.compare(deed, meant[deed], self.do(deed))
        assert not self.tally.notes, self.tally.notes
        turns = [(deed, victim) for victim in VICTIMS for deed in DEEDS]
        for turn in range(kills):
            deed, victim = turns[turn % len(turns)]
            after = self.chance.uniform(0, meant[deed].took * 1.1)
            self.tally.kills[victim] += 1
            found = self.do(deed, victim, after)
            self.tally.counts["begun again"] += found.attempts > 1
            self.compare(deed, meant[deed], found)
            sys.stderr.write(
                f"{turn + 1:3} {deed:9} {victim:6} after {after:.2f} s, ended {found.took:5.1f} s after\n"
            )
        self.took = {deed: found.took for deed, found in meant.items()}
        return self.tally


COUNTED = {
    "asked, answered and lost": "0", "asked for once and there twice": "0", "failed, and said so": "",
    "not ended within 60 s": "0", "tables that differ": "0", "lines of the journal lost": "0",
    "lines of the journal doubled": "0", "told not exactly once": "0", "other words of what came of it": "0",
    "standings written not exactly once": "0", "standings that the engine would change": "0",
    "people without their letter": "0", "letters whose code lets nobody in": "0", "letters sent a second time": "",
}  # fmt: skip


def figures(bench, tally, kills) -> list[Figure]:
    killed = ", ".join(f"{victim} {tally.kills[victim]}" for victim in VICTIMS)
    took = ", ".join(f"{deed} {seconds:.1f} s" for deed, seconds in bench.took.items())
    within = ", ".join(f"{deed} {tally.within[deed]}" for deed in DEEDS)
    return [
        Figure(f"Killed: {killed}", f"{kills}", "50"),
        Figure(f"— of these before the deed was ended: {within}", f"{tally.within.total()}"),
        Figure("— begun again by another worker", f"{tally.counts['begun again']}"),
        Figure(f"Undisturbed: {took}", ""),
        Figure("From the restart to the end, longest", f"{tally.slowest:.1f} s", "60 s"),
        *(Figure(what.capitalize(), f"{tally.counts[what]}", budget) for what, budget in COUNTED.items()),
    ]


def measure(kills, seed, postgres) -> list[Figure]:
    sink = Sink(pause=PAUSE)
    mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(sink.port), "EMAIL_USE_TLS": "0"}
    with tempfile.TemporaryDirectory(prefix="rotc-kills-") as folder:
        tree = Tree(folder, postgres, **mail)
        try:
            bench = Bench(tree, sink, seed)
            tally = bench.run(kills)
            bench.witness.end()
        finally:
            tree.end()
            sink.end()
    sys.stderr.writelines(f"{note}\n" for note in tally.notes)
    return figures(bench, tally, kills)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kills", type=int, nargs="?", default=50)
    asked.add_argument("--seed", type=int, default=50)
    asked.add_argument("--postgres", action="store_true")
    given = asked.parse_args()
    choose_engine(postgres=given.postgres)
    found = measure(given.kills, given.seed, given.postgres)
    sys.stdout.write(f"{header()}\n\n{table(found)}\n")


if __name__ == "__main__":
    main()
