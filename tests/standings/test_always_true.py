"""Whatever is done, in whatever order: every standing is what the engine says of the facts now, and the
journal has a line about it."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Q

from rotc.attendance import actions as attendance
from rotc.attendance import planning
from rotc.attendance.models import AttendanceMark
from rotc.conduct import actions as conduct
from rotc.conduct.models import ConductEntry
from rotc.exams import actions as exams
from rotc.exams.models import Score
from rotc.grading import Verdict, grade
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from rotc.refusals import Refusal
from rotc.roster import actions as roster
from rotc.roster.models import Enrollment, Unit
from rotc.standings.models import Standing
from rotc.standings.queries import records
from rotc.verdicts import drops, overrides
from rotc.verdicts.models import DropDecision, Override
from tests import factories

STEPS = 60
DROP_CALLED_FOR = Q(standing__verdict="dropped") | Q(standing__decision__has_key="id")
FIGURES = ("attendance", "aptitude", "proficiency", "total")
WORDS = ("rating", "if_ended_today", "verdict", "reasons")
DECIDED = ("id", "decision", "now")


class Corps:
    """A small corps in which somebody does something, again and again."""

    def __init__(self, term, chance):
        self.term, self.chance, self.came, self.plans = term, chance, 0, []
        self.by = factories.staff("major", "commandant", term.units.get(kind=Unit.Kind.CORPS))

    @property
    def cadets(self):
        return list(self.term.enrollments.select_related("cadet", "term", "unit"))

    def any(self, things):
        return self.chance.choice(list(things))

    def type_a_score(self):
        cadet, exam = self.any(self.cadets), self.any(self.term.exams.all())
        stored = Score.objects.filter(enrollment=cadet, exam=exam).first()
        typed = self.any(["", "ABS", "EX", "0", str(self.chance.randint(1, 70))])
        seen = stored.version if stored else 0
        exams.record_score(cadet, exam, typed=typed, seen_version=seen, by=self.by)

    def set_a_code(self):
        cadet, code = self.any(self.cadets), self.any(overrides.codes(self.term))
        overrides.set_override(cadet, code, reason="Decided", by=self.by)

    def lift_a_code(self):
        override = self.any(Override.objects.filter(lifted_at=None).select_related("enrollment__term"))
        overrides.lift_override(override.enrollment, seen=override.pk, reason="Settled", by=self.by)

    def decide_a_drop(self):
        cadet = self.any(
            self.term.enrollments.filter(DROP_CALLED_FOR).select_related("standing", "term", "cadet")
        )
        standing, deed = cadet.standing, self.any([drops.confirm_drop, drops.waive_drop])
        seen = {"recommended": standing.recommends, "seen": standing.decision.get("id")}
        deed(cadet, **seen, reason="Decided", by=self.by)

    def withdraw_a_decision(self):
        decision = self.any(DropDecision.objects.filter(withdrawn_at=None).select_related("enrollment__term"))
        drops.withdraw_decision(decision.enrollment, seen=decision.pk, reason="Settled", by=self.by)

    def stay_away(self):
        cadet = self.any(self.cadets)
        for day in self.term.training_days.filter(cancelled_at=None)[:3]:
            letter = self.any(["A", "A", "E"])
            attendance.mark_many(day, [attendance.Wanted(cadet, letter)], by=self.by)

    def import_scores(self):
        lines = ["Student No,Prelim,Final,Status"]
        for cadet in self.cadets[:3]:
            scores = [self.any(["", "ABS", str(self.chance.randint(1, 60))]) for _ in range(2)]
            code = self.any(["", "", *overrides.codes(self.term)])
            lines.append(",".join([cadet.cadet.student_number, *scores, code]))
        self.imported("scores", lines)

    def take_an_import_back(self):
        undo_plan(self.any(self.plans), by=self.by, reach=everybody(self.term))

    def imported(self, kind, lines):
        data, reach = "\n".join(lines).encode(), everybody(self.term)
        plan = make_plan(kind, self.term, "file.csv", data, Choices(), by=self.by, reach=reach)
        if any(row["state"] in ("new", "changed") for row in plan.rows):
            self.plans.append(commit_plan(plan, by=self.by, reach=reach))

    def mark_a_day(self):
        day = self.any(self.term.training_days.all())
        marks = [attendance.Wanted(each, self.any(["P", "P", "L", "E", "A", ""])) for each in self.cadets[:4]]
        attendance.mark_many(day, marks, by=self.by)

    def fill_a_day(self):
        attendance.mark_rest_present(self.any(self.term.training_days.all()), self.cadets, by=self.by)

    def enter_conduct(self):
        enter = self.any([conduct.give, conduct.propose])
        facts = {"kind": self.any(["merit", "demerit"]), "points": self.chance.randint(1, 60)}
        enter([self.any(self.cadets)], **facts, reason="Seen", date=factories.today(), by=self.by)

    def decide_conduct(self):
        entry = self.any(ConductEntry.objects.select_related("enrollment__term"))
        if self.chance.random() < 0.4:
            conduct.approve(entry, by=self.by)
        else:
            self.any([conduct.decline, conduct.reverse])(entry, reason="Looked at again", by=self.by)

    def cancel_a_day(self):
        planning.cancel_day(self.any(self.term.training_days.all()), reason="Typhoon", by=self.by)

    def clear_a_day_and_cancel_it(self):
        day = self.any(self.term.training_days.filter(held_at__isnull=False))
        marks = AttendanceMark.objects.filter(day=day).select_related("enrollment__cadet", "enrollment__term")
        attendance.mark_many(day, [attendance.Wanted(each.enrollment, "") for each in marks], by=self.by)
        planning.cancel_day(day, reason="Not held after all", by=self.by)

    def bring_a_day_back(self):
        planning.bring_back_day(self.any(self.term.training_days.exclude(cancelled_at=None)), by=self.by)

    def plan_a_day(self):
        on = factories.today() - timedelta(days=self.chance.randint(1, 60))
        planning.plan_days(self.term, date=on, by=self.by)

    def move_a_day(self):
        day = self.any(self.term.training_days.filter(held_at=None))
        planning.change_day(day, date=day.date + timedelta(days=1), subject="Drill", by=self.by)

    def change_an_exam(self):
        exam = self.any(self.term.exams.all())
        facts = {"items": self.chance.randint(60, 100), "weight": Decimal(self.chance.randint(1, 3))}
        exams.change_exam(exam, name=exam.name, **facts, by=self.by)

    def add_or_drop_an_exam(self):
        if self.term.exams.count() < 4:
            exams.add_exam(self.term, name="Oral", items=20, weight=Decimal(1), by=self.by)
        else:
            exams.drop_exam(self.term.exams.last(), by=self.by)

    def move_a_cadet(self):
        cadet, unit = self.any(self.cadets), self.any(self.term.units.all())
        roster.change_facts(cadet, {"unit": (cadet.unit, unit)}, by=self.by)

    def enroll_somebody(self):
        self.came += 1
        unit = self.any(self.term.units.all())
        factories.enroll(unit, f"99-{self.came:04}", f"Comer{self.came}", "Late")

    def import_a_roster(self):
        self.came += 1
        known = self.any(self.cadets).cadet
        lines = ["Student No,Last Name,First Name,Company,Platoon"]
        lines += [f"98-{self.came:04},New{self.came},Cadet,Alpha,1st"]
        lines += [
            f"{known.student_number},{known.last_name},{known.first_name},Alpha,{self.any(['1st', '2nd'])}"
        ]
        self.imported("roster", lines)

    DEEDS = (
        type_a_score, type_a_score, type_a_score, mark_a_day, mark_a_day, fill_a_day, enter_conduct, enter_conduct,
        decide_conduct, decide_conduct, cancel_a_day, clear_a_day_and_cancel_it, bring_a_day_back, plan_a_day,
        move_a_day, change_an_exam, add_or_drop_an_exam, move_a_cadet, enroll_somebody, import_a_roster,
        set_a_code, lift_a_code, stay_away, decide_a_drop, decide_a_drop, withdraw_a_decision, import_scores, take_an_import_back,
    )  # fmt: skip


def stored(term):
    kept = Standing.objects.filter(enrollment__term=term)
    return {
        each.enrollment_id: (
            *[getattr(each, name) for name in (*FIGURES, *WORDS)],
            *[each.decision.get(name) for name in DECIDED],
        )
        for each in kept
    }


def fresh(term):
    ids = list(term.enrollments.values_list("pk", flat=True))
    results = {pk: (record, grade(record, term.rules)) for pk, record in records(term, ids)}
    decided = {each.enrollment_id: each for each in DropDecision.objects.filter(withdrawn_at=None)}
    return {
        pk: (
            *[_kept(getattr(result, name).points) for name in FIGURES[:3]],
            _kept(result.total),
            result.rating or "",
            result.if_ended_today or "",
            result.verdict.value,
            list(result.reasons),
            *_decided(decided.get(pk), record, term.rules),
        )
        for pk, (record, result) in results.items()
    }


def _decided(decision, record, rules):
    if decision is None:
        return None, None, None
    bare = grade(replace(record, override=None, drop_waived=False), rules)
    now = "; ".join(bare.reasons) if bare.verdict is Verdict.DROPPED else ""
    return decision.pk, decision.decision, now


def _kept(figure):
    return None if figure is None else round(figure, 8)


@pytest.mark.parametrize(
    ("policy", "seed"), [("msu-snd", 1), ("navrescom", 12), ("msu-snd", 3), ("navrescom", 14)]
)
def test_after_whatever_is_done_standings_are_true_and_the_journal_knows(db, policy, seed):
    # So short a term that one day more or less decides who is dropped.
    term = factories.open_term(policy=policy, days=5, starts=factories.today() - timedelta(weeks=6))
    alpha = factories.company(term, "Alpha")
    for platoon in alpha.children.all():
        factories.platoon_of(platoon, 2, start=1 + 2 * (platoon.name == "2nd"))
    corps = Corps(term, random.Random(seed))
    done = 0

    for _ in range(STEPS):
        before, lines = stored(term), JournalEntry.objects.count()
        deed = corps.any(corps.DEEDS)
        try:
            deed(corps)
            done += 1
        except (Refusal, IndexError):  # not now, or nothing there to do it to
            assert stored(term) == before
            continue
        said = deed.__name__.replace("_", " ")
        assert stored(term) == fresh(term), f"after somebody did {said}"
        if stored(term) != before:
            assert JournalEntry.objects.count() > lines, f"the journal has nothing of: {said}"

    assert done > STEPS / 3
    assert Enrollment.objects.filter(standing=None).count() == 0
