"""Choosing cadets as a page: from which term, who is shown, who is ticked, what would be written."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404

from rotc import access
from rotc.roster.models import Term, Unit
from rotc.roster.queries import ms_levels
from rotc.terms import choosing, continuing
from rotc.terms.carrying import tally
from rotc.terms.forms import ChoosingForm

MOST_ROWS = 2000
# The rooms that show one term, whichever is asked for.
ROOMS = {"/attendance/", "/conduct/", "/sheet/", "/board/", "/reports/", "/roster/"}


def may_enroll(user, term: Term) -> bool:
    """Whether the user may enroll cadets anywhere in a term that takes them."""
    return term.closed_at is None and access.may(user, access.CHANGE_ROSTER, Unit(term=term, path=""))


def begun_from(user, asked: str | None) -> Term | None:
    """The term that a new one begins from: the newest, unless another or none (blank) is asked for."""
    if asked == "":
        return None
    return access.term(user, asked) if asked else Term.objects.first()


@dataclass
class Choosing:
    """``asked`` is the address while one chooses and the form once something is ticked."""

    user: object
    term: Term
    sources: list[Term]
    source: Term | None
    asked: dict
    posted: bool

    @cached_property
    def enrollments(self):
        """Everybody of the earlier term whom the user reads, but themselves: somebody else enrolls them."""
        reached = access.enrollments(self.user, access.SEE_GRADES, self.source)
        return reached.exclude(cadet=self.user.cadet_id) if self.user.cadet_id else reached

    @cached_property
    def form(self) -> ChoosingForm:
        units = access.units(self.user, access.SEE_GRADES, self.source)
        levels = [level for level, _ in ms_levels(self.enrollments)]
        return ChoosingForm(self.asked, units=units, levels=levels)

    @property
    def promote(self) -> str:
        return self.form.chosen("promote") or choosing.PROMOTE

    @cached_property
    def narrowed(self):
        """The enrollments that are shown, as far as the database narrows them."""
        found = self.enrollments
        if unit := self.form.chosen("unit"):
            found = found.filter(unit__path__startswith=unit.path)
        if level := self.form.chosen("ms"):
            found = found.filter(ms_level=level)
        return found

    @cached_property
    def size(self) -> int:
        return choosing.to_choose_from(self.narrowed, self.term).count()

    @property
    def too_long(self) -> bool:
        return self.size > MOST_ROWS

    @cached_property
    def rows(self) -> list[choosing.Proposal]:
        if self.too_long:
            return []
        found = choosing.proposals(self.narrowed, self.source, self.term, self.promote)
        outcome = self.form.chosen("outcome")
        return [each for each in found if outcome in (None, each.outcome)]

    @cached_property
    def ticked(self) -> dict[int, str]:
        """``{enrollment: stamp}`` as it was posted; what is no tick is nothing."""
        if not self.posted:
            return {}
        pairs = [key.partition(".") for key in self.asked.getlist("cadet")]
        return {access.number_asked(pk): stamp for pk, _, stamp in pairs}

    @cached_property
    def marked(self) -> set[int]:
        """Whose box is ticked: as posted, else all or none where that is asked for, else as proposed."""
        if self.posted:
            return set(self.ticked)
        tick = self.asked.get("tick")
        wanted = {"all": lambda each: True, "none": lambda each: False}.get(tick, lambda each: each.goes_on)
        return {each.enrollment.pk for each in self.rows if wanted(each)}

    @property
    def tick(self) -> str:
        """Which of the three ways to tick is in force; none once somebody ticked by hand."""
        return "" if self.posted else self.asked.get("tick") or "proposed"

    @property
    def shown(self) -> str:
        """The address of what is shown, without its ticks."""
        chosen = {name: self.asked.get(name) for name in self.form.fields if self.asked.get(name)}
        return f"?{urlencode({'from': self.source.name} | chosen)}"

    @cached_property
    def going(self) -> list[choosing.Proposal]:
        return [each for each in self.rows if each.enrollment.pk in self.marked]

    @property
    def moved(self) -> bool:
        """Whether a ticked cadet is not as they were shown any more."""
        return {each.enrollment.pk: each.stamp for each in self.going} != self.ticked

    @property
    def promoted(self) -> int:
        return sum(each.promoted for each in self.going)

    @property
    def tally(self) -> str:
        return tally(self.promoted, len(self.going) - self.promoted)

    @property
    def left(self) -> int:
        return len(self.rows) - len(self.going)

    @property
    def groups(self) -> list[tuple[str, str, int]]:
        """``(level before, level after, how many)`` of those who go on."""
        found = {}
        for each in self.going:
            step = (each.enrollment.ms_level or "No level", each.level or "no level")
            found[step] = found.get(step, 0) + 1
        return [(*step, many) for step, many in sorted(found.items())]

    @cached_property
    def archived(self) -> int:
        return self.enrollments.filter(cadet__archived_at__isnull=False).count()

    @cached_property
    def already(self) -> int:
        return self.term.enrollments.filter(cadet__enrollments__term=self.source).count()

    @property
    def may_continue(self) -> bool:
        """Whether this user may let cadet officers go on: whoever may open the term."""
        return access.may(self.user, access.OPEN_TERMS, Unit(term=self.term, path=""))

    @property
    def officers_asked(self) -> bool:
        return self.posted and "officers" in self.asked and self.may_continue

    @cached_property
    def leading(self) -> list:
        """What the cadets who go on lead in the earlier term."""
        if not self.may_continue:
            return []
        chosen = [each.enrollment.pk for each in self.going]
        return list(continuing.of_cadets(self.source, self.term, chosen))

    @property
    def appointments(self) -> set[int]:
        """Those that were shown and accepted, by number."""
        return {access.number_asked(pk) for pk in self.asked.getlist("appointment")}

    @property
    def next_year(self) -> bool:
        return self.term.school_year != self.source.school_year


def choosing_for(user, name: str, asked, *, posted: bool) -> Choosing:
    """The page for the term of this name. Who enrolls in it and reads the whole earlier term may choose."""
    term = access.whole_term(user, name, access.CHANGE_ROSTER)
    sources = [
        each
        for each in Term.objects.filter(name__lt=term.name)
        if access.may(user, access.SEE_GRADES, Unit(term=each, path=""))
    ]
    return Choosing(user, term, sources, _source(term, sources, asked.get("from")), asked, posted)


def _source(term, sources, asked) -> Term | None:
    wanted = [each for each in sources if each.name == asked] if asked else []
    if asked and not wanted:
        raise Http404
    before = [each for each in sources if each.pk == term.opened_from_id]
    return next(iter(wanted or before or sources), None)
