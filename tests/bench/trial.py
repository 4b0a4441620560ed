"""An outage under load: the morning goes on, officers type on, and every answer is noted."""

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPException
from statistics import median

from tests.bench.figures import Figure
from tests.bench.load import PEOPLE, Morning
from tests.served import Stream

STREAMS = 40
AROUND = 6  # seconds before an outage and after it in which the same is measured
AFTERWARDS = 2  # of which this much still counts as meanwhile
STORED = """
import json
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
lines = {}
for line in JournalEntry.objects.filter(subject__startswith="score:", pk__gt=%d).order_by("pk"):
    lines.setdefault(line.subject.replace("score:", ""), []).append(list(line.changes.values())[0][1])
print(json.dumps([{f"{s.enrollment_id}:{s.exam_id}": s.typed for s in Score.objects.all()}, lines]))
"""
LAST_LINE = (
    "from rotc.journal.models import JournalEntry; print(JournalEntry.objects.order_by('pk').last().pk)"
)


@dataclass(frozen=True)
class Answer:
    at: float
    took: float
    status: int  # 0: none
    path: str


class Watched(Morning):
    """The same morning, each answer noted by the moment at which it was asked for."""

    def __init__(self, *given):
        super().__init__(*given)
        self.answers = []

    def _ask(self, method, path, *given, **facts):
        began, status = time.monotonic(), 0
        try:
            answer = super()._ask(method, path, *given, **facts)
            status = answer[0]
            return answer
        finally:
            self.answers.append(Answer(began, time.monotonic() - began, status, path))


class Typist(threading.Thread):
    """An officer who saves cell after cell, and sends again what was not answered, as the page does."""

    def __init__(self, server, officer, exam, over, chance, quarter):
        super().__init__(daemon=True)
        self.quarter = quarter  # so that no cell holds already what is typed
        self.server, self.officer, self.exam, self.over, self.chance = server, officer, exam, over, chance
        self.saved, self.again, self.refused = {}, 0, Counter()

    def run(self):
        for cadet, version in self.officer["cells"]:
            typed = f"{self.chance.randint(60, 99)}.{self.quarter}"
            while not self.over.is_set():
                status = self._save(cadet, version, typed)
                if status == 200:
                    self.saved[f"{cadet}:{self.exam}"] = typed
                    break
                self.again += 1
                if status not in (0, 503):
                    self.refused[status] += 1
                    break
                self.over.wait(1)
            if self.over.wait(self.chance.uniform(0.1, 0.4)):
                return

    def _save(self, cadet, version, typed) -> int:
        form = {f"{cadet}.{self.exam}.{version}:": typed}
        session = self.officer["session"]
        try:
            return self.server.ask(
                "POST", "/sheet/cells/", session=session, form=form, genuine=True, timeout=30
            ).status
        except (OSError, HTTPException):
            return 0


class Trial:
    """One outage under load: ``away`` is a context in which the part is away."""

    def __init__(self, stage, rate, seed):
        self.stage, self.server, self.rate = stage, stage.server, rate
        people = self.server.answer(PEOPLE)
        chance = random.Random(seed)
        self.exam = people["exam"]
        # Half of the officers type on; the others are those of the morning.
        typing, people["officers"] = people["officers"][::2], people["officers"][1::2]
        self.morning = Watched([self.server], people, chance)
        self.over = threading.Event()
        self.typists = [
            Typist(self.server, each, self.exam, self.over, random.Random(seed), ("25", "75")[seed % 2])
            for each in typing
        ]
        self.last_line = int(self.server.script(LAST_LINE))
        self.streams = [Stream(self.server, session) for session in people["cadets"][:STREAMS]]

    def run(self, away, seconds, meanwhile=lambda: None):
        whole = AROUND + seconds + 2 * AROUND
        load = threading.Thread(target=self.morning.go, args=[whole, self.rate])
        for each in (load, *self.typists):
            each.start()
        time.sleep(AROUND)
        self.began = time.monotonic()
        with away:
            self.gone = time.monotonic()
            meanwhile()
            time.sleep(max(0, self.gone + seconds - time.monotonic()))
        self.back = time.monotonic()
        load.join()
        self.over.set()
        for each in self.typists:
            each.join()
        for stream in self.streams:
            stream.close()
        return self

    def during(self) -> list[Answer]:
        return [each for each in self.morning.answers if self.began <= each.at < self.back + AFTERWARDS]

    def before(self) -> list[Answer]:
        return [each for each in self.morning.answers if each.at < self.began]

    def first_good(self) -> float:
        """Seconds from the return until a page was good again."""
        asked = [each for each in self.morning.answers if each.at >= self.back and each.status in (200, 304)]
        asked = [each for each in asked if "/api/live/" not in each.path]
        return min(each.at + each.took for each in asked) - self.back

    def statuses(self) -> str:
        found = Counter(each.status or "none" for each in self.during())
        return ", ".join(f"{status}: {number}" for status, number in found.most_common())

    def saves(self) -> tuple[int, int, int, int]:
        """Acknowledged saves, those lost, lines of the journal too many or too few, and cells given up."""
        acknowledged = {key: typed for each in self.typists for key, typed in each.saved.items()}
        stored, lines = self.server.answer(STORED % self.last_line)
        lost = [key for key, typed in acknowledged.items() if float(stored.get(key) or -1) != float(typed)]
        doubled = sum(abs(len(lines.get(key, [])) - 1) for key in acknowledged)
        return len(acknowledged), len(lost), doubled, sum(each.refused.total() for each in self.typists)

    def unexpected(self) -> Counter:
        """What was answered by neither a good page nor the sentence that the database is away, by where."""
        odd = [each for each in self.during() if each.status not in (200, 304, 503)]
        return Counter((each.status, each.path.split("?")[0][:24]) for each in odd)

    def figures(self, what) -> list[Figure]:
        sys.stderr.write(f"{what}: {self.unexpected()}\n")
        saved, lost, doubled, refused = self.saves()
        during, before = self.during(), self.before()
        return [
            Figure(f"{what}: answers meanwhile by status", self.statuses()),
            Figure("— the longest that an answer took", f"{max(each.took for each in during):.1f} s"),
            Figure(
                "— an answer's median, before and meanwhile",
                f"{_milliseconds(before)}, {_milliseconds(during)}",
            ),
            Figure("— from its return to the first good page", f"{self.first_good():.1f} s"),
            Figure(
                f"— saves acknowledged ({sum(each.again for each in self.typists)} sent again)", f"{saved}"
            ),
            Figure(
                "— of these lost; lines of the journal too many or too few; refused",
                f"{lost}; {doubled}; {refused}",
                "0; 0; 0",
            ),
        ]


def _milliseconds(answers) -> str:
    return f"{median(each.took for each in answers) * 1000:.0f} ms" if answers else "–"
