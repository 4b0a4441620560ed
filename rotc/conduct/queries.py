"""What the pages of the ledger ask, each in a constant number of trips."""

from itertools import groupby

from django.db.models import Q

from rotc import access
from rotc.conduct.models import Citation, ConductEntry, Kind
from rotc.roster.queries import named

SHOWS = {
    "": Q(),
    "proposed": Q(approved_at=None, declined_at=None),
    "merits": Q(kind=Kind.MERIT),
    "demerits": Q(kind=Kind.DEMERIT),
    "reversed": Q(reversed_at__isnull=False),
}
DECIDERS = ("citation", "given_by", "approved_by", "declined_by", "reversed_by")
PLENTY = 20


def entries_of(enrollment) -> list[ConductEntry]:
    """Everything in one cadet's ledger, newest first, reversed and waiting ones too; one query.

    Only those with ``counts`` make points; ``state`` says what the others are.
    """
    return list(enrollment.conduct.select_related(*DECIDERS))


def waiting(user, term):
    """The proposals that this user may decide; never one about themselves."""
    deciding = access.enrollments(user, access.GIVE_CONDUCT, term)
    return ConductEntry.objects.filter(SHOWS["proposed"], enrollment__in=deciding.order_by().values("pk"))


def proposals_waiting(user, term) -> int:
    """How many proposals wait for this user; one query."""
    return waiting(user, term).count()


def ledger(user, term, *, show="", search=""):
    """The ledger that the user may read, newest first, narrowed by a chip and a cadet's name or number."""
    found = access.conduct_entries(user, term).select_related(
        "enrollment__cadet", "enrollment__unit__parent", *DECIDERS
    )
    return found.filter(SHOWS.get(show, Q()), named(search, "enrollment__cadet"))


def cadets(user, term, *, search="", unit=None) -> list:
    """Whom the user may enter something for: those of a unit, or up to twenty found by name or number."""
    reached = access.enrollments(user, access.PROPOSE_CONDUCT, term)
    if unit is not None:
        return list(reached.filter(unit__path__startswith=unit.path))
    return list(reached.filter(named(search))[:PLENTY]) if search else []


def catalogue(*, withdrawn=False) -> list[tuple[str, list[Citation]]]:
    """The lines by class, demerits first: ``[("Class I", [...]), …, ("Merits", [...])]``; one query."""
    lines = Citation.objects.all() if withdrawn else Citation.objects.filter(withdrawn_at=None)
    in_order = sorted(lines, key=lambda line: (line.kind == Kind.MERIT, line.offense_class, line.code))
    return [(name, list(group)) for name, group in groupby(in_order, key=_class_name)]


def _class_name(citation) -> str:
    return "Merits" if citation.kind == Kind.MERIT else f"Class {citation.offense_class}"
