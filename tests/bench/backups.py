"""A backup of a corps of 3,000 while somebody writes, and restoring it elsewhere: time, size, memory, equality.

Run it: ``python -m tests.bench.backups [--postgres]``. Memory is the most that the command's own process held. The writer
records scores one after the other, each in a transaction with its line in the journal; in what is restored there must
be as many of one as of the other.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from subprocess import PIPE, Popen

from tests.bench import battalion
from tests.bench.figures import Figure, choose_engine, header, table
from tests.served import Server

WRITER = """
import django; django.setup()
from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.roster.models import Enrollment, Term
exam = Term.objects.get().exams.first()
seen = dict(Score.objects.filter(exam=exam).values_list("enrollment", "version"))
cadets = list(Enrollment.objects.order_by("pk"))
for turn in range(1000):
    for cadet in cadets:
        record_score(cadet, exam, typed=str(60 + turn % 30), seen_version=seen.get(cadet.pk, 0) + turn, by=None)
        print(".", flush=True)
"""
# How far the versions of scores run ahead of the journal's lines: the same whenever it is asked.
AHEAD = """
import json
from django.db.models import Sum
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
lines = JournalEntry.objects.filter(what__startswith="score recorded").count()
print(json.dumps([(Score.objects.aggregate(all=Sum("version"))["all"] or 0) - lines, lines]))
"""


def timed(server, *command) -> tuple[str, str]:
    """What a command said; and its seconds, those of the processor, and the most memory that its process held."""
    began = time.perf_counter()
    process = Popen(server.python("manage.py", *map(str, command)), stdout=PIPE, text=True, **server.beside)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    took, worked = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return said, f"{took:.1f} s, {worked:.1f} s of the processor, {used.ru_maxrss / 1024:.0f} MB"


def measure(here, there) -> list[Figure]:
    """On two servers that are empty and not started."""
    timed(here, *battalion.SEED)
    ahead, _ = here.answer(AHEAD)
    writer = Popen(here.python("-c", WRITER), stdout=PIPE, **here.beside)
    try:
        writer.stdout.readline()
        said, first = timed(here, "backup")
        _, again = timed(here, "backup")
    finally:
        writer.kill()
    written = writer.communicate()[0].count(b".")
    name, facts = said.strip().split(": ")
    shutil.copytree(here.folder / "uploads", there.folder / "uploads")
    _, checking = timed(there, "backup", "--check", name)
    restored, restoring = timed(there, "restore", name)
    after, _ = there.answer(AHEAD)
    return [
        Figure("Backup of 3,000 cadets while one writes, with reading it back", first, "512 MB"),
        Figure("— what is in it", facts.split(";")[0]),
        Figure("— again", again, "512 MB"),
        Figure("— scores written meanwhile; by how many scores and journal differ once it is restored",
               f"{written:,}; {after - ahead}", "0"),
        Figure("Restored on trial", checking, "512 MB"),
        Figure("Restored elsewhere", restoring, "512 MB"),
        Figure("— equal by their hashes", restored.split(": ")[1].split(" are")[0]),
    ]  # fmt: skip


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    choose_engine(postgres=asked.parse_args().postgres)
    with tempfile.TemporaryDirectory(prefix="rotc-bench-") as folder:
        servers = []
        try:
            for name in ("here", "there"):
                servers.append(Server(Path(folder) / name, start=False))
            sys.stdout.write(f"{header()}\n\n{table(measure(*servers))}\n")
        finally:
            for each in servers:
                each.end()


if __name__ == "__main__":
    main()
