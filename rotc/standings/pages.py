"""My standing: the result, what is still needed, and the evidence for every point."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils import timezone

from rotc.attendance.queries import marks_of
from rotc.conduct.queries import entries_of
from rotc.exams.models import Score
from rotc.grading import Verdict, grade, needed
from rotc.journal.models import JournalEntry
from rotc.roster.models import Enrollment
from rotc.standings import queries, remarks
from rotc.standings.models import Standing
from rotc.verdicts.models import Override
from rotc.verdicts.overrides import in_force
from rotc.web.release import release

HEADLINES = {
    Verdict.PASSED: "Passed",
    Verdict.FAILED: "Failed",
    Verdict.INCOMPLETE: "Incomplete",
    Verdict.DROPPED: "For confirmation by the Commandant",
    Verdict.OVERRIDDEN: "Set by hand",
}


@dataclass(frozen=True)
class Headline:
    """The number that matters largest, what it is, and why it is not more."""

    figure: str
    words: str
    reasons: list[str]


@dataclass(frozen=True)
class ExamNeed:
    """What one exam to come must bring: for a pass, and for each better rating in reach."""

    exam: str
    of: int
    for_pass: int | None
    better: list[tuple[str, int]]


@dataclass
class StandingPage:
    enrollment: Enrollment
    standing: Standing

    @cached_property
    def record(self):
        return queries.record(self.enrollment)

    @cached_property
    def rules(self):
        return self.enrollment.term.rules

    @cached_property
    def result(self):
        return grade(self.record, self.rules)

    @cached_property
    def override(self) -> Override | None:
        """The code set by hand, while one is in force."""
        if self.result.verdict is not Verdict.OVERRIDDEN:
            return None
        return in_force([self.enrollment.pk]).get(self.enrollment.pk)

    @property
    def running(self) -> bool:
        return self.result.verdict is Verdict.IN_PROGRESS

    @cached_property
    def headline(self) -> Headline:
        result = self.result
        if self.override:
            return Headline(
                result.rating, HEADLINES[result.verdict], [f"{result.reasons[0]}: {self.override.reason}"]
            )
        if self.standing.is_confirmed:
            return Headline(result.rating, "Dropped", list(result.reasons))
        if not self.running:
            return Headline(result.rating, HEADLINES[result.verdict], list(result.reasons))
        if result.if_ended_today:
            return Headline(result.if_ended_today, "If it ended today", [])
        if result.total is None:
            return Headline("–", "Not graded yet", self._not_yet())
        return Headline(f"{result.total:.2f}", "Points so far", self._missing_to_a_pass())

    def _not_yet(self) -> list[str]:
        words = {
            "attendance": "No training day is marked for you yet.",
            "proficiency": "No exam score is entered for you yet.",
        }
        missing = [text for name, text in words.items() if getattr(self.result, name).points is None]
        return [*missing, *self._below_minimum()]

    def _below_minimum(self) -> list[str]:
        return [f"{each}." for each in remarks.below_minimum(self.result.reasons)]

    def _missing_to_a_pass(self) -> list[str]:
        rules, result, short = self.rules, self.result, self._below_minimum()
        if result.total < rules.passing_total:
            short.append(
                f"{rules.passing_total - result.total:.2f} points are missing to a pass at {rules.passing_total}."
            )
        return short

    @property
    def decision(self) -> str:
        """What was decided of a drop, by whom and why; empty while nothing is."""
        decision = self.standing.decision
        if not decision:
            return ""
        said = f"Drop {remarks.decided(decision)}: {decision['reason']}"
        return (
            said if decision["now"] else f"{said}. It is no longer backed by the figures and grades nobody."
        )

    @cached_property
    def warning(self) -> str:
        """Said when the next unexcused absence would drop the cadet."""
        near = queries.near_drop(self.record, self.rules)
        return "One more unexcused absence and you would be dropped." if near else ""

    @cached_property
    def needs(self) -> list[ExamNeed]:
        if not self.running:
            return []
        exams = {exam.name: exam for exam in self.record.exams}
        found = {}
        for need in needed(self.record, self.rules):
            found.setdefault(need.exam, []).append(need)
        return [
            ExamNeed(
                name,
                exams[name].items,
                needs[-1].raw,
                [(need.rating, need.raw) for need in needs[:-1] if need.raw is not None],
            )
            for name, needs in found.items()
        ]

    @property
    def needs_at_once(self) -> bool:
        """Whether more than one exam is still to come: then each need takes the others at the same percentage."""
        return len(self.needs) > 1

    @cached_property
    def places(self):
        return queries.places(self.enrollment, self.standing)

    @cached_property
    def days(self):
        return marks_of(self.enrollment)

    @cached_property
    def entries(self):
        return entries_of(self.enrollment)

    @cached_property
    def exams(self):
        """``(exam, score or None)`` in the term's order."""
        scores = {each.exam_id: each for each in Score.objects.filter(enrollment=self.enrollment)}
        return [(exam, scores.get(exam.pk)) for exam in self.enrollment.term.exams.all()]

    @cached_property
    def next_day(self):
        days = self.enrollment.term.training_days.filter(held_at=None, cancelled_at=None)
        return days.filter(date__gte=timezone.localdate()).first()

    @cached_property
    def other_terms(self):
        return list(
            Enrollment.objects.filter(cadet=self.enrollment.cadet_id)
            .exclude(pk=self.enrollment.pk)
            .select_related("term")
            .order_by("-term__name")
        )

    def etag(self, user) -> str:
        """Changes whenever the page would: by reader, standing, facts, places, day or release."""
        facts = JournalEntry.objects.filter(
            Q(enrollment_id=self.enrollment.pk)
            | Q(cadet_id=self.enrollment.cadet_id)
            | Q(term_id=self.enrollment.term_id, enrollment_id=None)
        ).aggregate(last=Max("pk"), lines=Count("pk"))
        places = "-".join(f"{place}.{of}" for place, of in self.places.values())
        parts = (
            user.pk,
            self.enrollment.pk,
            self.standing.version,
            facts["last"],
            facts["lines"],
            places,
            f"{timezone.localdate():%Y%m%d}",
            release(),
        )
        return '"' + "_".join(str(part) for part in parts) + '"'


def standing_page(enrollment: Enrollment) -> StandingPage:
    return StandingPage(enrollment, queries.standing_of(enrollment))


def own_enrollment(user, name: str | None) -> Enrollment | None:
    """The cadet's enrollment in the named term, by default in the newest; None when there is none."""
    own = Enrollment.objects.filter(cadet=user.cadet_id).select_related(
        "cadet", "term", "standing", "unit__parent__parent"
    )
    if name:
        own = own.filter(term__name=name)
    return own.order_by("-term__name").first() if user.cadet_id else None
