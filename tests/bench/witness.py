"""A witness: what the database holds, asked over a pipe beside the server, so that a look takes no start of a process.

``Witness(server).ask("facts")`` calls the function of that name below, in a process of its own.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter

LEFT_OUT = {"JournalEntry", "ImportPlan", "Job", "Notification", "AccessCode", "Heartbeat"}
# What a row that is pointed at is called by; its number is another one when the same is done again.
NAMED = {"Cadet": "student_number", "Enrollment": "cadet__student_number", "Unit": "path", "User": "username"}
ASKER = "administrator"
LOOK = "import django; django.setup(); from tests.bench import witness; witness.main()"


class Witness:
    def __init__(self, server):
        self.process = subprocess.Popen(
            server.python("-c", LOOK),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **server.beside,
        )  # fmt: skip

    def ask(self, what, **facts):
        self.process.stdin.write(json.dumps([what, facts]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)


def stage(corps, letters) -> dict:
    """A term of ``corps`` cadets and as many with an e-mail as there are letters; an administrator asks for things."""
    from rotc.roster.models import Cadet
    from tests import factories
    from tests.bench.stage import _session

    term = factories.open_term()
    alpha = factories.company(term, "Alpha")
    factories.many(alpha.children.first(), corps)
    written = [factories.enroll(alpha, f"66-{at:03}", f"Letter{at:03}", "Test") for at in range(letters)]
    for each in written:
        Cadet.objects.filter(pk=each.cadet_id).update(email=f"{each.cadet.student_number}@example.org")
    admin = factories.staff(ASKER, "administrator", None)
    return {"session": _session(admin), "term": term.name, "letters": [each.pk for each in written]}


def plan(rows) -> int:
    """A roster of so many new cadets, checked and not committed."""
    from rotc.accounts.models import User
    from rotc.imports.actions import make_plan
    from rotc.imports.drafts import Choices
    from rotc.imports.reach import everybody
    from rotc.roster.models import Term
    from tests.bench.roster_import import workbook

    term = Term.objects.get()
    return make_plan(
        "roster", term, "roster.xlsx", workbook(rows), Choices(create_units=True),
        by=User.objects.get(username=ASKER), reach=everybody(term),
    ).pk  # fmt: skip


def spoil() -> int:
    """Every standing says something that no fact says; how many there are."""
    from rotc.standings.models import Standing

    return Standing.objects.update(total=1)


def mark() -> dict:
    """Where the tables that only grow end now."""
    from rotc.jobs.models import Job
    from rotc.journal.models import JournalEntry
    from rotc.messages.models import Notification

    return {
        model.__name__: model.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        for model in (Job, JournalEntry, Notification)
    }


def jobs(since) -> list:
    """What was asked for since then and by somebody: kind, whether it ended and when, attempts, words."""
    from rotc.jobs.models import Job

    found = Job.objects.filter(pk__gt=since["Job"], due_at=None).order_by("pk")
    return [
        [job.kind, bool(job.done_at), job.finished_at and job.finished_at.timestamp(), job.attempts, job.said]
        for job in found
    ]


def facts() -> dict:
    """Every table as a digest of its rows, without what differs when the same is done again: numbers and times."""
    from django.apps import apps

    return {
        model.__name__: _digest(model.objects.order_by().values_list(*_names(model)))
        for model in apps.get_app_config("rotc").get_models()
        if model.__name__ not in LEFT_OUT
    }


def _names(model) -> list[str]:
    names = []
    for field in model._meta.concrete_fields:
        if field.related_model:
            if named := NAMED.get(field.related_model.__name__):
                names.append(f"{field.name}__{named}")
        elif not field.primary_key and field.get_internal_type() not in ("DateTimeField", "UUIDField"):
            names.append(field.name)
    return [name for name in names if name not in ("password", "version")]


def _digest(rows) -> str:
    told = "\n".join(sorted(map(repr, rows))).encode()
    return f"{len(rows)} rows {hashlib.sha256(told).hexdigest()[:16]}"


def lines(since) -> dict:
    """The journal's lines since then, each without its numbers, and how often it is there."""
    from rotc.journal.models import JournalEntry

    found = JournalEntry.objects.filter(pk__gt=since["JournalEntry"]).exclude(what__startswith="code ")
    return Counter(
        f"{line.what} {re.sub(r'[0-9]+', '', line.subject)} {line.actor} {line.how} {json.dumps(line.changes, sort_keys=True)}"
        for line in found
    )


def told(since) -> list[str]:
    """What the asker was told since then."""
    from rotc.messages.models import Notification

    return list(
        Notification.objects.filter(pk__gt=since["Notification"], person__username=ASKER)
        .order_by("pk").values_list("text", flat=True)
    )  # fmt: skip


def wrong() -> int:
    """How many standings a fresh run of the engine would change."""
    from django.db import transaction

    from rotc.roster.models import Term
    from rotc.standings.actions import refresh

    term = Term.objects.get()
    with transaction.atomic():
        found = refresh(term, list(term.enrollments.values_list("pk", flat=True)))
        transaction.set_rollback(True)
    return found


def versions() -> int:
    """How often any standing was written."""
    from django.db.models import Sum

    from rotc.standings.models import Standing

    return Standing.objects.aggregate(all=Sum("version"))["all"] or 0


def unopened(codes) -> list[str]:
    """Those of ``{address: code}`` whose newest letter tells a code that would not let them in."""
    from rotc.accounts.codes import digest
    from rotc.accounts.models import AccessCode

    live = AccessCode.objects.filter(used_at=None, revoked_at=None)
    good = set(live.exclude(sent_to="").values_list("sent_to", "digest"))
    return [address for address, code in codes.items() if (address, digest(code)) not in good]


def newest_code() -> int:
    from rotc.accounts.queries import newest_code as newest

    return newest()


def main():
    from django.db import connection

    for line in sys.stdin:
        what, facts_ = json.loads(line)
        answer = globals()[what](**facts_)
        connection.close()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
