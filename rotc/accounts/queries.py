"""Reading accounts: who signs in under a name, and each screen in a constant number of trips."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from rotc.accounts import codes
from rotc.accounts.models import AccessCode, Appointment, Role, SignInName, User, sign_in_key
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, ListedValue

ADMINISTRATORS = Q(role=Role.ADMINISTRATOR, relieved_at=None, user__is_active=True)
NO_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def has_administrator() -> bool:
    return Appointment.objects.filter(ADMINISTRATORS).exists()


def other_administrators(user) -> bool:
    """Whether somebody else is an administrator who can sign in."""
    others = User.objects.filter(pk__in=Appointment.objects.filter(ADMINISTRATORS).values("user"))
    return others.exclude(NO_PASSWORD).exclude(pk=user.pk).exists()


def taken(names) -> set[str]:
    """Those of these names (as ``sign_in_key`` writes them) that somebody signs in with."""
    return set(SignInName.objects.filter(name__in=names).values_list("name", flat=True))


def user_named(text: str) -> User | None:
    """Who signs in under what was typed. An e-mail that two people share signs in neither."""
    name = SignInName.objects.filter(name=sign_in_key(text)).select_related("user").first()
    if name is None or (name.kind == SignInName.Kind.EMAIL and is_shared(name.name, name.user)):
        return None
    return name.user


def is_shared(email: str, user) -> bool:
    """Whether somebody other than ``user`` is kept with this e-mail."""
    return (
        Cadet.objects.filter(email__iexact=email).exclude(pk=user.cadet_id).exists()
        or User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=user).exists()
    )


def why_not_email(email: str, user) -> str | None:
    """Why this e-mail cannot become a name that ``user`` signs in with; None when it can."""
    if SignInName.objects.filter(name=sign_in_key(email)).exclude(user=user).exists():
        return "Somebody else signs in with this as their name. Give another e-mail."
    if is_shared(email, user):
        return "Somebody else here has the same e-mail, so it can sign in neither of you. Give another one."
    return None


def _open_code(text: str) -> AccessCode | None:
    """The open code of whoever signs in under this name; the same one trip whether there is one or not."""
    return (
        AccessCode.objects.filter(
            _still_open(), user__sign_in_names__name=sign_in_key(text), user__is_active=True
        )
        .select_related("user__cadet")
        .first()
    )


def matching_code(text: str, typed: str) -> AccessCode | None:
    """The open code of whoever signs in under ``text``, if ``typed`` is it."""
    code = _open_code(text)
    kept = code.digest if code else codes.digest("")
    return code if constant_time_compare(kept, codes.digest(typed)) else None


def code_still_open(pk) -> AccessCode | None:
    """The code of this number while it can still be used."""
    found = AccessCode.objects.filter(_still_open(), pk=pk, user__is_active=True)
    return found.select_related("user__cadet").first()


def _still_open() -> Q:
    return Q(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


def staff(term, search: str = ""):
    """The staff of a term and whoever has no other business here; with ``search`` everybody it fits.

    Each with ``current`` (appointments in force), ``has_second_factor``, ``code_until``, ``no_password``.
    """
    now_appointed = Appointment.objects.filter(_of(term), relieved_at=None)
    people = User.objects.filter(Q(cadet=None) | Exists(now_appointed.filter(user=OuterRef("pk"))))
    if search:
        people = User.objects.filter(_fits(search))
    return people.annotate(**_marks()).prefetch_related(
        Prefetch("appointments", now_appointed.select_related("unit__parent"), to_attr="current")
    )


def _of(term) -> Q:
    return Q(unit=None) | Q(unit__term=term)


def _fits(search) -> Q:
    named = SignInName.objects.filter(user=OuterRef("pk"), name__contains=sign_in_key(search))
    fits = Q(Exists(named))
    words = Q()
    for word in search.split():
        words &= Q(first_name__icontains=word) | Q(last_name__icontains=word)
    return fits | words


def _marks() -> dict:
    open_codes = AccessCode.objects.filter(_still_open(), user=OuterRef("pk"))
    return {
        "has_second_factor": Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
        "code_until": Subquery(open_codes.values("expires_at")[:1]),
        "no_password": Case(When(NO_PASSWORD, then=Value(True)), default=Value(False)),
    }


def person(user, term) -> dict:
    """Everything the page of one account shows."""
    appointments = list(user.appointments.select_related("unit__term", "unit__parent", "appointed_by"))
    marked = User.objects.filter(pk=user.pk).annotate(**_marks()).get()
    current = [each for each in appointments if each.relieved_at is None and _is_of(each, term)]
    return {
        "person": marked,
        "names": user.sign_in_names.order_by("kind"),
        "current": current,
        "former": [each for each in appointments if each not in current],
        "sessions": UserSession.objects.filter(user=user).count(),
        "journal": JournalEntry.objects.filter(subject=f"user:{user.pk}")[:20],
    }


def _is_of(appointment, term) -> bool:
    return appointment.unit is None or (term is not None and appointment.unit.term_id == term.pk)


def enrolled(term, student_number: str) -> Cadet | None:
    """The cadet of this student number, when enrolled in the term."""
    found = Cadet.objects.filter(student_number__iexact=student_number.strip(), enrollments__term=term)
    return found.select_related("user").first()


def staff_ranks() -> list[str]:
    listed = ListedValue.objects.filter(list=ListedValue.List.STAFF_RANK)
    return list(listed.values_list("value", flat=True))


def ms_levels(enrollments) -> list[str]:
    levels = enrollments.exclude(ms_level="").order_by("ms_level")
    return list(levels.values_list("ms_level", flat=True).distinct())


def to_let_in(enrollments, *, unit=None, ms_level: str = ""):
    """The enrollments to print codes for, those without a password (``waits``) first."""
    if unit:
        enrollments = enrollments.filter(unit__path__startswith=unit.path)
    if ms_level:
        enrollments = enrollments.filter(ms_level=ms_level)
    no_password = Q(cadet__user=None) | Q(cadet__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    waits = Case(When(no_password, then=Value(True)), default=Value(False))
    chosen = enrollments.select_related("cadet__user", "unit__parent").annotate(waits=waits)
    return chosen.order_by("-waits", "unit__path", "cadet__sort_name")


def cadets_of(enrollments, numbers) -> list[Cadet]:
    """The cadets of those of these enrollments whose numbers were ticked."""
    ticked = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]
    chosen = enrollments.filter(pk__in=ticked).select_related("cadet__user")
    return [enrollment.cadet for enrollment in chosen]
