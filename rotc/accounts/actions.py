"""Opening accounts, appointing, relieving, and closing the door."""

from collections import Counter
from secrets import token_hex

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.accounts.models import AccessCode, Appointment, Role, SignInName, User, sign_in_key
from rotc.accounts.queries import has_administrator, other_administrators, taken
from rotc.accounts.tokens import revoke_tokens
from rotc.journal import actions as journal
from rotc.refusals import Archived, BadValue, NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Cadet


def open_account(username: str, *, by, cadet: Cadet | None = None, how: str = "page", **person) -> User:
    """Open an account that nobody can sign in to until they have set a password themselves.

    ``person``: rank, first_name, last_name, email. Raises ``BadValue`` when another account already answers
    to the username or the student number.
    """
    user = User(username=username.strip(), cadet=cadet, **person)
    user.set_unusable_password()
    with transaction.atomic():
        _keep([user])
        journal.write(**_opened(user), by=by, how=how)
    return user


def open_accounts(people, *, by, how: str = "import") -> list[User]:
    """Open the accounts of many cadets at once.

    ``people`` are pairs of a cadet and a username, None for the student number. Raises ``BadValue`` naming
    every name that somebody else answers to; then none is opened.
    """
    users = [
        User(
            username=(username or cadet.student_number).strip(),
            cadet=cadet,
            first_name=cadet.first_name,
            last_name=cadet.last_name,
            password=UNUSABLE_PASSWORD_PREFIX + token_hex(UNUSABLE_PASSWORD_SUFFIX_LENGTH // 2),
        )
        for cadet, username in people
    ]
    with transaction.atomic():
        _keep(users)
        journal.write_all(journal.entry(**_opened(user), by=by, how=how) for user in users)
    return users


def _keep(users) -> None:
    names = [name for user in users for name in _names_of(user)]
    _refuse_taken([name.name for name in names])
    try:
        with transaction.atomic():
            User.objects.bulk_create(users, batch_size=500)
            SignInName.objects.bulk_create(names, batch_size=1000)
    except IntegrityError:
        raise BadValue(
            "Somebody was given one of these names at the same moment. Nothing was changed; try again."
        ) from None


def _names_of(user) -> list[SignInName]:
    kinds = {sign_in_key(user.username): SignInName.Kind.USERNAME}
    if user.cadet:
        kinds[sign_in_key(user.cadet.student_number)] = SignInName.Kind.STUDENT_NUMBER
    return [SignInName(user=user, name=name, kind=kind) for name, kind in kinds.items()]


def _refuse_taken(names) -> None:
    clashes = taken(names) | {name for name, times in Counter(names).items() if times > 1}
    if clashes:
        listed = ", ".join(f"“{name}”" for name in sorted(clashes)[:5])
        more = f" and {len(clashes) - 5} more" if len(clashes) > 5 else ""
        raise BadValue(f"Somebody already signs in as {listed}{more}. Choose another name.")


def _opened(user) -> dict:
    return {
        "what": "account opened",
        "subject": f"user:{user.pk}",
        "cadet_id": user.cadet_id,
        "changes": {"username": (None, user.username)},
    }


def appoint_first_administrator(
    username: str, *, password: str, by=None, how: str = "setup", **person
) -> User:
    """Open the first administrator's account; only one ever is the first."""
    user = User(username=username.strip(), **person)
    user.set_password(password)
    with transaction.atomic():
        lock_administrators()
        if has_administrator():
            raise NotNow("There is an administrator already. Sign in, or ask them for an account.")
        _keep([user])
        journal.write(**_opened(user), by=by or user, how=how)
        appoint(user, Role.ADMINISTRATOR, by=by or user, how=how)
    return user


def lock_administrators() -> None:
    """Inside a transaction: whoever else changes who is administrator waits until it ends."""
    # There may be no administrator's row to lock yet; this one always stands.
    ContentType.objects.select_for_update(no_key=True).get(app_label="rotc", model="appointment")


def appoint(user: User, role: str, *, unit=None, by, how: str = "page") -> Appointment:
    """Appoint somebody to a role in a unit; already appointed so, nothing changes."""
    if unit is None and role != Role.ADMINISTRATOR:
        raise BadValue("Choose the unit: only an administrator serves without one.")
    with transaction.atomic():
        if unit:
            refuse_if_closed(unit.term)
        if put_away := Cadet.objects.filter(pk=user.cadet_id, archived_at__isnull=False).first():
            raise Archived(put_away)
        appointment, new = Appointment.objects.get_or_create(
            user=user, role=role, unit=unit, relieved_at=None, defaults={"appointed_by": by}
        )
        if new:
            write("appointed", user, by=by, how=how, unit=unit, appointment=(None, appointment))
            reactions.rights_changed(user)
    return appointment


def relieve(appointment: Appointment, *, by, how: str = "page") -> None:
    """End an appointment now. The last administrator stays."""
    user = appointment.user
    with transaction.atomic():
        if appointment.role == Role.ADMINISTRATOR:
            _refuse_last_administrator(user, "relieved")
        standing = Appointment.objects.filter(pk=appointment.pk, relieved_at=None)
        if not standing.update(relieved_at=timezone.now(), relieved_by=by):
            raise NotNow(f"{user.title} was relieved of this already.")
        write("relieved", user, by=by, how=how, unit=appointment.unit, appointment=(appointment, None))
        reactions.rights_changed(user)


def _refuse_last_administrator(user, what) -> None:
    lock_administrators()
    if not other_administrators(user):
        raise NotNow(
            f"{user.title} is the last administrator who can sign in and cannot be {what}. "
            "Appoint another one first, who has set a password."
        )


def write(what, user, *, by, how, unit=None, **changes) -> None:
    """A journal line about an account; ``changes`` are pairs of before and after."""
    journal.write(
        what,
        f"user:{user.pk}",
        by=by,
        how=how,
        cadet_id=user.cadet_id,
        term_id=unit.term_id if unit else None,
        changes={field: tuple(value and str(value) for value in pair) for field, pair in changes.items()},
    )


def revoke_codes(users, *, by) -> None:
    """End the open codes of these. The journal line is that of the action it belongs to."""
    AccessCode.objects.filter(user__in=users, used_at=None, revoked_at=None).update(revoked_at=timezone.now())


def deactivate(user: User, *, by, how: str = "page") -> None:
    """Close an account: nobody signs in to it, and who is signed in is out, also once it is reactivated."""
    if by == user:
        raise NotNow("You cannot deactivate your own account. Another administrator can.")
    with transaction.atomic():
        if user.appointments.filter(role=Role.ADMINISTRATOR, relieved_at=None).exists():
            _refuse_last_administrator(user, "deactivated")
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            revoke_codes([user], by=by)
            write("account deactivated", user, by=by, how=how)
            end_sessions(user, by=by, how=how)


def reactivate(user: User, *, by, how: str = "page") -> None:
    """Open a closed account again. No code of before lets anybody in, also not one issued as it was closed."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            revoke_codes([user], by=by)
            write("account reactivated", user, by=by, how=how)


def end_sessions(user: User, *, by, how: str = "page") -> int:
    """Sign somebody out everywhere, their programs too; returns on how many devices they were signed in."""
    with transaction.atomic():
        sessions = list(UserSession.objects.filter(user=user))
        for session in sessions:
            session.end()
        revoke_tokens(user, by=by, how=how)
        write("sessions ended", user, by=by, how=how)
        reactions.rights_changed(user)
    return len(sessions)


def end_session(session: UserSession, *, by, how: str = "page") -> None:
    """Sign somebody out on one device; on the others they stay."""
    with transaction.atomic():
        write("signed out on a device", session.user, by=by, how=how)
        reactions.rights_changed(session.user)
        session.end()


def reset_second_factor(user: User, *, by, how: str = "page") -> None:
    """Take off a second factor that was lost with a phone. Staff are asked for a new one when they sign in."""
    with transaction.atomic():
        if Authenticator.objects.filter(user=user).delete()[0]:
            write("second factor taken off", user, by=by, how=how)
            end_sessions(user, by=by, how=how)
