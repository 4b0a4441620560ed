"""Looking back over a term of 100,000 changes of scores, and taking back one of 60 cells.

Run it: ``python -m tests.bench.changes``; ``--postgres`` on the server of DATABASE_URL. In a database of its own
that is dropped again; each figure is the median of some runs, the first of which is thrown away.
"""

import argparse
import os
import random
import re
import sys
import time
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rotc.changes.cells import SCORES
from rotc.exams.models import Exam, Score
from rotc.journal import actions as journal
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term
from tests import factories
from tests.bench.empty import empty_database
from tests.bench.figures import Figure, choose_engine, header, median, table

LINES = 100_000
CADETS = 1500
PLATOON = 60
RUNS = 5
SHEET_OF_60 = re.compile(r'name="seen" value="([^"]+)"')


def measure() -> list[Figure]:
    officer = _history()
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    term, prelim = Term.objects.get(), Exam.objects.order_by("position").first()
    unit = term.units.get(path__endswith="alpha/1st/")
    listed, of_term = reverse("changes:list"), {"term": term.name}
    narrow = {**of_term, "unit": unit.pk, "exam": prelim.pk, "who": officer.pk}
    half_way = JournalEntry.objects.filter(what=SCORES).order_by("pk")[LINES // 2].pk
    return [
        _figure("first page", lambda: client.get(listed, of_term)),
        _figure("a page half-way back", lambda: client.get(listed, {**of_term, "before": half_way})),
        _figure("of one platoon, exam and officer", lambda: client.get(listed, narrow)),
        _figure("of one way that is rare", lambda: client.get(listed, {**of_term, "how": "fill"})),
        _figure("of one way that nobody used", lambda: client.get(listed, {**of_term, "how": "command"})),
        *_taking_back(client, of_term),
    ]


def _taking_back(client, of_term) -> list[Figure]:
    """The look and the act, one after the other: each taking back is what the next one takes back."""
    looks, acts, queries = [], [], []
    for _ in range(RUNS + 1):
        act = JournalEntry.objects.filter(what=SCORES).order_by("-pk").first().act
        address = reverse("changes:undo", args=[act])
        shown, seconds, looked = _timed(lambda at=address: client.get(at))
        looks.append(seconds)
        seen = SHEET_OF_60.search(shown.content.decode())[1]
        assert len(seen.split()) == PLATOON
        sent = {"seen": seen, "reason": "Measured"}
        _, seconds, acted = _timed(lambda at=address, sent=sent: client.post(at, sent))
        acts.append(seconds)
        queries.append((looked, acted))
    looked, acted = queries[-1]
    return [
        Figure("Taking back 60 cells, the look at it", _said(looks, looked)),
        Figure("Taking back 60 cells, done", _said(acts, acted)),
        _figure("first page after it", lambda: client.get(reverse("changes:list"), of_term)),
    ]


def _figure(what, ask) -> Figure:
    measured = [_timed(ask) for _ in range(RUNS + 1)]
    return Figure(f"Changes of scores, {what}", _said([each[1] for each in measured], measured[-1][2]))


def _timed(ask):
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = ask()
        took = time.perf_counter() - began
    assert answer.status_code in (200, 302), answer.status_code
    return answer, took, len(asked)


def _said(seconds, queries) -> str:
    return f"{median(seconds[1:])}, {queries} queries"


# --- the stage


def _history():
    """Four of five lines typed one by one, the others in acts of a platoon; the newest is one of 60 cells."""
    term = factories.open_term()
    companies = [factories.company(term, name) for name in ("Alpha", "Bravo", "Charlie")]
    officer = factories.staff("commandant", "commandant", term.units.get(kind="corps"))
    others = [factories.staff(f"tactical.{each.pk}", "tactical_officer", each) for each in companies]
    platoons = [platoon for each in companies for platoon in each.children.all()]
    share = CADETS // len(platoons)
    cadets = [factories.many(unit, share, start=at * share) for at, unit in enumerate(platoons)]
    chance, held = random.Random(1), {}
    exams = list(term.exams.order_by("position"))
    lines = []
    while len(lines) < LINES - PLATOON:
        members, by = chance.choice(cadets), chance.choice([officer, *others])
        exam, together = chance.choice(exams), chance.random() < 1 / 200
        run = members[:50] if together else chance.sample(members, 5)
        act = uuid4()
        for each in run:
            how, act = ("fill", act) if together else ("typed", uuid4())
            lines.append(_line(each, exam, chance.randint(40, 100), by, how, act, held))
    act = uuid4()
    lines += [_line(each, exams[0], 77.5, officer, "fill", act, held) for each in cadets[0][:PLATOON]]
    journal.write_all(lines)
    _store(held, officer)
    if connection.vendor == "postgresql":  # as its own keeper does after so many rows
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return get_user_model().objects.get(pk=officer.pk)


def _line(enrollment, exam, value, by, how, act, held):
    key = (enrollment.pk, exam.pk)
    before, version = held.get(key, (None, 0))
    held[key] = (str(value), version + 1)
    return journal.entry(
        SCORES, f"score:{enrollment.pk}:{exam.pk}", by=by, how=how, enrollment=enrollment,
        changes={exam.name: (before, str(value))}, act=act,
    )  # fmt: skip


def _store(held, by) -> None:
    now = timezone.now()
    Score.objects.bulk_create(
        (
            Score(enrollment_id=each, exam_id=exam, raw=raw, version=version, changed_at=now, changed_by=by)
            for (each, exam), (raw, version) in held.items()
        ),
        batch_size=500,
    )


def main():
    asked = argparse.ArgumentParser(prog="python -m tests.bench.changes", description=__doc__)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    postgres, on_postgres = asked.parse_args().postgres, connection.vendor == "postgresql"
    choose_engine(postgres=postgres)
    if on_postgres and not postgres:  # Django was set up before it was asked
        os.execv(sys.executable, [sys.executable, "-m", "tests.bench.changes"])
    with empty_database():
        figures = measure()
    sys.stdout.write(f"{header()}\n\n{table(figures)}\n")


if __name__ == "__main__":
    main()
