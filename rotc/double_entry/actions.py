"""A paper exam typed twice: started, typed by one officer, typed blind by another, settled into the sheet."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc.changes.actions import Proposed, Seen, change, propose
from rotc.double_entry.comparing import compare
from rotc.double_entry.models import DoubleEntry
from rotc.double_entry.queries import on_paper, open_one, own_places
from rotc.double_entry.reading import read_pass
from rotc.exams.bulk import held_exams
from rotc.exams.models import Exam
from rotc.exams.queries import MOST_ROWS
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Unit

UNITS = (Unit.Kind.COMPANY, Unit.Kind.PLATOON)
Due = DoubleEntry.Due
PASSES = (Due.FIRST, Due.SECOND)


@dataclass(frozen=True)
class Settled:
    """What settling did: its act (None when every cell held its score already), how many, and who was left."""

    act: UUID | None
    count: int
    skipped: list[Proposed]

    @property
    def said(self) -> str:
        done = f"Settled: {self.count} score{'' if self.count == 1 else 's'} stored."
        names = "; ".join(cell.enrollment.cadet.short_name for cell in self.skipped)
        return (
            f"{done} Left as they are, because they changed since they were shown: {names}."
            if names
            else done
        )


def start(exam: Exam, unit: Unit, *, enrollments, by) -> DoubleEntry:
    """Fix the lines of a unit's paper; ``enrollments`` are those whom the officer enters scores for.

    Raises ``BadValue`` (another term, no platoon or company, nobody or too many in it), ``NotNow`` (one is open
    already, the exam was dropped) or ``TermClosed``.
    """
    with transaction.atomic():
        refuse_if_closed(unit.term)
        if exam.term_id != unit.term_id or unit.kind not in UNITS:
            raise BadValue("Choose an exam, and a platoon or company of its term. Nothing was started.")
        if exam.pk not in held_exams([exam.pk]):
            raise NotNow("The exam was dropped meanwhile. Nothing was started.")
        order = [_line(each) for each in on_paper(unit, enrollments)]
        if not 0 < len(order) <= MOST_ROWS:
            many = (
                f"{len(order)} cadets are too many for one list: choose a platoon"
                if order
                else "Nobody is in it"
            )
            raise BadValue(f"{many}. Nothing was started.")
        entry = _created(exam, unit, order, by)
        _write("started", entry, by, {"cadets": (None, len(order)), "items": (None, exam.items)})
    return entry


def _line(enrollment) -> dict:
    cadet = enrollment.cadet
    return {"enrollment": enrollment.pk, "name": cadet.full_name, "number": cadet.student_number}


def _created(exam, unit, order, by) -> DoubleEntry:
    refusal = NotNow(f"One is open already for {exam.name} in {unit.place}. Nothing was started.")
    if open_one(exam, unit):
        raise refusal
    try:
        with transaction.atomic():
            return DoubleEntry.objects.create(exam=exam, unit=unit, order=order, started_by=by)
    except IntegrityError:
        raise refusal from None


def hand_in(
    entry: DoubleEntry, which: str, typed: list[str], *, by, blanks_meant: bool = False
) -> DoubleEntry:
    """Keep the first or the second pass, all lines of it. The second is another officer's.

    Raises ``Unread`` (lines that are no scores, or empty without being meant so), ``NotNow`` (typed meanwhile, the
    officer typed the first, withdrawn) or ``TermClosed``; then nothing is kept.
    """
    with transaction.atomic():
        refuse_if_closed(entry.unit.term)
        entry = _held(entry)
        if refusal := why_not_typed(entry, which, by):
            raise NotNow(f"{refusal} Nothing of yours was saved.")
        if len(typed) != len(entry.order):
            raise BadValue("This is not the form of this paper. Nothing was saved; open it again.")
        lines = read_pass(typed, own_places(entry, by), entry.exam.items, blanks_meant=blanks_meant)
        facts = {which: lines, f"{which}_at": timezone.now(), f"{which}_by": by}
        _keep(entry, facts)
        filled = sum(bool(line) for line in lines)
        _write(f"typed {which}", entry, by, {"lines": (None, len(lines)), "with a score": (None, filled)})
    return entry


def why_not_typed(entry: DoubleEntry, which: str, by) -> str:
    """Why this officer cannot type this pass now, as a sentence; nothing when they can."""
    if entry.due is None:
        return f"This double entry is {entry.state.lower()}."
    if which not in PASSES or (which == Due.SECOND and entry.due == Due.FIRST):
        return "Another officer types the first pass before."
    if which != entry.due:
        who, at = getattr(entry, f"{which}_by"), getattr(entry, f"{which}_at")
        return f"{who.title} handed in the {which} pass at {timezone.localtime(at):%H:%M}."
    if which == Due.SECOND and entry.first_by_id == by.pk:
        return "You typed the first pass: another officer types the second, without seeing yours."
    return ""


def settle(
    entry: DoubleEntry, answers: dict[int, tuple[str, str]], *, seen: Seen, enrollments, by, reason: str = ""
) -> Settled:
    """Store what both typed, and of the lines that differ what ``answers`` say, as one act.

    ``seen`` are the cells as the preview showed them: one that changed since is left and named. Raises ``BadValue``
    (a line not settled, it lowers a score without a reason), ``NotNow`` or ``TermClosed``; then nothing is stored.
    """
    with transaction.atomic():
        refuse_if_closed(entry.unit.term)
        entry = _held(entry)
        if entry.due != Due.COMPARE:
            raise NotNow(
                f"This double entry is not to be settled now: {entry.state.lower()}. Nothing was stored."
            )
        entry.exam = held_exams([entry.exam_id])[entry.exam_id]
        found = compare(entry, enrollments)
        found.settle(answers)
        found.check()
        settled = _store(found, seen, by, reason)
        _keep(entry, {"settled_at": timezone.now(), "settled_by": by})
        said = {"changed": settled.count, "skipped": len(settled.skipped), "left out": len(found.left_out)}
        _write("settled", entry, by, {name: (None, many) for name, many in said.items()}, act=settled.act)
    return settled


def _store(found, seen, by, reason) -> Settled:
    now = propose(found.wanted)
    if not seen and not now.changes:
        return Settled(None, 0, [])
    term = found.entry.unit.term
    changed = change(term, found.wanted, seen=seen, by=by, how="double entry", reason=reason)
    skipped = [cell for cell in now.changes if seen.get(cell.key) != cell.version]
    return Settled(changed.act, changed.count, skipped)


def withdraw(entry: DoubleEntry, *, by) -> None:
    """End a double entry without storing anything; what was typed is kept."""
    with transaction.atomic():
        refuse_if_closed(entry.unit.term)
        entry = _held(entry)
        if entry.due is None:
            raise NotNow(f"This double entry is {entry.state.lower()} already. Nothing was changed.")
        _keep(entry, {"withdrawn_at": timezone.now(), "withdrawn_by": by})
        _write("withdrawn", entry, by, {})


def _held(entry) -> DoubleEntry:
    """The double entry as it is now, held for the open transaction."""
    return DoubleEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)


def _keep(entry, facts) -> None:
    for name, value in facts.items():
        setattr(entry, name, value)
    entry.save(update_fields=list(facts))


def _write(what, entry, by, changes, **facts) -> None:
    # What was typed stays out of it: the second officer types without having read the first.
    said = {"exam": (None, entry.exam.name), "unit": (None, entry.unit.place), **changes}
    journal.write(
        f"double entry {what}",
        f"double entry:{entry.pk}",
        by=by,
        term_id=entry.exam.term_id,
        changes=said,
        **facts,
    )
