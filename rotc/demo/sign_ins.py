"""Accounts of the invented battalion, and the six sign-ins that are printed.

Passwords are never stored in the clear: without a given one each follows from the system's secret key and
the username, so that the same lines can be printed again.
"""

from base64 import b32encode
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils.crypto import salted_hmac

from rotc.accounts.actions import appoint, open_account, open_accounts
from rotc.accounts.models import Role, SignInName, User
from rotc.demo.formation import HOW, Company
from rotc.journal import actions as journal

STAFF_MAIL = "@rotc.example"
CADETS_MAIL = "@cadets.rotc.example"
LEADER = "leader.alpha"
PRINTED = [
    (Role.ADMINISTRATOR, "admin"),
    (Role.COMMANDANT, "commandant"),
    (Role.TACTICAL_OFFICER, "tactical.alpha"),
    (Role.CADET_OFFICER, LEADER),
    (Role.CLERK, "clerk"),
]
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class SignIn:
    """One printed line of three words."""

    role: str
    name: str
    password: str

    def __str__(self):
        return f"{self.role} {self.name} {self.password}"


def open_for_staff(username: str, role: str, unit, *, rank: str, name: tuple[str, str], by) -> User:
    """An appointed member of staff with a verified e-mail. An account that stands already is only appointed."""
    known = SignInName.objects.filter(name=username).select_related("user").first()
    if known:
        user = known.user
    else:
        first, last = name
        user = open_account(username, by=by, how=HOW, rank=rank, first_name=first, last_name=last)
        _verify_mail(user)
    appoint(user, role, unit=unit, by=by, how=HOW)
    return user


def open_for_cadets(companies: list[Company], *, by) -> User:
    """Accounts for all cadets; returns that of Alpha's commander, a cadet officer and a cadet in one."""
    leader = companies[0].commander
    everybody = [each for company in companies for each in company.enrollments]
    users = open_accounts(
        [(each.cadet, LEADER if each is leader else None) for each in everybody], by=by, how=HOW
    )
    user = next(each for each in users if each.username == LEADER)
    user.rank = leader.rank
    user.save(update_fields=["rank"])
    _verify_mail(user)
    appoint(user, Role.CADET_OFFICER, unit=companies[0].unit, by=by, how=HOW)
    return user


def _verify_mail(user) -> None:
    mail = f"{user.username}{STAFF_MAIL}"
    user.email = mail
    user.save(update_fields=["email"])
    EmailAddress.objects.create(user=user, email=mail, verified=True, primary=True)
    SignInName.objects.create(user=user, name=mail, kind=SignInName.Kind.EMAIL)


def give_passwords(student_number: str, given: str | None, *, by) -> list[SignIn]:
    """Make the six sign-ins work, whatever somebody set by hand since; with ``given`` every account's too.

    A password that is right already is not written again. An account that is not of this battalion keeps its
    own and is printed with the word ``unchanged``.
    """
    names = [*PRINTED, ("cadet", student_number)]
    sign_ins = []
    for role, name in names:
        user = User.objects.get(sign_in_names__name=name.casefold())
        password = given or _password_of(name)
        if not _invented().filter(pk=user.pk).exists():
            password = UNCHANGED
        elif not user.check_password(password):
            _set_password([user.pk], make_password(password), user, by)
        sign_ins.append(SignIn(str(role).replace("_", "-"), name, password))
    if given:
        _give_to_the_rest(student_number, [name for _, name in names], by)
    return sign_ins


def _give_to_the_rest(student_number, printed, by) -> None:
    # One encoded hash for all: a hash takes 30 ms on purpose, and this password is no secret among them.
    cadet = User.objects.get(sign_in_names__name=student_number.casefold())
    others = _invented().exclude(username__in=printed).exclude(password=cadet.password)
    _set_password(list(others.values_list("pk", flat=True)), cadet.password, cadet, by)


def _set_password(users, encoded, user, by) -> None:
    if users:
        User.objects.filter(pk__in=users).update(password=encoded)
        changes = {"accounts": (None, len(users))}
        journal.write("password set", f"user:{user.pk}", by=by, how=HOW, changes=changes)


def _invented():
    return User.objects.filter(Q(email__endswith=STAFF_MAIL) | Q(cadet__email__endswith=CADETS_MAIL))


def _password_of(name: str) -> str:
    letters = b32encode(salted_hmac("rotc.demo.sign_ins", name, algorithm="sha256").digest()).decode().lower()
    return f"{letters[:5]}-{letters[5:10]}-{letters[10:15]}"
