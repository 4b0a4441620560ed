"""WHO: the one door to everything. Its loaders give a thing or refuse; the table of rights is ``rotc.rights``.

A thing that may not be seen does not exist (404); one that may be seen but not changed is refused (403).
Nobody changes their own record, whatever their role; a cadet fills in their own profile until it is locked.
What an archived cadet's record holds is read and not changed until it is restored.
"""

from functools import wraps

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.accounts.models import Appointment, Role, User
from rotc.attendance.models import TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.double_entry.models import DoubleEntry
from rotc.double_entry.queries import WHOLE as OF_DOUBLE_ENTRY
from rotc.exams.models import Exam
from rotc.imports.models import ImportPlan
from rotc.imports.reach import Reach
from rotc.jobs.models import Job
from rotc.messages.models import Notification
from rotc.operations.models import Signatory
from rotc.refusals import Archived
from rotc.rights import (
    CADRE,
    CHANGE_CATALOGUE,
    CHANGE_ROSTER,
    CHANGE_SETTINGS,
    COMMAND,
    DECIDE_DROPS,
    ENTER_SCORES,
    GIVE_CONDUCT,
    IMPORTS,
    MAKE_REPORTS,
    MANAGE_ACCOUNTS,
    MARK_ATTENDANCE,
    OFFICE,
    OPEN_TERMS,
    PLAN_TRAINING,
    PROPOSE_CONDUCT,
    RANK_BY_NAME,
    READING,
    RIGHTS,
    SEE_GRADES,
    SEE_ROSTER,
    SET_CODES,
    SET_EXAMS,
    SET_POLICY,
    WHOLE,
    appointments,
    holding,
    is_staff,
    may,
    may_import,
    reads_other_terms,
    within,
)
from rotc.roster.models import Cadet, Enrollment, ListedValue, Term, Unit

REFUSED = (Http404, PermissionDenied)


def needs(*rights):
    """Open a view to those who hold one of ``rights`` somewhere; others get 403."""

    def door(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not any(may(request.user, right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return door


def check(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def term(user, name: str | None = None) -> Term | None:
    """The named term (404 when unknown); without a name the newest open one, else the newest, else None.

    For somebody appointed in open terms it is the newest of those: a term that is opened beside them, in which
    they have no part yet, does not take them out of their work.
    """
    if name:
        return get_object_or_404(Term, name=name.replace("\0", ""))  # PostgreSQL takes no null byte as text
    units = [each.unit for each in appointments(user)]
    if all(units) and (own := [unit.term for unit in units if unit.term.closed_at is None]):
        return max(own, key=lambda each: each.name)
    return Term.objects.filter(closed_at=None).first() or Term.objects.first()


def terms(user, right: str) -> list[Term]:
    """The terms in which the user holds ``right`` over something, newest first."""
    return [each for each in Term.objects.all() if may(user, right, term=each)]


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


def number_asked(text: str) -> int:
    """A thing's number as an address or a form carries it; what cannot be one names nothing (404)."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


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


def training_day(user, pk: int, right: str = MARK_ATTENDANCE) -> TrainingDay:
    found = get_object_or_404(TrainingDay.objects.select_related("term"), pk=pk)
    if not may(user, SEE_ROSTER, term=found.term):
        raise Http404
    check(may(user, right, term=found.term))
    return found


def exam(user, pk: int, right: str = ENTER_SCORES) -> Exam:
    found = get_object_or_404(Exam.objects.select_related("term"), pk=pk)
    if not may(user, SEE_GRADES, term=found.term):
        raise Http404
    check(may(user, right, term=found.term))
    return found


def double_entries(user, of: Term, right: str = SEE_GRADES):
    """The double entries of a term in the units that ``right`` reaches."""
    return DoubleEntry.objects.filter(within(user, right, of, "unit__"), unit__term=of)


def double_entry(user, pk: int, right: str = ENTER_SCORES) -> DoubleEntry:
    """A double entry to read (``SEE_GRADES``) or to carry on."""
    found = get_object_or_404(DoubleEntry.objects.select_related(*OF_DOUBLE_ENTRY), pk=pk)
    if not may(user, SEE_GRADES, found.unit):
        raise Http404
    check(may(user, right, found.unit))
    return found


def conduct_entries(user, of: Term):
    """The ledger that the user may read: that of their units."""
    right = GIVE_CONDUCT if may(user, GIVE_CONDUCT, term=of) else PROPOSE_CONDUCT
    if may(user, SEE_GRADES, term=of):
        right = SEE_GRADES
    return ConductEntry.objects.filter(
        enrollment__in=enrollments(user, right, of).values("pk")
    ).select_related("enrollment__cadet", "enrollment__unit__parent", "citation", "given_by")


def conduct_entry(user, pk: int, right: str = GIVE_CONDUCT) -> ConductEntry:
    found = get_object_or_404(
        ConductEntry.objects.select_related("enrollment__cadet", "enrollment__unit", "enrollment__term"),
        pk=pk,
    )
    enrollment(user, found.enrollment_id, right)
    return found


def citation(user, pk: int) -> Citation:
    """A line of the catalogue, to change."""
    check(may(user, CHANGE_CATALOGUE))
    return get_object_or_404(Citation, pk=pk)


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


def enrollments_of(user, of: Cadet, right: str) -> list[Enrollment]:
    """The terms of one cadet that ``right`` reaches, newest first."""
    found = of.enrollments.select_related("unit", "term").order_by("-term__name")
    return [each for each in found if may(user, right, each.unit)]


def _may_at(user, right, unit) -> bool:
    # A cadet who is enrolled nowhere belongs to nobody's unit.
    return may(user, right, unit) if unit else any(each.unit is None for each in holding(user, right))


def account(user, pk: int) -> User:
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(User.objects.select_related("cadet"), pk=pk)


def staff_account(user, pk: int) -> User:
    """An account of somebody who is no cadet: a cadet's facts stand in the cadet's own record."""
    found = account(user, pk)
    if found.cadet_id is not None:
        raise Http404
    return found


def own_staff_account(user) -> User:
    """The user's own account as one of the staff; a cadet has none."""
    if user.cadet_id is not None:
        raise Http404
    return user


def signed_in(user, pk: int) -> UserSession:
    """A device on which somebody is signed in, to sign them out there."""
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(UserSession.objects.select_related("user"), pk=pk)


def listed_value(user, pk: int) -> ListedValue:
    """A word of one of the unit's lists, to change."""
    check(may(user, CHANGE_SETTINGS))
    return get_object_or_404(ListedValue, pk=pk)


def signatory(user, pk: int) -> Signatory:
    check(may(user, CHANGE_SETTINGS))
    return get_object_or_404(Signatory, pk=pk)


def appointment(user, pk: int) -> Appointment:
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(Appointment.objects.select_related("user", "unit"), pk=pk)


def whole_term(user, name: str, right: str) -> Term:
    """The named term, to somebody whose ``right`` reaches the whole corps of it."""
    found = term(user, name)
    check(may(user, right, Unit(term=found, path="")))
    return found


def _reached_whole(user, right):
    reached = [each.pk for each in Term.objects.all() if may(user, right, Unit(term=each, path=""))]
    return Term.objects.filter(pk__in=reached)


def import_terms(user, kind: str):
    """The open terms into which the user may import files of this kind, newest first."""
    found = [each.pk for each in Term.objects.filter(closed_at=None) if may_import(user, kind, each)]
    return Term.objects.filter(pk__in=found)


def import_reach(user, kind: str, of: Term) -> Reach:
    """Whom a file of theirs may touch, and whether a date in it may become a training day."""
    return Reach(enrollments(user, IMPORTS[kind], of), plans_days=may(user, PLAN_TRAINING, term=of))


def import_plans(user):
    """The imports that the user may read, newest first, without their rows: their own, or all of a corps."""
    reached = Q(made_by=user, kind__in=[kind for kind in IMPORTS if may_import(user, kind)])
    for kind, right in IMPORTS.items():
        reached |= Q(kind=kind, term__in=_reached_whole(user, right))
    plans = ImportPlan.objects.filter(reached).select_related("term", "made_by", "committed_by")
    return plans.defer("rows", "problems", "trail")


def import_plan(user, pk: int) -> ImportPlan:
    """An import to read, commit or take back: one's own, or anybody's by who holds its right over the corps."""
    found = get_object_or_404(
        ImportPlan.objects.select_related("term", "made_by", "committed_by", "undone_by", "job"), pk=pk
    )
    of_corps = may(user, IMPORTS[found.kind], Unit(term=found.term, path=""))
    own = found.made_by_id == user.pk and may_import(user, found.kind, found.term)
    if not (of_corps or own):
        raise Http404
    return found


def notification(user, pk: int) -> Notification:
    """One of the user's own."""
    return get_object_or_404(Notification, pk=pk, person=user)


def job(user, pk: int) -> Job:
    """A job to look at: one's own, or anybody's by who opens terms. They may cancel it or ask for it again as well."""
    found = get_object_or_404(Job.objects.select_related("asked_by", "cancelled_by"), pk=pk)
    if found.asked_by_id != user.pk and not may(user, OPEN_TERMS):
        raise Http404
    return found
