"""Appointments that go on from one term into the next.

To appoint somebody is the administrator's alone. To let an appointment go on is part of opening a term, and so
of whoever may open one, because nobody gets more by it than they had: the same person in the same role over the
same unit, and only what was in force when the new term came. Whoever is a cadet goes on once they are enrolled
again, with the cadets.
"""

from django.db.models import Exists, OuterRef, Q

from rotc.accounts.actions import appoint
from rotc.accounts.models import Appointment
from rotc.accounts.queries import in_force as gives_rights
from rotc.refusals import NotNow
from rotc.roster.models import Term, Unit


def in_force(source: Term, into: Term | None = None):
    """The appointments of ``source`` that may go on (into ``into``, once that is open).

    They are not relieved, nor of the same in a later term; their account is active, and ``source`` is open or
    was the newest term before.
    """
    others = Term.objects.exclude(pk=into.pk) if into else Term.objects.all()
    lasting = Q(unit__term__closed_at=None) | Q(unit__term=others.order_by("-name").values("pk")[:1])
    found = Appointment.objects.filter(lasting, unit__term=source, relieved_at=None, user__is_active=True)
    found = found.filter(_not_relieved_later())
    return found.select_related("user__cadet", "unit__parent").order_by(
        "unit__path", "role", "user__last_name"
    )


def _not_relieved_later():
    # Terms overlap: who was relieved in the newer one may still be appointed in the older.
    later = Appointment.objects.filter(
        user=OuterRef("user"),
        role=OuterRef("role"),
        unit__path=OuterRef("unit__path"),
        unit__term__name__gt=OuterRef("unit__term__name"),
    )
    return ~Exists(later.exclude(relieved_at=None))


def of_staff(source: Term, into: Term | None = None, *, opener=None):
    """Those of them who are no cadets, without what ``opener`` keeps anyway."""
    found = in_force(source, into).filter(user__cadet=None)
    return found.exclude(user=opener, unit__kind=Unit.Kind.CORPS) if opener else found


def of_cadets(source: Term, into: Term, enrollment_ids):
    """What the cadets of these enrollments lead, where that unit stands in the new term as well."""
    led = in_force(source, into).filter(
        user__cadet__enrollments__in=enrollment_ids, user__cadet__archived_at=None
    )
    return led.filter(unit__path__in=into.units.values("path"))


def own_of(opener):
    """What the opener has over a whole corps now. It goes on, or by opening a term they would shut themselves out."""
    if opener is None:
        return Appointment.objects.none()
    return opener.appointments.filter(
        gives_rights(), _not_relieved_later(), relieved_at=None, unit__kind=Unit.Kind.CORPS
    )


def go_on(asked, found, into: Term, *, by, how) -> int:
    """Appoint anew whom ``asked`` names by number among ``found``; how many. Inside a transaction.

    Raises ``NotNow`` when one of them was relieved since it was shown.
    """
    standing = {
        each.pk: each for each in found.filter(pk__in=asked).select_for_update(of=("self",), no_key=True)
    }
    if len(standing) != len(asked):
        raise NotNow("Somebody was relieved of an appointment meanwhile. Nothing was written; look again.")
    units = {unit.path: unit for unit in into.units.all()}
    for each in standing.values():
        appoint(each.user, each.role, unit=units[each.unit.path], by=by, how=how)
    return len(standing)
