"""Reading accounts for one screen each."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from rotc.accounts.models import Appointment, Role

ADMINISTRATORS = Q(role=Role.ADMINISTRATOR, relieved_at=None, user__is_active=True)


def has_administrator() -> bool:
    return Appointment.objects.filter(ADMINISTRATORS).exists()


def other_administrators(user) -> bool:
    """Whether somebody else is an administrator who can sign in."""
    others = Appointment.objects.filter(ADMINISTRATORS).exclude(user=user)
    return others.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()
