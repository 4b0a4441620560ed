"""Giving an account another username."""

from django.db import IntegrityError, transaction

from rotc.accounts.models import SignInName, User, sign_in_key
from rotc.journal import actions as journal
from rotc.refusals import BadValue


def change_username(user: User, username: str, *, by, how: str = "page") -> User:
    """Sign in under ``username`` from now on; the student number goes on to work.

    Raises ``BadValue`` when somebody else answers to that name.
    """
    before, name = user.username, sign_in_key(username)
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.username = username
                user.save(update_fields=["username"])
                names = SignInName.objects.filter(user=user)
                names.filter(kind=SignInName.Kind.USERNAME).delete()
                if not names.filter(name=name).exists():
                    SignInName.objects.create(user=user, name=name, kind=SignInName.Kind.USERNAME)
        except IntegrityError:
            raise BadValue(f"Somebody already signs in as “{username}”. Choose another name.") from None
        journal.write(
            "username changed",
            f"user:{user.pk}",
            by=by,
            how=how,
            cadet_id=user.cadet_id,
            changes={"username": (before, username)},
        )
    return user
