"""Double entries, and who of a unit stands on their papers."""

from django.db.models import Case, Q, Value, When

from rotc.double_entry.models import DoubleEntry
from rotc.journal.models import JournalEntry
from rotc.roster.models import Enrollment
from rotc.roster.queries import IN_FORMATION
from rotc.verdicts.models import DropDecision, Override

OPEN = Q(settled_at=None, withdrawn_at=None)
WHOLE = (
    "exam__term",
    "unit__parent",
    "unit__term",
    "started_by",
    "first_by",
    "second_by",
    "settled_by",
    "withdrawn_by",
)


def listed(entries):
    """These double entries, the open ones first, without what was typed in them."""
    over = Case(When(OPEN, then=Value(0)), default=Value(1))
    found = entries.select_related(*WHOLE).defer("first", "second")
    return found.order_by(over, "-pk")


def open_one(exam, unit) -> DoubleEntry | None:
    return DoubleEntry.objects.filter(OPEN, exam=exam, unit=unit).first()


def waiting_for(user, entries) -> int:
    """How many of these the user can carry on where another stopped: a second pass, or the comparison."""
    second = Q(first_at__isnull=False, second_at=None) & ~Q(first_by=user)
    return entries.filter(OPEN, second | Q(second_at__isnull=False)).count()


def on_paper(unit, enrollments) -> list[Enrollment]:
    """Those of ``enrollments`` (whom the reader enters scores for) on a paper of this unit, as the sheet lists them."""
    found = enrollments.filter(unit__path__startswith=unit.path).order_by(*IN_FORMATION)
    gone = dropped(unit.term, [each.pk for each in found])
    return [each for each in found if each.pk not in gone]


def dropped(term, pks) -> set[int]:
    """Who of these is dropped: by a code set by hand, or because the Commandant confirmed it."""
    codes = Override.objects.filter(enrollment__in=pks, lifted_at=None, code=term.rules.code_dropped)
    confirmed = DropDecision.objects.filter(
        enrollment__in=pks, withdrawn_at=None, decision=DropDecision.Decision.CONFIRMED
    )
    return {
        pk for found in (codes, confirmed) for pk in found.order_by().values_list("enrollment", flat=True)
    }


def own_places(entry, user) -> set[int]:
    """The lines that are the user's own record."""
    if user.cadet_id is None:
        return set()
    own = set(
        Enrollment.objects.filter(cadet=user.cadet_id, term=entry.unit.term_id).values_list("pk", flat=True)
    )
    return {place for place, line in enumerate(entry.order) if line["enrollment"] in own}


def items_since(entry) -> tuple | None:
    """``(before, now)`` when the exam's items were changed after the paper was made; None when they were not."""
    since = JournalEntry.objects.filter(
        subject=f"exam:{entry.exam_id}", what="exam changed", at__gt=entry.started_at
    ).order_by("pk")
    changes = [line.changes["items"] for line in since if "items" in line.changes]
    return (changes[0][0], changes[-1][1]) if changes and changes[0][0] != changes[-1][1] else None


def settled_act(entry):
    """The act by which its scores were stored; None when it changed nothing."""
    line = JournalEntry.objects.filter(
        subject=f"double entry:{entry.pk}", what="double entry settled"
    ).first()
    return line.act if line else None
