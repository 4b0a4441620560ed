"""Accounts, what belongs to one person, and what the unit sets for itself."""

from allauth.usersessions.models import UserSession
from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.access.doors import check
from rotc.accounts.models import ApiToken, Appointment, User
from rotc.accounts.tokens import live
from rotc.messages.models import Notification
from rotc.operations.models import Signatory
from rotc.rights import CHANGE_SETTINGS, MANAGE_ACCOUNTS, may
from rotc.roster.models import ListedValue


def account(user, pk: int) -> User:
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(User.objects.select_related("cadet"), pk=pk)


def staff_account(user, pk: int) -> User:
    """An account of somebody who is no cadet: a cadet's facts stand in the cadet's own record."""
    found = account(user, pk)
    if found.cadet_id is not None:
        raise Http404
    return found


def own_staff_account(user) -> User:
    """The user's own account as one of the staff; a cadet has none."""
    if user.cadet_id is not None:
        raise Http404
    return user


def signed_in(user, pk: int) -> UserSession:
    """A device on which somebody is signed in, to sign them out there."""
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(UserSession.objects.select_related("user"), pk=pk)


def appointment(user, pk: int) -> Appointment:
    check(may(user, MANAGE_ACCOUNTS))
    return get_object_or_404(Appointment.objects.select_related("user", "unit"), pk=pk)


def notification(user, pk: int) -> Notification:
    """One of the user's own."""
    return get_object_or_404(Notification, pk=pk, person=user)


def own_token(user, pk: int) -> ApiToken:
    """One of the user's own tokens that is still good."""
    return get_object_or_404(live(user.api_tokens), pk=pk)


def listed_value(user, pk: int) -> ListedValue:
    """A word of one of the unit's lists, to change."""
    check(may(user, CHANGE_SETTINGS))
    return get_object_or_404(ListedValue, pk=pk)


def signatory(user, pk: int) -> Signatory:
    check(may(user, CHANGE_SETTINGS))
    return get_object_or_404(Signatory, pk=pk)
