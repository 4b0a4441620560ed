"""Cadets and their enrollments, to read and to change."""

from django.db.models import Q
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.access.doors import REFUSED, check
from rotc.refusals import Archived
from rotc.rights import READING, SEE_GRADES, SEE_ROSTER, holding, may, reads_other_terms, within
from rotc.roster.models import Cadet, Enrollment, Term


def enrollments(user, right: str, of: Term | None, *, archived: bool = False):
    """The enrollments of a term that ``right`` reaches, in order of formation and name; none without a term.

    Those that a right to change reaches leave out the user's own and, unless ``archived``, archived cadets.
    """
    if of is None:
        return Enrollment.objects.none()
    reached = Enrollment.objects.filter(within(user, right, of, "unit__"), term=of)
    if right not in READING and user.cadet_id is not None:
        reached = reached.exclude(cadet=user.cadet_id)
    if right not in READING and not archived:
        reached = reached.filter(cadet__archived_at=None)
    return reached.select_related("cadet", "unit__parent", "term")


def enrollments_everywhere(user, right: str):
    """The enrollments of all terms that a right to read reaches."""
    reach = Q(pk=None)
    for each in holding(user, right):
        if each.unit is None or reads_other_terms(each, right):
            reach = Q()
            break
        reach |= Q(term=each.unit.term_id, unit__path__startswith=each.unit.path)
    return Enrollment.objects.filter(reach).select_related("cadet", "unit__parent", "term")


def enrollment(user, pk: int, right: str = SEE_GRADES, *, archived: bool = False) -> Enrollment:
    """An enrollment to read or to change. A cadet reads their own and changes nothing in it.

    That of an archived cadet is not changed (``Archived``), unless ``archived``.
    """
    return _admitted(user, get_object_or_404(_whole_enrollments(), pk=pk), right, archived=archived)


def enrollment_each(user, pks, right: str) -> dict[int, Enrollment | Exception]:
    """For each of these numbers what ``enrollment`` gives, or what it raises; in one trip."""
    found = Enrollment.objects.select_related("cadet", "term", "unit").in_bulk(set(pks))
    return {pk: _tried(user, found.get(pk), right) for pk in pks}


def enrolled_each(user, cadets, of: Term, right: str) -> dict:
    """For each of these cadets of a term what ``enrollment`` gives, or what it raises; in one trip.

    A cadet is told by number, or by student number as text.
    """
    told = {each: each.casefold() if isinstance(each, str) else each for each in cadets}
    places = Enrollment.objects.filter(term=of).annotate(told=Lower("cadet__student_number"))
    numbers = [each for each in told.values() if not isinstance(each, str)]
    places = places.filter(Q(cadet__in=numbers) | Q(told__in=set(told.values()) - set(numbers)))
    found = {}
    for place in places.select_related("cadet", "term", "unit"):
        found |= {place.cadet_id: place, place.told: place}
    return {each: _tried(user, found.get(key), right) for each, key in told.items()}


def _tried(user, found, right):
    try:
        return _admitted(user, found, right) if found else Http404()
    except (*REFUSED, Archived) as refusal:
        return refusal


def _whole_enrollments():
    return Enrollment.objects.select_related("cadet", "term", "unit__parent__parent")


def _admitted(user, found, right, *, archived=False) -> Enrollment:
    own = owns(user, found)
    if not own and not any(may(user, each, found.unit) for each in (right, SEE_ROSTER)):
        raise Http404
    reads_own = own and right == SEE_GRADES
    check(reads_own or (may(user, right, found.unit) and (right in READING or not own)))
    if right not in READING and not archived:
        _refuse_archived(found)
    return found


def _refuse_archived(found) -> None:
    if found.cadet.archived_at:
        raise Archived(found.cadet)


def chosen(user, pks, right: str) -> list[Enrollment]:
    """Several enrollments of one term to change, all of them or a refusal; none is the user's own."""
    found = list(
        Enrollment.objects.filter(pk__in=pks).select_related("cadet", "term", "unit__parent").order_by("pk")
    )
    if len(found) != len(set(pks)) or not all(may(user, right, each.unit) for each in found):
        raise Http404
    check(not any(owns(user, each) for each in found))
    for each in found:
        _refuse_archived(each)
    return found


def owns(user, of: Enrollment) -> bool:
    return user.cadet_id is not None and user.cadet_id == of.cadet_id


def enrollments_of(user, of: Cadet, right: str) -> list[Enrollment]:
    """The terms of one cadet that ``right`` reaches, newest first."""
    found = of.enrollments.select_related("unit", "term").order_by("-term__name")
    return [each for each in found if may(user, right, each.unit)]


def cadet(user, pk: int, right: str = SEE_ROSTER) -> Cadet:
    """A cadet whom the user reaches in at least one term; whoever runs every term reaches them all."""
    found = get_object_or_404(Cadet, pk=pk)
    units = [place.unit for place in found.enrollments.select_related("unit")] or [None]
    if not any(_may_at(user, SEE_ROSTER, each) for each in units):
        raise Http404
    check(any(_may_at(user, right, each) for each in units))
    check(right in READING or found.pk != user.cadet_id)
    return found


def own_cadet(user) -> Cadet:
    """The signed-in cadet's record; whoever is no cadet has none (404)."""
    return get_object_or_404(Cadet, pk=user.cadet_id)


def _may_at(user, right, unit) -> bool:
    # A cadet who is enrolled nowhere belongs to nobody's unit.
    return may(user, right, unit) if unit else any(each.unit is None for each in holding(user, right))
