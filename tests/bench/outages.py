"""PostgreSQL restarted and stopped, the bucket gone, deaf and slow, Redis stopped, each under load: what people see, what is lost.

Run it: ``python -m tests.bench.outages [--seconds N] [--rate N] [--only database|bucket|redis]``. It starts a PostgreSQL, a Redis
and a bucket of its own and ends them again; web and worker are processes of their own. ``--seconds`` is how long a part is away.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from statistics import median

from tests.bench.figures import Figure, header, percentile, table
from tests.bench.load import PEOPLE
from tests.bench.parts import Stage, behind, killed, stopped
from tests.bench.trial import Trial
from tests.bench.uploading import Uploader
from tests.served import Stream

ASK = """
import json
from rotc.jobs.actions import ask
from rotc.roster.models import Term
print(json.dumps(ask("recompute", by=None, term=Term.objects.get().pk).pk))
"""
ENDED = "import json\nfrom rotc.jobs.models import Job\nprint(json.dumps(Job.objects.get(pk=%d).done_at is not None))"


def without_the_database(stage, seconds, rate) -> list[Figure]:
    restarted = Trial(stage, rate, 1).run(stopped(stage.database, "fast"), 0)
    figures = restarted.figures("PostgreSQL restarted")
    stayed = Trial(stage, rate, 2).run(stopped(stage.database, "immediate"), seconds)
    return figures + stayed.figures(f"PostgreSQL stopped for {seconds} s")


def without_redis(stage, seconds, rate) -> list[Figure]:
    """A job is asked for meanwhile; a stream hears of a save again afterwards."""
    asked = []
    trial = Trial(stage, rate, 3)
    trial.run(killed(stage.redis), seconds, lambda: asked.append(stage.server.answer(ASK)))
    ending = time.monotonic() + 60
    while not (done := stage.server.answer(ENDED % asked[0])) and time.monotonic() < ending:
        time.sleep(0.5)
    figures = trial.figures(f"Redis stopped for {seconds} s")
    return [
        *figures,
        Figure("— a job asked for meanwhile is done", "yes" if done else "no", "yes"),
        Figure("— a stream hears what another process did", _heard(stage), "yes"),
    ]


def _heard(stage) -> str:
    """Whether a nudge travels from another process to a stream of the web again."""
    session = stage.server.answer(PEOPLE)["cadets"][0]
    stream = Stream(stage.server, session, timeout=15)
    stream.next_event()
    try:
        stage.server.script(
            "from rotc.live.nudges import nudge_now; from rotc.live.channels import user_channel\n"
            "from django.contrib.sessions.backends.db import SessionStore\n"
            f"person = int(SessionStore({session!r})['_auth_user_id'])\n"
            "nudge_now([user_channel(person)], 'notifications-changed')"
        )
        return "yes" if stream.next_event() == "notifications-changed" else "no"
    except OSError:
        return "no"
    finally:
        stream.close()


def without_the_bucket(stage, seconds, rate) -> list[Figure]:
    cadets = stage.server.answer(
        "import json; from rotc.roster.models import Enrollment\n"
        "print(json.dumps(list(Enrollment.objects.values_list('pk', flat=True)[:40])))"
    )
    stage.term = stage.server.answer(
        "import json; from rotc.roster.models import Term; print(json.dumps(Term.objects.get().name))"
    )
    figures = []
    ways = [("gone", "shut", ()), ("deaf", "deafen", ()), ("slow, 500 B/s", "slow", (500,))]
    for seed, (said, how, facts) in enumerate(ways, 10):
        trial = Trial(stage, rate, seed)
        givers = [Uploader(stage, cadets[at::4], trial.over) for at in range(4)]
        for giver in givers:
            giver.start()
        trial.run(behind(stage.gate, how, *facts), seconds)
        for giver in givers:
            giver.join()
        figures += _of_the_bucket(f"The bucket {said} for {seconds} s", trial, givers)
    return figures


def _of_the_bucket(what, trial, givers) -> list[Figure]:
    answers = [each for giver in givers for each in giver.answers]
    during = [each for each in answers if trial.began <= each[0] < trial.back]
    after = [each for each in answers if each[0] >= trial.back]
    good = [at + took for at, took, status, _, _ in after if status in (200, 302)]
    in_words = sum(said for *_, said, _ in during)
    by_status = Counter(status or "none" for _, _, status, _, _ in during)
    ratio = median(e.took for e in trial.during()) / median(e.took for e in trial.before())
    failed = sum(each.status not in (200, 304) for each in trial.during())
    return [
        Figure(
            f"{what}: uploads and photos asked for meanwhile", f"{len(during)}, {in_words} refused in words"
        ),
        Figure("— by status", ", ".join(f"{status}: {number}" for status, number in by_status.most_common())),
        Figure("— the longest that one took", f"{max(each[1] for each in during):.1f} s", "10 s"),
        Figure("— other pages: median meanwhile against before", f"{ratio:.2f}", "1"),
        Figure(
            "— other pages: 95 of 100 within, before and meanwhile",
            f"{_share(trial.before())}, {_share(trial.during())}",
        ),
        Figure("— other pages not answered as they should", f"{failed} of {len(trial.during())}", "0"),
        Figure(
            "— from its return to the first upload taken",
            f"{min(good) - trial.back:.1f} s" if good else "never",
        ),
    ]


def _share(answers) -> str:
    return f"{percentile([each.took for each in answers], 95) * 1000:.0f} ms"


PARTS = {"database": without_the_database, "bucket": without_the_bucket, "redis": without_redis}


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=int, default=30)
    asked.add_argument("--rate", type=float, default=10)
    asked.add_argument("--only", choices=PARTS)
    given = asked.parse_args()
    figures = []
    with tempfile.TemporaryDirectory(prefix="rotc-outages-") as folder:
        stage = Stage(folder)
        try:
            for name, measure in PARTS.items():
                if given.only in (None, name):
                    figures += measure(stage, given.seconds, given.rate)
        finally:
            stage.end()
    sys.stdout.write(f"{header()}\n\n{table(figures)}\n")


if __name__ == "__main__":
    main()
