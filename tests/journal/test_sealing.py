"""The journal under its seals: whatever is altered in the database itself shows the next night."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from rotc.exams.actions import record_score
from rotc.jobs import actions as jobs
from rotc.journal import sealing
from rotc.journal.models import JournalEntry, JournalSeal
from rotc.messages.models import Notification

TRIGGERS = {
    "sqlite": ["DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete"],
    "postgresql": ["ALTER TABLE rotc_journalentry DISABLE TRIGGER USER"],
}


def later():
    return timezone.now() + sealing.MARGIN + timedelta(seconds=1)


def score(enrollment, typed, version):
    exam = enrollment.term.exams.get(name="Prelim")
    record_score(enrollment, exam, typed=typed, seen_version=version, by=None)


@pytest.fixture
def sealed(enrollment):
    """Two seals: one up to a score of 80, one up to the 90 that followed."""
    score(enrollment, "80", 0)
    sealing.seal(later())
    score(enrollment, "90", 1)
    sealing.seal(later())
    return JournalSeal.objects.all()


def night() -> str:
    job = jobs.ask("check journal", by=None)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job.said


def behind_its_back(statement, *values):
    with connection.cursor() as cursor:
        for each in TRIGGERS[connection.vendor]:
            cursor.execute(each)
        cursor.execute(statement, values)


def test_a_journal_that_nobody_touched_is_as_it_was_sealed(sealed, administrator):
    lines = JournalEntry.objects.filter(pk__lte=sealed.last().up_to).count()
    assert night() == f"{lines:,} lines of the journal are as they were sealed; 0 more were sealed."
    assert not Notification.objects.exists()


def test_every_line_stands_under_one_seal(sealed):
    assert sum(seal.lines for seal in sealed) == JournalEntry.objects.count()


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("UPDATE rotc_journalentry SET actor = %s WHERE pk_", ["Somebody Else"]),
        ("UPDATE rotc_journalentry SET changes = %s WHERE pk_", ['{"score": ["blank", "99"]}']),
        ("UPDATE rotc_journalentry SET act = NULL WHERE pk_", []),
        ("DELETE FROM rotc_journalentry WHERE pk_", []),
    ],
)
def test_a_line_that_was_altered_shows_and_the_administrators_hear(sealed, administrator, statement, values):
    first = sealed.first()
    behind_its_back(statement.replace("pk_", "id = %s"), *values, first.up_to)
    said = night()
    assert said == f"The journal is not what was sealed: {first}."
    assert said in Notification.objects.get(person=administrator).text
    assert night() == said
    assert Notification.objects.count() == 1, "what cannot be mended is told once"


def test_a_seal_made_anew_over_an_altered_line_does_not_fit_the_next(sealed):
    first, second = sealed
    behind_its_back("UPDATE rotc_journalentry SET actor = 'x' WHERE id = %s", first.up_to)
    _, first.digest = sealing._digest(None, first.up_to)
    assert sealing.holds(first, None)
    assert not sealing.holds(second, first)


def test_what_is_still_being_written_is_not_sealed(enrollment):
    score(enrollment, "80", 0)
    assert sealing.seal() is None
    assert not JournalSeal.objects.exists()


def test_a_night_without_a_change_makes_no_seal(sealed):
    assert sealing.seal(later()) is None


@pytest.mark.parametrize(
    "statement", ["UPDATE rotc_journalseal SET digest = 'x'", "DELETE FROM rotc_journalseal"]
)
def test_the_database_refuses_to_alter_a_seal(sealed, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
