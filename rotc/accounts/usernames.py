"""Giving accounts other usernames."""

from django.db import IntegrityError, transaction

from rotc.accounts.models import SignInName, User, sign_in_key
from rotc.journal import actions as journal
from rotc.refusals import BadValue


def change_usernames(pairs, *, by, how: str = "page") -> None:
    """Let these users, each with a new username, sign in under it; a student number goes on to work.

    Raises ``BadValue`` when somebody else answers to one of the names; then none is changed.
    """
    users = [user for user, _ in pairs]
    lines = [_changed(user, username, by=by, how=how) for user, username in pairs]
    for user, username in pairs:
        user.username = username
    try:
        with transaction.atomic():
            User.objects.bulk_update(users, ["username"], batch_size=200)
            _follow(users)
            journal.write_all(lines)
    except IntegrityError:
        raise BadValue(
            "Somebody already signs in under one of these usernames. Nothing was changed."
        ) from None


def _changed(user, username, *, by, how):
    return journal.entry(
        "username changed",
        f"user:{user.pk}",
        by=by,
        how=how,
        cadet_id=user.cadet_id,
        changes={"username": (user.username, username)},
    )


def _follow(users) -> None:
    """What they sign in with: their username once, unless they sign in with the same name anyway."""
    names = {user.pk: {} for user in users}
    for start in range(0, len(users), 500):
        for name in SignInName.objects.filter(user__in=users[start : start + 500]):
            names[name.user_id][name.kind] = name
    new, altered, idle = [], [], []
    for user in users:
        own, wanted = names[user.pk].pop(SignInName.Kind.USERNAME, None), sign_in_key(user.username)
        if wanted in {name.name for name in names[user.pk].values()}:
            idle += [own.pk] if own else []
        elif own is None:
            new.append(SignInName(user=user, name=wanted, kind=SignInName.Kind.USERNAME))
        else:
            own.name = wanted
            altered.append(own)
    SignInName.objects.filter(pk__in=idle).delete()
    SignInName.objects.bulk_update(altered, ["name"], batch_size=200)
    SignInName.objects.bulk_create(new, batch_size=1000)
