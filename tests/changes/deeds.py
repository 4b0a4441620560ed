"""What officers do to scores, for the tests of looking back and taking back."""

import re

from rotc.changes.actions import change, propose
from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry


def held(enrollment, exam) -> Score:
    found = Score.objects.filter(enrollment=enrollment, exam=exam).first()
    return found or Score(enrollment=enrollment, exam=exam, version=0)


def type_in(enrollment, exam, typed, by, how="typed"):
    version = held(enrollment, exam).version
    return record_score(enrollment, exam, typed=typed, seen_version=version, by=by, how=how)


def seen(proposal) -> dict:
    return {cell.key: cell.version for cell in proposal.changes}


def fill(enrollments, exam, typed, by, reason="", how="fill"):
    """One act over all of them."""
    wanted = [(each, exam, typed) for each in enrollments]
    return change(exam.term, wanted, seen=seen(propose(wanted)), by=by, how=how, reason=reason)


def last_act():
    return JournalEntry.objects.filter(what="score recorded").first().act


def seen_on(reply) -> str:
    """The cells and versions that a page shows, as its form sends them back."""
    return seen_in(reply.content.decode())


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return found[1] if found else ""
