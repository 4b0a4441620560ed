"""What the pages of the ledger ask, each in a constant number of trips."""

from rotc import access
from rotc.conduct.models import ConductEntry


def entries_of(enrollment) -> list[ConductEntry]:
    """Everything in one cadet's ledger, newest first, reversed and waiting ones too; one query.

    Only those with ``counts`` make points; ``state`` says what the others are.
    """
    return list(
        enrollment.conduct.select_related("citation", "given_by", "approved_by", "declined_by", "reversed_by")
    )


def waiting(user, term):
    """The proposals that this user may decide; never one about themselves."""
    deciding = access.enrollments(user, access.GIVE_CONDUCT, term).exclude(cadet=user.cadet_id)
    return ConductEntry.objects.filter(
        enrollment__in=deciding.values("pk"), approved_at=None, declined_at=None
    )


def proposals_waiting(user, term) -> int:
    """How many proposals wait for this user; one query."""
    return waiting(user, term).count()
