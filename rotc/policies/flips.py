"""Who flips: the cadets whose rating, verdict or rating so far another policy would change, the worst first."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from rotc.grading import Policy, Result, Verdict, grade
from rotc.roster.models import Enrollment, Term, Unit
from rotc.standings.queries import records

# What becomes of a cadet, the worst first: its sign, and how it is counted.
KINDS = {
    "dropped": ("▼", "dropped for confirmation"),
    "lost": ("▼", "no pass any more"),
    "worse": ("▼", "a worse rating"),
    "other": ("◆", "another outcome"),
    "kept": ("▲", "not dropped any more"),
    "gained": ("▲", "a pass now"),
    "better": ("▲", "a better rating"),
}
NO_PASS = Decimal(100)


@dataclass(frozen=True)
class Flip:
    """One cadet under the policy in force and under the other one."""

    enrollment_id: int
    path: str
    before: Result
    after: Result

    @cached_property
    def kind(self) -> str:
        was, would_be = self.before.verdict is Verdict.DROPPED, self.after.verdict is Verdict.DROPPED
        if was != would_be:
            return "dropped" if would_be else "kept"
        return self._by_rating

    @property
    def _by_rating(self) -> str:
        before, after = _number(self.before), _number(self.after)
        if before is None or after is None or before == after:
            return "other"
        if after > before:
            return "lost" if after == NO_PASS else "worse"
        return "gained" if before == NO_PASS else "better"

    @property
    def sign(self) -> str:
        return KINDS[self.kind][0]

    @property
    def words(self) -> str:
        return KINDS[self.kind][1].capitalize()

    @property
    def was(self) -> str:
        return outcome(self.before)

    @property
    def would_be(self) -> str:
        return outcome(self.after)

    @property
    def why(self) -> str:
        """What the other policy has against a pass; nothing where it has nothing."""
        return "" if passes(self.after) else "; ".join(self.after.reasons)

    @property
    def weight(self) -> tuple[int, Decimal]:
        """For the order: the kind, then how far it falls."""
        fall = (_number(self.before) or NO_PASS) - (_number(self.after) or NO_PASS)
        return list(KINDS).index(self.kind), fall

    @property
    def line(self) -> str:
        return f"{self.enrollment_id}|{self.was}|{self.before.total}|{self.would_be}|{self.after.total}"


def outcome(result: Result) -> str:
    """``2.50`` (if it ended today, while the term runs), ``DRP``, ``No pass``, ``No total yet``."""
    rating = result.rating or result.if_ended_today
    return rating or ("No total yet" if result.total is None else "No pass")


def passes(result: Result) -> bool:
    return result.verdict is Verdict.PASSED or result.if_ended_today is not None


def _number(result) -> Decimal | None:
    """Where it stands from 1.00 on, more is worse; ``None`` where no number says it (no total, letters, a code)."""
    if result.verdict is Verdict.FAILED or (
        result.verdict is Verdict.IN_PROGRESS and result.total is not None and not result.if_ended_today
    ):
        return NO_PASS
    try:
        return Decimal(result.if_ended_today or result.rating or "")
    except InvalidOperation:
        return None


def _said(result) -> tuple:
    return result.verdict, result.rating, result.if_ended_today


@dataclass
class Flips:
    """Those of ``of`` cadets who would change."""

    of: int
    all: list[Flip]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """``(sign, what, how many)``, the worst first."""
        found = Counter(each.kind for each in self.all)
        return [(*KINDS[kind], found[kind]) for kind in KINDS if found[kind]]

    @property
    def seen(self) -> str:
        """Changes whenever the list would; what was shown carries it back."""
        lines = sorted(each.line for each in self.all)
        return hashlib.sha256("\n".join([str(self.of), *lines]).encode()).hexdigest()[:24]

    def within(self, unit: Unit) -> "Flips":
        """Those of one unit, and how many it has."""
        of = Enrollment.objects.filter(term=unit.term_id, unit__path__startswith=unit.path).count()
        return Flips(of, [each for each in self.all if each.path.startswith(unit.path)])


def flips(term: Term, other: Policy) -> Flips:
    """Every cadet of the term graded twice, from their facts as they are now; equals in order of formation."""
    paths = dict(term.enrollments.values_list("pk", "unit__path"))
    rules, found = term.rules, []
    for enrollment_id, record in records(term, list(paths)):
        before, after = grade(record, rules), grade(record, other)
        if _said(before) != _said(after):
            found.append(Flip(enrollment_id, paths[enrollment_id], before, after))
    found.sort(key=lambda each: each.weight)
    return Flips(len(paths), found)


def with_cadets(found: Iterable[Flip]) -> list[tuple[Flip, Enrollment]]:
    """Each with its cadet and unit."""
    found = list(found)
    placed = Enrollment.objects.select_related("cadet", "unit__parent__parent")
    places = placed.in_bulk([each.enrollment_id for each in found])
    return [(each, places[each.enrollment_id]) for each in found]
