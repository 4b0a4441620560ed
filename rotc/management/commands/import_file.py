import json
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction

from rotc import access
from rotc.backups.background import before
from rotc.backups.places import Why
from rotc.imports.actions import commit_plan, keep_plan, reason_given
from rotc.imports.checking import examine
from rotc.imports.drafts import Choices
from rotc.imports.kinds import KINDS
from rotc.imports.reach import everybody
from rotc.imports.reading import MOST_BYTES
from rotc.management.base import HouseCommand, day
from rotc.refusals import Refusal
from rotc.roster.models import Term

LEFT_OUT, NOT_READ = 1, 2
STATES = ("new", "changed", "same", "absent")


class Command(HouseCommand):
    help = (
        "Check a file against a term and, with --commit, write what was found. Exit status: 0 without "
        "problems, 1 when rows were left out, 2 when the file cannot be read."
    )
    refused_status = NOT_READ

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path, help="CSV, XLSX, XLS or ODS; for rotcmis also JSON")
        parser.add_argument("--term", required=True, help="2026-2027-1")
        parser.add_argument(
            "--sheet", default="", help="the sheet to read; the first with a header otherwise"
        )
        parser.add_argument(
            "--dates", choices=["iso", "dmy", "mdy"], default="", help="how dates are written"
        )
        parser.add_argument("--day", type=day, help="the day of rows without a date: 2026-08-08")
        parser.add_argument("--exam", default="", help="the exam of a column that only says Score")
        parser.add_argument("--reason", default="", help="why scores are lowered, where a file does that")
        parser.add_argument("--create-units", action="store_true", help="form units that are not there yet")
        parser.add_argument("--commit", action="store_true", help="write; without it nothing is written")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON and nothing else")

    def run(self, *, kind, file, term, by, commit, **options):
        taken = ("sheet", "dates", "create_units", "exam")
        on = options["day"].isoformat() if options["day"] else ""
        choices = Choices(**{name: options[name] for name in taken}, day=on)
        try:
            term = self.term(term, kind, by)
            outcome = self.outcome(kind, term, file, choices, options["reason"], by=by, commit=commit)
        except (Refusal, CommandError) as why:
            if options["json"]:
                self.report(_unread(why), as_json=True)
            raise
        self.report(outcome, as_json=options["json"])
        if outcome["problems"]:
            sys.exit(LEFT_OUT)

    def term(self, name, kind, by) -> Term:
        term = Term.objects.filter(name=name).first()
        if term is None:
            raise CommandError(f"There is no term “{name}”. Open it first.", returncode=NOT_READ)
        if by and not access.may_import(by, kind, term):
            what = KINDS[kind].title.lower()
            raise CommandError(f"{by} may not import {what} into {term.name}.", returncode=NOT_READ)
        return term

    def outcome(self, kind, term, file, choices, reason, *, by, commit) -> dict:
        reach = access.import_reach(by, kind, term) if by else everybody(term)
        checked = examine(kind, term, file.name, self.data(file), choices, by=by, reach=reach)
        draft = checked.draft
        if commit and draft.writes:
            if unsaved := before(Why.IMPORT):
                self.stderr.write(unsaved.strip())
            with transaction.atomic():
                plan = keep_plan(kind, term, file.name, checked, by=by)
                plan.reason = reason_given(plan, reason)
                commit_plan(plan, by=by, reach=reach)
        counts = {state: draft.counts[state] for state in STATES}
        problems = [problem.to_dict() for problem in draft.problems]
        return counts | {"problems": problems, "committed": commit}

    def data(self, file) -> bytes:
        try:
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=NOT_READ) from None

    def report(self, outcome, *, as_json) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for problem in outcome["problems"]:
            self.stdout.write(f"row {problem['row']}, {problem['column']}: {problem['reason']}")
        self.stdout.write(
            "{new} new, {changed} changed, {same} same, {absent} not in the file, ".format(**outcome)
            + f"{len({problem['row'] for problem in outcome['problems']})} rows left out."
        )
        self.stdout.write(
            "Committed." if outcome["committed"] else "Nothing was written; --commit writes it."
        )


def _unread(why) -> dict:
    problem = {"row": None, "column": None, "reason": str(why)}
    return dict.fromkeys(STATES, 0) | {"problems": [problem], "committed": False}
