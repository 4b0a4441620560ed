"""Opening accounts, appointing, and letting people in without a default password."""

from django.db import IntegrityError, transaction

from rotc.accounts.models import Appointment, SignInName, User
from rotc.journal import actions as journal
from rotc.refusals import BadValue
from rotc.roster.models import Cadet


def open_account(username: str, *, by, cadet: Cadet | None = None, how: str = "page", **person) -> User:
    """Open an account that nobody can sign in to until they have set a password themselves.

    ``person``: rank, first_name, last_name, email. Raises ``BadValue`` when another account already answers
    to the username or the student number.
    """
    names = {username.casefold(): SignInName.Kind.USERNAME}
    if cadet:
        names[cadet.student_number.casefold()] = SignInName.Kind.STUDENT_NUMBER
    with transaction.atomic():
        user = User(username=username, cadet=cadet, **person)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save(force_insert=True)
                SignInName.objects.bulk_create(
                    SignInName(user=user, name=name, kind=kind) for name, kind in names.items()
                )
        except IntegrityError:
            raise BadValue(f"Somebody already signs in as “{username}”. Choose another name.") from None
        journal.write(
            "account opened",
            f"user:{user.pk}",
            by=by,
            how=how,
            cadet_id=cadet.pk if cadet else None,
            changes={"username": (None, username)},
        )
    return user


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
