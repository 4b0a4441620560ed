"""Changing what the unit keeps about somebody of its staff."""

from django.db import transaction

from rotc.accounts.models import StaffProfile, User
from rotc.journal import actions as journal
from rotc.web.altered import alter

ON_THE_ACCOUNT = {"rank", "first_name", "last_name", "email"}


def change_record(user: User, altered: dict[str, tuple], *, by, how: str = "page") -> bool:
    """Change some facts of a staff record and no other; whether any was different.

    ``altered``: ``{field: (as it was seen, as it is wanted)}``. Raises ``Stale`` when somebody has changed one
    of these fields since it was seen; then none is changed.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        profile = StaffProfile.objects.filter(user=person).first() or StaffProfile(user=person)
        said = {}
        for thing, names in (
            (person, altered.keys() & ON_THE_ACCOUNT),
            (profile, altered.keys() - ON_THE_ACCOUNT),
        ):
            changes = {name: alter(thing, name, *altered[name]) for name in sorted(names)}
            said |= _keep(thing, {name: change for name, change in changes.items() if change})
        if said:
            journal.write("staff record changed", f"user:{person.pk}", by=by, how=how, changes=said)
    return bool(said)


def _keep(thing, changes) -> dict:
    """Write the altered fields; returns them as the journal says them."""
    if changes:
        thing.save(update_fields=list(changes) if thing.pk else None)
    return {str(thing._meta.get_field(name).verbose_name): change for name, change in changes.items()}
