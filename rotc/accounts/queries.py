"""Reading accounts: who signs in under a name, and each screen in a constant number of trips."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import Case, Exists, Max, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from rotc.accounts import codes
from rotc.accounts.models import (
    AccessCode,
    ApiToken,
    Appointment,
    Role,
    SignInName,
    StaffProfile,
    User,
    sign_in_key,
)
from rotc.accounts.tokens import digest, live
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, ListedValue, Term

ADMINISTRATORS = Q(role=Role.ADMINISTRATOR, relieved_at=None, user__is_active=True)
NO_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def in_force() -> Q:
    """The appointments, unless relieved, that give rights: for every term, in an open one, or in the newest."""
    newest = Term.objects.order_by("-name").values("pk")[:1]
    return Q(unit=None) | Q(unit__term__closed_at=None) | Q(unit__term=newest)


def administrators():
    """The active users who are administrators now."""
    return User.objects.filter(pk__in=Appointment.objects.filter(ADMINISTRATORS).values("user"))


def has_administrator() -> bool:
    return administrators().exists()


def other_administrators(user) -> bool:
    """Whether somebody else is an administrator who can sign in."""
    return administrators().exclude(NO_PASSWORD).exclude(pk=user.pk).exists()


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


def newest_code() -> int:
    """The number of the code that was issued last, by which a later one is known."""
    return AccessCode.objects.aggregate(last=Max("pk", default=0))["last"]


def got_codes_after(number: int) -> set[int]:
    """The cadets who hold an unused code that was issued after the one of this number."""
    later = AccessCode.objects.filter(pk__gt=number, used_at=None, revoked_at=None)
    return set(later.values_list("user__cadet", flat=True))


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

    Each with ``current`` (appointments in force), ``has_second_factor``, ``code_until``, ``code_sent_to``,
    ``no_password``.
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
    fits = Q(Exists(named)) | Q(email__icontains=search) | Q(profile__afpsn__icontains=search)
    words = Q()
    for word in search.split():
        words &= Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(rank__iexact=word)
    return fits | words


def _marks() -> dict:
    open_codes = AccessCode.objects.filter(_still_open(), user=OuterRef("pk"))
    return {
        "has_second_factor": Exists(Authenticator.objects.filter(user=OuterRef("pk"))),
        "code_until": Subquery(open_codes.values("expires_at")[:1]),
        "code_sent_to": Subquery(open_codes.values("sent_to")[:1]),
        "no_password": Case(When(NO_PASSWORD, then=Value(True)), default=Value(False)),
    }


def person(user) -> dict:
    """Everything the page of one account shows. An older term that is still open gives rights too: what
    somebody is appointed to in it is ``current``, so that they can be relieved of it."""
    appointments = user.appointments.select_related("unit__term", "unit__parent", "appointed_by")
    appointments = appointments.order_by("-unit__term__name", "role", "unit__path")
    current = list(appointments.filter(in_force(), relieved_at=None))
    return {
        "person": User.objects.filter(pk=user.pk).annotate(**_marks()).get(),
        "names": user.sign_in_names.order_by("kind"),
        "current": current,
        "former": appointments.exclude(pk__in=[each.pk for each in current]),
        "record": profile_of(user).facts,
        "sessions": signed_in_on(user),
        "journal": JournalEntry.objects.filter(subject=f"user:{user.pk}")[:20],
    }


def signed_in_on(user):
    """The devices on which somebody is signed in now, the newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at")


def tokens_of(user):
    """The tokens that programs of theirs sign in with now, the newest first."""
    return live(user.api_tokens)


def token_told(text: str) -> ApiToken | None:
    """The token that this is, with its user, while it is good and their account is open."""
    good = live(ApiToken.objects).filter(digest=digest(text), user__is_active=True)
    return good.select_related("user__cadet").first()


def enrolled(term, student_number: str) -> Cadet | None:
    """The cadet of this student number, when enrolled in the term and not archived."""
    serving = Cadet.objects.filter(enrollments__term=term, archived_at=None)
    found = serving.filter(student_number__iexact=student_number.strip())
    return found.select_related("user").first()


def staff_ranks() -> list[str]:
    listed = ListedValue.objects.filter(list=ListedValue.List.STAFF_RANK)
    return list(listed.values_list("value", flat=True))


def listed_words() -> dict[str, list[str]]:
    """The words of each of the unit's lists, in their order."""
    words = {}
    for name, value in ListedValue.objects.values_list("list", "value"):
        words.setdefault(name, []).append(value)
    return words


def profile_of(user) -> StaffProfile:
    """What is kept about somebody of the staff; a blank one where nothing is yet."""
    return StaffProfile.objects.filter(user=user).first() or StaffProfile(user=user)


def ms_levels(enrollments) -> list[str]:
    levels = enrollments.exclude(ms_level="").order_by("ms_level")
    return list(levels.values_list("ms_level", flat=True).distinct())


def ticked(numbers) -> list[int]:
    """The numbers of what was ticked on a page, without what cannot be one."""
    return [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]
