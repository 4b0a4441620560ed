"""The pages on which somebody decides beside the engine: a cadet's code, a cadet's drop."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.text import capfirst

from rotc import access
from rotc.roster.models import Enrollment
from rotc.standings import remarks
from rotc.standings.queries import standing_of
from rotc.verdicts import overrides, queries
from rotc.verdicts.forms import CodeForm, DropForm


@dataclass
class CodePage:
    """A cadet's code as it is: the figures beside it, and what was set and lifted before."""

    enrollment: Enrollment

    @cached_property
    def standing(self):
        return standing_of(self.enrollment)

    @cached_property
    def override(self):
        return overrides.in_force([self.enrollment.pk]).get(self.enrollment.pk)

    @cached_property
    def history(self):
        return list(queries.history(self.enrollment, "code"))

    def form(self, given=None, kept=None) -> CodeForm:
        """Over what is in force now; ``kept`` is what somebody gave when it was refused."""
        seen = {"seen": self.override.pk if self.override else None}
        codes, now = overrides.codes(self.enrollment.term), self.override.code if self.override else ""
        return CodeForm(given, codes=codes, in_force=now, initial={**(kept or {}), **seen})


@dataclass
class DropPage:
    """A drop that is recommended, or of which somebody decided, as this user reads it."""

    user: object
    enrollment: Enrollment

    @cached_property
    def standing(self):
        return standing_of(self.enrollment)

    @property
    def recommended(self) -> str:
        return self.standing.recommends

    @property
    def decision(self) -> dict:
        return self.standing.decision

    @property
    def decided(self) -> str:
        return capfirst(remarks.decided(self.decision))

    @cached_property
    def days(self):
        return queries.absences(self.enrollment)

    @cached_property
    def history(self):
        return list(queries.history(self.enrollment, "drop"))

    @cached_property
    def may_decide(self) -> bool:
        return may_change(self.user, self.enrollment, access.DECIDE_DROPS)

    def form(self, given=None, kept=None) -> DropForm:
        """Over what is recommended and in force now; ``kept`` is what somebody gave when it was refused."""
        seen = {"recommended": self.recommended, "seen": self.decision.get("id")}
        return DropForm(given, initial={**(kept or {}), **seen})


def may_change(user, enrollment: Enrollment, right: str) -> bool:
    """Whether a link to change something of this cadet leads anywhere for the user."""
    may = access.may(user, right, enrollment.unit) and not access.owns(user, enrollment)
    return may and enrollment.term.closed_at is None and enrollment.cadet.archived_at is None
