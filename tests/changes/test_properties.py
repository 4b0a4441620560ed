"""Whatever officers do in whatever order: the journal has every step, and taking it all back gives the first state."""

import random

import pytest

from rotc.changes.cells import after, stories
from rotc.changes.taking_back import take_back, would_take_back
from rotc.exams.models import Score
from rotc.grading import grade
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Enrollment
from rotc.standings.models import Standing
from rotc.standings.queries import record
from tests import factories
from tests.changes.deeds import fill, held, seen, type_in

VALUES = ["", "0", "50", "60", "70", "ABS", "EX"]


class Officers:
    """Two officers, three cadets, two exams; ``steps`` are the acts that were done."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.term = factories.open_term()
        alpha = factories.company(self.term, "Alpha")
        self.cadets = factories.platoon_of(alpha.children.first(), 3)
        self.exams = list(self.term.exams.all()[:2])
        self.officers = [factories.staff(name, "tactical_officer", alpha) for name in ("one", "two")]
        for cadet, typed in zip(self.cadets, ["55", "", "EX"], strict=True):
            type_in(cadet, self.exams[0], typed, self.officers[0])
        self.start, self.begun = self.values(), JournalEntry.objects.first().pk
        self.steps = []

    @property
    def by(self):
        return self.chance.choice(self.officers)

    def values(self):
        return [held(cadet, exam).typed for cadet in self.cadets for exam in self.exams]

    def lines(self):
        return JournalEntry.objects.filter(what="score recorded", pk__gt=self.begun)

    def type_something(self):
        before = self.lines().count()
        cadet, exam = self.chance.choice(self.cadets), self.chance.choice(self.exams)
        type_in(cadet, exam, self.chance.choice(VALUES), self.by)
        if self.lines().count() > before:
            self.steps.append(self.lines().first().act)

    def fill_some(self):
        some = self.chance.sample(self.cadets, self.chance.randint(1, 3))
        try:
            done = fill(
                some, self.chance.choice(self.exams), self.chance.choice(VALUES), self.by, reason="Same"
            )
        except NotNow:
            return
        self.steps.append(done.act)

    def take_something_back(self):
        """Any act, also an undo, and mostly a recent one."""
        if self.steps:
            self.take_back(self.chance.choice(self.steps[-5:] if self.chance.random() < 0.7 else self.steps))

    def take_back(self, act):
        by, before = self.by, self.values()
        everybody = Enrollment.objects.filter(term=self.term).select_related("cadet", "unit")
        found = would_take_back(act, self.term, everybody, everybody, by=by)
        try:
            done = take_back(
                act, self.term, everybody, everybody, seen=seen(found.proposal), by=by, reason="Wrong"
            )
        except NotNow:
            assert self.values() == before
        else:
            self.steps.append(done.act)

    def check(self):
        assert set(self.steps) == set(self.lines().values_list("act", flat=True))
        for subject, story in stories(self.lines()).items():
            _, enrollment, exam = subject.split(":")
            score = Score.objects.get(enrollment=enrollment, exam=exam)
            assert after(JournalEntry.objects.get(pk=story.newest)) == score.typed
            # The place that a cell is at says what it holds.
            assert not story.now or after(JournalEntry.objects.get(pk=story.now)) == score.typed
        for standing in Standing.objects.select_related("enrollment__term"):
            assert (
                standing.proficiency == grade(record(standing.enrollment), self.term.rules).proficiency.points
            )


@pytest.mark.parametrize("seed", range(8))
def test_taking_everything_back_gives_the_first_state_and_the_journal_keeps_every_step(db, seed):
    officers = Officers(seed)
    deeds = [
        officers.type_something,
        officers.fill_some,
        officers.take_something_back,
        officers.take_something_back,
    ]
    for _ in range(25):
        officers.chance.choice(deeds)()
        officers.check()

    made = list(dict.fromkeys(officers.lines().filter(undoes=None).values_list("act", flat=True)))
    for act in made:  # the newest first
        officers.take_back(act)

    assert officers.values() == officers.start
    officers.check()
