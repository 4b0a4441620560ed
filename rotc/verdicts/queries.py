"""Reading what people decided: drops recommended and decided, and the history of a cadet's codes and drops."""

from django.db.models import Prefetch, Q

from rotc.attendance.models import AttendanceMark, Letter
from rotc.journal.models import JournalEntry
from rotc.verdicts.models import DropDecision

# What the list of drops shows: everything, or a part of it by its address.
SHOWS = {"": "All", "open": "Open", "decided": "Decided", "again": "To look at again"}
RECOMMENDED = Q(standing__verdict="dropped")
DECIDED = Q(standing__decision__has_key="id")
AGAIN = Q(standing__decision__look_again=True)
PARTS = {"": RECOMMENDED | DECIDED, "open": RECOMMENDED & ~DECIDED, "decided": DECIDED, "again": AGAIN}


def decisions_in_force(enrollment_ids) -> dict[int, DropDecision]:
    """The decisions on drops that are in force, by enrollment."""
    found = DropDecision.objects.filter(enrollment__in=enrollment_ids, withdrawn_at=None)
    # Asked at each score, and seldom is there one: who decided is read only where somebody did.
    return {each.enrollment_id: each for each in found.prefetch_related("decided_by")}


def drops(enrollments, show: str = ""):
    """Those of these enrollments whom the engine recommends to drop or of whom a drop was decided.

    Each with ``absences``: their marks on the days that count.
    """
    part = PARTS.get(show, PARTS[""])
    return (
        enrollments.filter(part)
        .select_related("standing")
        .prefetch_related(Prefetch("marks", _counted(), to_attr="absences"))
    )


def _counted():
    marks = AttendanceMark.objects.filter(letter=Letter.ABSENT, day__held_at__isnull=False)
    return marks.select_related("day").order_by("day__date")


def absences(enrollment) -> list[AttendanceMark]:
    """The cadet's days of absence without excuse that count, in order."""
    return list(_counted().filter(enrollment=enrollment))


def waiting(enrollments) -> tuple[int, int]:
    """``(drops to decide, decisions to look at again)`` among these enrollments."""
    found = enrollments.order_by()
    return found.filter(PARTS["open"]).count(), found.filter(AGAIN).count()


def history(enrollment, of: str):
    """The lines of the journal about this cadet's codes (``of`` is "code") or drop ("drop"), newest first."""
    return JournalEntry.objects.filter(
        subject=f"enrollment:{enrollment.pk}", enrollment_id=enrollment.pk, what__startswith=f"{of} "
    )
