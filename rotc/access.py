"""WHO: the one table of rights, and loaders that give a thing or refuse.

A right comes from an appointment (a role in a unit for a term) and reaches that unit and all under it. It
ends when relieved, or when its term is closed and a newer one is there.
A thing that may not be seen does not exist (404); one that may be seen but not changed is refused (403).
Nobody changes their own record, whatever their role.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.accounts.models import Appointment, Role, User
from rotc.attendance.models import TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.exams.models import Exam
from rotc.imports.models import ImportPlan
from rotc.jobs.models import Job
from rotc.operations.models import Signatory
from rotc.roster.models import Cadet, Enrollment, Term, Unit

COMMAND = {Role.COMMANDANT, Role.COMMAND_GROUP}
CADRE = COMMAND | {Role.TACTICAL_OFFICER}
OFFICE = {Role.ADMINISTRATOR, Role.CLERK}

SEE_ROSTER = "see the roster"
CHANGE_ROSTER = "change the roster"
SEE_GRADES = "see grades"
MARK_ATTENDANCE = "mark attendance"
PLAN_TRAINING = "plan training days"
PROPOSE_CONDUCT = "propose merits and demerits"
GIVE_CONDUCT = "give merits and demerits"
CHANGE_CATALOGUE = "change the catalogue"
ENTER_SCORES = "enter scores"
SET_EXAMS = "set exams"
RANK_BY_NAME = "see the order of merit"
MAKE_REPORTS = "make reports"
MANAGE_ACCOUNTS = "manage accounts"
CHANGE_SETTINGS = "change settings"
OPEN_TERMS = "open terms"

RIGHTS = {
    SEE_ROSTER: CADRE | OFFICE | {Role.CADET_OFFICER},
    CHANGE_ROSTER: COMMAND | OFFICE,
    SEE_GRADES: CADRE | OFFICE,
    MARK_ATTENDANCE: CADRE | {Role.CADET_OFFICER},
    PLAN_TRAINING: COMMAND | {Role.ADMINISTRATOR},
    PROPOSE_CONDUCT: CADRE | {Role.CADET_OFFICER},
    GIVE_CONDUCT: CADRE,
    CHANGE_CATALOGUE: COMMAND,
    ENTER_SCORES: CADRE,
    SET_EXAMS: COMMAND,
    RANK_BY_NAME: CADRE,
    MAKE_REPORTS: COMMAND | OFFICE,
    MANAGE_ACCOUNTS: {Role.ADMINISTRATOR},
    CHANGE_SETTINGS: COMMAND | {Role.ADMINISTRATOR},
    OPEN_TERMS: COMMAND | {Role.ADMINISTRATOR},
}
# What holds for a whole term or for all of them: only an appointment over the whole corps gives it.
WHOLE = {PLAN_TRAINING, CHANGE_CATALOGUE, SET_EXAMS, CHANGE_SETTINGS, OPEN_TERMS}
READING = {SEE_ROSTER, SEE_GRADES, RANK_BY_NAME, MAKE_REPORTS}


def appointments(user) -> list[Appointment]:
    """The user's appointments in force, read once a request."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_appointments"):
        user._appointments = list(
            user.appointments.filter(_in_force(), relieved_at=None).select_related("unit__term")
        )
    return user._appointments


def _in_force() -> Q:
    newest = Term.objects.order_by("-name").values("pk")[:1]
    return Q(unit=None) | Q(unit__term__closed_at=None) | Q(unit__term=newest)


def is_staff(user) -> bool:
    return bool(appointments(user))


def may(user, right: str, unit: Unit | None = None, term: Term | None = None) -> bool:
    """Whether ``user`` holds ``right``: over ``unit``, else somewhere in ``term``, else anywhere."""
    term_id = unit.term_id if unit else term.pk if term else None
    path = "" if right in WHOLE else unit.path if unit else None
    return any(_reaches(each, right, term_id, path) for each in _holding(user, right))


def _holding(user, right):
    return [each for each in appointments(user) if each.role in RIGHTS[right]]


def _reaches(appointment, right, term_id, path) -> bool:
    unit = appointment.unit
    if unit is None:
        return True
    if term_id in (None, unit.term_id):
        return path is None or path.startswith(unit.path)
    return _reads_other_terms(appointment, right)


def _reads_other_terms(appointment, right) -> bool:
    # Whoever runs the whole corps in a running term may read every other term, and change none.
    return (
        right in READING
        and appointment.unit.kind == Unit.Kind.CORPS
        and appointment.unit.term.closed_at is None
    )


def _within(user, right, term, prefix) -> Q:
    """A filter for what ``right`` reaches in ``term``; ``prefix`` leads to the unit."""
    if not _holding(user, right):
        return Q(pk=None)
    reach = Q(pk=None)
    for each in _holding(user, right):
        unit = each.unit
        if unit is None or (unit.term_id != term.pk and _reads_other_terms(each, right)):
            return Q()
        if unit.term_id == term.pk:
            reach |= Q(**{f"{prefix}path__startswith": unit.path}) if unit.path else Q()
            if not unit.path:
                return Q()
    return reach


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


# --- loaders: a thing, or a refusal


def term(user, name: str | None = None) -> Term | None:
    """The named term (404 when unknown); without a name the newest open one, else the newest, else None."""
    if name:
        return get_object_or_404(Term, name=name)
    return Term.objects.filter(closed_at=None).first() or Term.objects.first()


def terms(user, right: str) -> list[Term]:
    """The terms in which the user holds ``right`` over something, newest first."""
    return [each for each in Term.objects.all() if may(user, right, term=each)]


def units(user, right: str, of: Term | None):
    """The units of a term that ``right`` reaches, in order of formation; none where there is no term."""
    if of is None:
        return Unit.objects.none()
    return Unit.objects.filter(_within(user, right, of, ""), term=of).select_related("parent", "term")


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


def enrollments(user, right: str, of: Term | None):
    """The enrollments of a term that ``right`` reaches, in order of formation and name; none without a term.

    Those that a right to change reaches leave out the user's own.
    """
    if of is None:
        return Enrollment.objects.none()
    reached = Enrollment.objects.filter(_within(user, right, of, "unit__"), term=of)
    if right not in READING and user.cadet_id is not None:
        reached = reached.exclude(cadet=user.cadet_id)
    return reached.select_related("cadet", "unit__parent", "term")


def enrollment(user, pk: int, right: str = SEE_GRADES) -> Enrollment:
    """An enrollment to read or to change. A cadet reads their own and changes nothing in it."""
    found = get_object_or_404(
        Enrollment.objects.select_related("cadet", "term", "unit__parent__parent"), pk=pk
    )
    own = owns(user, found)
    if not own and not any(may(user, each, found.unit) for each in (right, SEE_ROSTER)):
        raise Http404
    reads_own = own and right == SEE_GRADES
    check(reads_own or (may(user, right, found.unit) and (right in READING or not own)))
    return found


def chosen(user, pks, right: str) -> list[Enrollment]:
    """Several enrollments of one term to change, all of them or a refusal; none is the user's own."""
    found = list(
        Enrollment.objects.filter(pk__in=pks).select_related("cadet", "term", "unit__parent").order_by("pk")
    )
    if len(found) != len(set(pks)) or not all(may(user, right, each.unit) for each in found):
        raise Http404
    check(not any(owns(user, each) for each in found))
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


def enrollments_of(user, of: Cadet, right: str) -> list[Enrollment]:
    """The terms of one cadet that ``right`` reaches, newest first."""
    found = of.enrollments.select_related("unit", "term").order_by("-term__name")
    return [each for each in found if may(user, right, each.unit)]


def _may_at(user, right, unit) -> bool:
    # A cadet who is enrolled nowhere belongs to nobody's unit.
    return may(user, right, unit) if unit else any(each.unit is None for each in _holding(user, right))


def account(user, pk: int) -> User:
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(User.objects.select_related("cadet"), pk=pk)


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


def whole_terms(user, right: str):
    """The open terms in which ``right`` reaches the whole corps, newest first."""
    return _reached_whole(user, right).filter(closed_at=None)


def _reached_whole(user, right):
    reached = [each.pk for each in Term.objects.all() if may(user, right, Unit(term=each, path=""))]
    return Term.objects.filter(pk__in=reached)


def import_plans(user):
    """The imports that the user may read, newest first, without their rows."""
    plans = ImportPlan.objects.filter(term__in=_reached_whole(user, CHANGE_ROSTER)).select_related(
        "term", "made_by"
    )
    return plans.defer("rows", "problems")


def import_plan(user, pk: int) -> ImportPlan:
    found = get_object_or_404(ImportPlan.objects.select_related("term", "made_by"), pk=pk)
    if not may(user, CHANGE_ROSTER, Unit(term=found.term, path="")):
        raise Http404
    return found


def job(user, pk: int) -> Job:
    found = get_object_or_404(Job, pk=pk)
    if found.asked_by_id != user.pk and not may(user, OPEN_TERMS):
        raise Http404
    return found
