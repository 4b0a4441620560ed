"""Terms and their units."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.access.doors import check, number_asked
from rotc.rights import SEE_ROSTER, appointments, may, within
from rotc.roster.models import Term, Unit


def term(user, name: str | None = None) -> Term | None:
    """The named term (404 when unknown); without a name the newest open one, else the newest, else None.

    For somebody appointed in open terms it is the newest of those: a term that is opened beside them, in which
    they have no part yet, does not take them out of their work.
    """
    units = [each.unit for each in appointments(user)]
    own = {unit.term.name: unit.term for unit in units if unit}
    if name:  # PostgreSQL takes no null byte as text
        return own.get(name) or get_object_or_404(Term, name=name.replace("\0", ""))
    if all(units) and (open_ones := [name for name, each in own.items() if each.closed_at is None]):
        return own[max(open_ones)]
    return Term.objects.filter(closed_at=None).first() or Term.objects.first()


def whole_term(user, name: str, right: str) -> Term:
    """The named term, to somebody whose ``right`` reaches the whole corps of it."""
    found = term(user, name)
    check(may(user, right, Unit(term=found, path="")))
    return found


def terms(user, right: str) -> list[Term]:
    """The terms in which the user holds ``right`` over something, newest first."""
    return [each for each in Term.objects.all() if may(user, right, term=each)]


def _reached_whole(user, right):
    reached = [each.pk for each in Term.objects.all() if may(user, right, Unit(term=each, path=""))]
    return Term.objects.filter(pk__in=reached)


def units(user, right: str, of: Term | None):
    """The units of a term that ``right`` reaches, in order of formation; none where there is no term."""
    if of is None:
        return Unit.objects.none()
    return Unit.objects.filter(within(user, right, of, ""), term=of).select_related("parent", "term")


def unit(user, pk: int, right: str) -> Unit:
    found = get_object_or_404(Unit.objects.select_related("term", "parent__parent"), pk=pk)
    if not any(may(user, each, found) for each in (right, SEE_ROSTER)):
        raise Http404
    check(may(user, right, found))
    return found


def unit_asked(user, asked: str | None, right: str, of: Term) -> Unit | None:
    """The unit of this term whose number stands in an address; None where none is asked for."""
    if not asked:
        return None
    found = unit(user, number_asked(asked), right)
    if found.term_id != of.pk:
        raise Http404
    return found
