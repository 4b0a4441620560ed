"""The roster as a user asked for it, and the cadets that an act is meant for. The state is in the address."""

from dataclasses import dataclass
from functools import cached_property

from rotc import access
from rotc.roster import archiving, bulk, columns, profiles, queries
from rotc.roster.forms import Search, Wanted
from rotc.roster.models import Enrollment, Term

MOST_PICKS = 500


@dataclass
class Roster:
    user: object
    term: Term
    asked: object  # a query dict

    @cached_property
    def form(self) -> Search:
        units = access.units(self.user, access.SEE_ROSTER, self.term)
        everywhere = len(access.terms(self.user, access.SEE_ROSTER)) > 1
        return Search(self.asked, units=units, everywhere=everywhere)

    @property
    def everywhere(self) -> bool:
        return self.form.everywhere

    @cached_property
    def sees_facts(self) -> bool:
        """Whether what is personal may be searched and shown missing."""
        return access.may(self.user, access.SEE_GRADES, term=self.term)

    @property
    def show(self) -> str:
        asked = self.asked.get("show", "")
        return asked if asked in ("incomplete", "archived") and self.sees_facts else ""

    @property
    def level(self) -> str | None:
        return self.asked.get("ms")

    @cached_property
    def reached(self):
        right = access.SEE_GRADES if self.show else access.SEE_ROSTER
        if self.everywhere:
            return access.enrollments_everywhere(self.user, right)
        return access.enrollments(self.user, right, self.term)

    @cached_property
    def found(self):
        """Whoever the tab, the words and the unit leave, of every MS level."""
        found = queries.search(self.reached, **self.form.chosen(), by_email=self.sees_facts)
        if self.show == "archived":
            return found.filter(cadet__archived_at__isnull=False)
        if self.show == "incomplete":
            return found.filter(profiles.incomplete(), cadet__archived_at=None)
        return found if self.everywhere else found.filter(archiving.serving(self.term))

    @cached_property
    def cadets(self):
        return queries.search(self.found, ms_level=self.level)

    @property
    def whole(self):
        """All of the list in its order, for a file."""
        return self.cadets.select_related("unit__parent__parent").order_by(*self._order)

    @property
    def columns(self):
        """What a file says of each; what is personal only where the user reads it on the cadet's page too."""
        return columns.roster(
            lambda unit: access.may(self.user, access.SEE_GRADES, unit),
            self.show,
            of_many_terms=self.everywhere,
        )

    @property
    def _order(self):
        return queries.BY_NAME if self.everywhere else queries.IN_FORMATION

    @cached_property
    def page(self):
        page = queries.page_of(self.cadets, self.asked.get("page"), self._order)
        for each in page if self.show == "incomplete" else []:
            each.missing = profiles.missing(each.cadet, each)
        return page

    @cached_property
    def levels(self):
        return queries.ms_levels(self.found)

    @property
    def narrowed(self) -> bool:
        names = ("q", "unit", "ms", "where")
        return any(self.asked.get(name) for name in names) or self.level is not None

    @cached_property
    def may_change(self) -> bool:
        return access.may(self.user, access.CHANGE_ROSTER, term=self.term)

    @property
    def acts(self):
        """What may be done with many of those on the page."""
        if not self.may_change or self.everywhere:
            return []
        open_acts = [each for each in bulk.ACTS.values() if not (each.field and self.term.closed_at)]
        if self.show == "archived":
            return [each for each in open_acts if each.name == "restore"]
        return [each for each in open_acts if each.name != "restore"]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The address's facts, for forms that go on from here."""
        names = ("term", "show", "q", "unit", "ms")
        return [("term", self.term.name)] + [
            (name, self.asked[name]) for name in names[1:] if name in self.asked
        ]


@dataclass
class Bulk:
    """An act, the cadets it is meant for, and what it would do to them."""

    user: object
    term: Term
    asked: object

    @property
    def act(self) -> bulk.Act | None:
        """None where the address names no act."""
        return bulk.ACTS.get(self.asked.get("act", ""))

    @cached_property
    def pks(self) -> set[int]:
        if self.act and self.asked.get("all"):
            roster = Roster(self.user, self.term, self.asked)
            # A search that cannot be read shows everybody; nothing is done to everybody by it.
            found = (
                roster.cadets.filter(term=self.term) if roster.form.is_valid() else Enrollment.objects.none()
            )
            return set(found.values_list("pk", flat=True))
        ticked = {access.number_asked(pk) for pk in self.asked.getlist("pick")[:MOST_PICKS]}
        reached = access.enrollments(self.user, access.SEE_ROSTER, self.term)
        return set(reached.filter(pk__in=ticked).values_list("pk", flat=True))

    @cached_property
    def allowed(self) -> set[int]:
        reached = access.enrollments(self.user, access.CHANGE_ROSTER, self.term, archived=True)
        return set(reached.filter(pk__in=self.pks).values_list("pk", flat=True))

    @cached_property
    def form(self) -> Wanted | None:
        """What is still to be chosen: the unit, level or status. None for an act that asks for nothing."""
        if not (self.act and self.act.field):
            return None
        units = access.units(self.user, access.CHANGE_ROSTER, self.term)
        return Wanted(self.asked if "to" in self.asked else None, field=self.act.field, units=units)

    @property
    def is_chosen(self) -> bool:
        return bool(self.act and self.pks) and (self.form is None or self.form.is_valid())

    @property
    def to(self):
        return self.form.cleaned_data["to"] if self.form else None

    @cached_property
    def preview(self) -> bulk.Preview:
        reached = access.enrollments(self.user, access.SEE_ROSTER, self.term)
        return bulk.preview(self.act, reached.filter(pk__in=self.pks), self.allowed, self.to)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The address without what is still to be chosen."""
        return [(name, value) for name, values in self.asked.lists() if name != "to" for value in values]

    def confirm(self, seen: str) -> bulk.Preview:
        return bulk.perform(self.act, self.term, self.pks, self.allowed, self.to, seen=seen, by=self.user)
