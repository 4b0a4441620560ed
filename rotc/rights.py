"""WHO MAY WHAT: the one table of rights, and how far each reaches. Asked through ``rotc.access``.

A right comes from an appointment (a role in a unit for a term) and reaches that unit and all under it. It
ends when relieved, or when its term is closed and a newer one is there.
"""

from django.db.models import Q

from rotc.accounts.models import Appointment, Role, User
from rotc.accounts.queries import in_force
from rotc.roster.models import Term, Unit

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
SET_CODES = "set codes by hand"
DECIDE_DROPS = "confirm or waive drops"
SET_POLICY = "set the policy"
RANK_BY_NAME = "see the order of merit"
MAKE_REPORTS = "make reports"
MANAGE_ACCOUNTS = "manage accounts"
CHANGE_SETTINGS = "change settings"
OPEN_TERMS = "open terms"
WATCH = "watch the system"
KEEP_BACKUPS = "keep backups"

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
    SET_CODES: CADRE,
    DECIDE_DROPS: {Role.COMMANDANT},
    SET_POLICY: COMMAND,
    RANK_BY_NAME: CADRE,
    MAKE_REPORTS: COMMAND | OFFICE,
    MANAGE_ACCOUNTS: {Role.ADMINISTRATOR},
    CHANGE_SETTINGS: COMMAND | {Role.ADMINISTRATOR},
    OPEN_TERMS: COMMAND | {Role.ADMINISTRATOR},
    WATCH: {Role.ADMINISTRATOR},
    KEEP_BACKUPS: {Role.ADMINISTRATOR},
}
# What holds for a whole term or for all of them: only an appointment over the whole corps gives it.
WHOLE = {PLAN_TRAINING, CHANGE_CATALOGUE, SET_EXAMS, SET_POLICY, CHANGE_SETTINGS, OPEN_TERMS}
READING = {SEE_ROSTER, SEE_GRADES, RANK_BY_NAME, MAKE_REPORTS}


# What each kind of file changes, and so the right that its importer needs. A roster is of the whole corps.
IMPORTS = {
    "roster": CHANGE_ROSTER,
    "scores": ENTER_SCORES,
    "conduct": GIVE_CONDUCT,
    "attendance": MARK_ATTENDANCE,
    "rotcmis": MARK_ATTENDANCE,
}


def appointments(user) -> list[Appointment]:
    """The user's appointments in force, read once a request."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_appointments"):
        user._appointments = list(
            user.appointments.filter(in_force(), relieved_at=None).select_related("unit__term")
        )
    return user._appointments


def is_staff(user) -> bool:
    return bool(appointments(user))


def holders(right: str, term: Term):
    """The active users who hold ``right`` somewhere in ``term``."""
    return people_in(RIGHTS[right], term)


def people_in(roles, term: Term):
    """The active users who are appointed to one of these roles in ``term``, or in every term."""
    held = Appointment.objects.filter(in_force(), relieved_at=None, role__in=roles)
    held = held.filter(Q(unit=None) | Q(unit__term=term))
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def may(user, right: str, unit: Unit | None = None, term: Term | None = None) -> bool:
    """Whether ``user`` holds ``right``: over ``unit``, else somewhere in ``term``, else anywhere."""
    term_id = unit.term_id if unit else term.pk if term else None
    path = "" if right in WHOLE else unit.path if unit else None
    return any(_reaches(each, right, term_id, path) for each in holding(user, right))


def holding(user, right):
    return [each for each in appointments(user) if each.role in RIGHTS[right]]


def _reaches(appointment, right, term_id, path) -> bool:
    unit = appointment.unit
    if unit is None:
        return True
    if term_id in (None, unit.term_id):
        return path is None or path.startswith(unit.path)
    return reads_other_terms(appointment, right)


def reads_other_terms(appointment, right) -> bool:
    # Whoever runs the whole corps now may read every other term, and change none.
    return right in READING and appointment.unit.kind == Unit.Kind.CORPS


def within(user, right, term, prefix) -> Q:
    """A filter for what ``right`` reaches in ``term``; ``prefix`` leads to the unit."""
    if not holding(user, right):
        return Q(pk=None)
    reach = Q(pk=None)
    for each in holding(user, right):
        unit = each.unit
        if unit is None or (unit.term_id != term.pk and reads_other_terms(each, right)):
            return Q()
        if unit.term_id == term.pk:
            reach |= Q(**{f"{prefix}path__startswith": unit.path}) if unit.path else Q()
            if not unit.path:
                return Q()
    return reach


def may_import(user, kind: str, of: Term | None = None) -> bool:
    """Whether the user may give a file of this kind: in the term, else in any."""
    if of is None:
        return may(user, IMPORTS[kind])
    return may(user, IMPORTS[kind], Unit(term=of, path="") if kind == "roster" else None, of)
