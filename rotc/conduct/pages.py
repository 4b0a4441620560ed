"""Giving an entry, as a page: first whom, then what."""

from dataclasses import dataclass, field

from rotc import access
from rotc.conduct import actions, queries
from rotc.roster.models import Enrollment, Term, Unit


@dataclass
class Giving:
    """Who is to be given something: found by name, taken from a unit, or named in the address."""

    user: object
    term: Term
    search: str = ""
    unit: Unit | None = None
    cadets: list[Enrollment] = field(default_factory=list)
    ticked: set[int] = field(default_factory=set)

    @property
    def units(self) -> list[Unit]:
        reached = access.units(self.user, access.PROPOSE_CONDUCT, self.term)
        return [unit for unit in reached if unit.kind in (Unit.Kind.PLATOON, Unit.Kind.COMPANY)]

    @property
    def asks_whom(self) -> bool:
        return self.unit is None and not self.ticked

    @property
    def counts_at_once(self) -> bool:
        """Whether what is given needs nobody's approval."""
        units = [each.unit for each in self.cadets] or ([self.unit] if self.unit else [])
        return all(access.may(self.user, access.GIVE_CONDUCT, unit) for unit in units)

    def enter(self, facts) -> list:
        chosen = access.chosen(self.user, self.ticked, access.PROPOSE_CONDUCT)
        at_once = all(access.may(self.user, access.GIVE_CONDUCT, each.unit) for each in chosen)
        return (actions.give if at_once else actions.propose)(chosen, by=self.user, **facts)


def giving_for(user, term, asked, ticked) -> Giving:
    """The page that ``asked`` (a query dict) names, with those cadets ticked; 404 beyond the user's reach."""
    search = asked.get("q", "").strip()[:80]
    pks = {access.number_asked(pk) for pk in ticked}
    if unit := access.unit_asked(user, asked.get("unit"), access.PROPOSE_CONDUCT, term):
        return Giving(user, term, unit=unit, cadets=queries.cadets(user, term, unit=unit), ticked=pks)
    if pks:
        cadets = access.chosen(user, pks, access.PROPOSE_CONDUCT)
        return Giving(user, cadets[0].term, cadets=cadets, ticked=pks)
    return Giving(user, term, search=search, cadets=queries.cadets(user, term, search=search))
