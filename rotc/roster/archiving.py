"""Archiving a cadet's record and bringing it back. Everything stays: grades, ledger, attendance, account."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rotc import reactions
from rotc.journal import actions as journal
from rotc.roster.models import Cadet, Enrollment


def serving(term, prefix: str = "") -> Q:
    """Who takes part in a term: until it is closed everybody but archived cadets.

    ``prefix`` leads to the enrollment.
    """
    return Q() if term.closed_at else Q(**{f"{prefix}cadet__archived_at": None})


def on_papers(enrollments):
    """Those of these enrollments that papers name: archived cadets only where they have facts."""
    return enrollments.filter(Q(cadet__archived_at=None) | has_facts())


def has_facts() -> Q:
    """Whether an enrollment holds anything that a grade is made of, or was."""
    own = Enrollment.objects.filter(pk=OuterRef("pk")).order_by()
    return (
        Q(Exists(own.filter(marks__letter__gt="")))
        | Q(Exists(own.filter(Q(scores__raw__isnull=False) | Q(scores__absence__gt=""))))
        | Q(Exists(own.filter(conduct__isnull=False)))
        | Q(Exists(own.filter(overrides__isnull=False)))
        | Q(Exists(own.filter(drop_decisions__isnull=False)))
    )


def archive(cadets, *, by, how: str = "page") -> None:
    """Take these cadets (locked by whoever calls) off rosters, musters and sheets of open terms."""
    with transaction.atomic():
        now = timezone.now()
        Cadet.objects.filter(pk__in=_pks(cadets)).update(archived_at=now, archived_by=by)
        _write("archived", cadets, (None, "archived"), by=by, how=how)


def restore(cadets, *, by, how: str = "page") -> None:
    """Bring archived cadets (locked by whoever calls) back wherever they were."""
    with transaction.atomic():
        Cadet.objects.filter(pk__in=_pks(cadets)).update(archived_at=None, archived_by=None)
        _write("restored", cadets, ("archived", None), by=by, how=how)


def _write(what, cadets, change, *, by, how) -> None:
    journal.write_all(
        journal.entry(
            f"cadet {what}", f"cadet:{each.pk}", by=by, how=how, cadet_id=each.pk, changes={"record": change}
        )
        for each in cadets
    )
    reactions.cadets_changed(_pks(cadets))


def _pks(cadets) -> list[int]:
    return [each.pk for each in cadets]
