"""Which cadets of an earlier term go on into a new one, at which MS level, and why."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from rotc.grading import Policy
from rotc.roster.models import Enrollment, Term, Unit, folded
from rotc.roster.naming import ordinal
from rotc.standings.queries import standing_of

PROMOTE, KEEP = "promote", "keep"
# The basic course has two levels; who has passed the second has finished.
FIRST, SECOND = "MS1", "MS2"
OUTCOMES = {
    "passed": "Passed",
    "failed": "Failed",
    "incomplete": "Incomplete",
    "dropped": "Dropped",
    "ungraded": "Not graded yet",
}
LAST_YEAR = 5


@dataclass(frozen=True)
class Proposal:
    """A cadet of the earlier term: what came of it, where they would stand, and whether they go on by default."""

    enrollment: Enrollment
    outcome: str
    why: str
    unit: Unit
    level: str
    year_level: str
    goes_on: bool

    @property
    def promoted(self) -> bool:
        return self.level != self.enrollment.ms_level

    @property
    def moved(self) -> bool:
        """Whether their unit is not there any more, so that they would stand in the one above it."""
        return self.unit.path != self.enrollment.unit.path

    @property
    def stamp(self) -> str:
        """Changes when anything shown of them does."""
        of = self.enrollment
        shown = (self.why, self.unit.pk, self.level, self.year_level, of.rank, of.position, of.ms_level)
        return blake2b("|".join(map(str, shown)).encode(), digest_size=5).hexdigest()

    @property
    def key(self) -> str:
        """What a tick of them says: who, and as they were shown."""
        return f"{self.enrollment.pk}.{self.stamp}"


def proposals(enrollments, source: Term, into: Term, promote: str) -> list[Proposal]:
    """A proposal for each of these enrollments of ``source``, whose cadet is not archived and not enrolled yet."""
    units = {unit.path: unit for unit in into.units.select_related("parent")}
    years = int(into.school_year[:4]) - int(source.school_year[:4])
    rules = source.rules
    open_to = to_choose_from(enrollments, into).select_related("cadet", "unit__parent", "standing")
    return [_proposal(each, rules, units, years, promote) for each in open_to]


def to_choose_from(enrollments, into: Term):
    return enrollments.filter(cadet__archived_at=None).exclude(cadet__in=_enrolled(into))


def _enrolled(into):
    return Enrollment.objects.filter(term=into).values("cadet")


def _proposal(enrollment, rules, units, years, promote) -> Proposal:
    outcome, why = outcome_of(enrollment, rules)
    level, goes_on = enrollment.ms_level, outcome != "dropped"
    if outcome == "passed" and promote == PROMOTE:
        if level == FIRST:
            level = SECOND
        elif level == SECOND:
            goes_on, why = False, f"{why}: has finished {SECOND}"
    return Proposal(
        enrollment=enrollment,
        outcome=outcome,
        why=why,
        unit=_nearest(units, enrollment.unit.path),
        level=level,
        year_level=year_after(enrollment.year_level, years),
        goes_on=goes_on,
    )


def outcome_of(enrollment, rules: Policy) -> tuple[str, str]:
    """How somebody ended a term, or stands in it while it runs: a key of ``OUTCOMES``, and the reason in words."""
    standing = standing_of(enrollment)
    if folded(enrollment.status) == "dropped":
        return "dropped", "Dropped, as the roster says"
    if standing.verdict == "overridden":
        stays = standing.rating in (rules.code_incomplete, rules.code_deferred)
        return ("incomplete" if stays else "dropped"), f"{standing.rating}, set by hand"
    if standing.verdict == "passed":
        return "passed", f"Passed with {standing.rating}"
    if standing.verdict == "in_progress":
        return _so_far(standing)
    return standing.verdict, standing.remark


def _so_far(standing) -> tuple[str, str]:
    if standing.if_ended_today:
        return "passed", f"{standing.if_ended_today} if the term ended today"
    if standing.total is not None:
        return "failed", "No pass if the term ended today"
    return "ungraded", "Not graded yet"


def _nearest(units, path) -> Unit:
    while path not in units:
        path = path[: path.rstrip("/").rfind("/") + 1]
    return units[path]


def year_after(year_level: str, years: int) -> str:
    """The year level so many school years later, the 5th at most; what is no such level stays."""
    match = re.fullmatch(r"([1-5])(st|nd|rd|th)", year_level)
    return ordinal(str(min(int(match[1]) + max(years, 0), LAST_YEAR))) if match else year_level
