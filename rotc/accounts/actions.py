"""Opening accounts, appointing, relieving, and closing the door."""

from collections import Counter

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from rotc.accounts.models import Appointment, Role, SignInName, User, sign_in_key
from rotc.accounts.queries import has_administrator
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
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
            password=make_password(None),
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
    taken = {name for name, times in Counter(names).items() if times > 1}
    for start in range(0, len(names), 500):
        chunk = names[start : start + 500]
        taken.update(SignInName.objects.filter(name__in=chunk).values_list("name", flat=True))
    if taken:
        listed = ", ".join(f"“{name}”" for name in sorted(taken)[:5])
        more = f" and {len(taken) - 5} more" if len(taken) > 5 else ""
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
    ContentType.objects.select_for_update().get(app_label="rotc", model="appointment")


def appoint(user: User, role: str, *, unit=None, by, how: str = "page") -> Appointment:
    """Appoint somebody to a role in a unit; already appointed so, nothing changes."""
    with transaction.atomic():
        appointment, new = Appointment.objects.get_or_create(
            user=user, role=role, unit=unit, relieved_at=None, defaults={"appointed_by": by}
        )
        if new:
            journal.write(
                "appointed",
                f"user:{user.pk}",
                by=by,
                how=how,
                term_id=unit.term_id if unit else None,
                changes={"appointment": (None, str(appointment))},
            )
    return appointment
