"""Taking back one act on scores: each cell in which it still stands gets what it held before.

The journal is the memory. A cell that somebody changed since is left and named.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from rotc.changes.actions import Changed, Left, Proposal, Seen, change, propose
from rotc.changes.cells import SCORES, after, before, exam_of, named, newest, stories
from rotc.exams.bulk import held_exams
from rotc.exams.models import Exam
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term


@dataclass
class TakingBack:
    """What taking an act back would do: ``proposal`` for the cells in which it stands, ``left`` for the others.

    ``hidden`` is how many cells of it the reader does not see. ``own``: who takes it back did it themselves.
    """

    act: UUID
    proposal: Proposal
    left: list[Left]
    hidden: int
    own: bool = False


def lines_of(act: UUID):
    """The cells that an act wrote, all of one term, in order."""
    return JournalEntry.objects.filter(act=act, what=SCORES).order_by("pk")


def would_take_back(act: UUID, term: Term, enrollments, allowed, *, by) -> TakingBack:
    """What stands to be taken back of an act: ``enrollments`` are those that ``by`` sees, ``allowed`` those that
    they may change."""
    lines = lines_of(act)
    touched = lines.order_by().values("enrollment_id")
    seen = {each.pk: each for each in enrollments.filter(pk__in=touched)}
    changed = set(allowed.order_by().filter(pk__in=touched).values_list("pk", flat=True))
    barred = {each.pk: _barred(each, by) for each in seen.values() if each.pk not in changed}
    exams = {exam.pk: exam for exam in Exam.objects.filter(term=term)}
    told = stories(lines)
    since = newest(told)
    wanted, left = [], []
    shown = [line for line in lines if line.enrollment_id in seen]
    for line in shown:
        enrollment, exam = seen[line.enrollment_id], exams.get(exam_of(line))
        if why := _why_not(line, told[line.subject], exam, since) or barred.get(enrollment.pk):
            key = enrollment.pk, exam_of(line)
            left.append(Left(key, f"{named(line)}, {enrollment.cadet.short_name}", why))
        else:
            wanted.append((enrollment, exam, before(line)))
    own = all(_is_own(line, by) for line in lines)
    return TakingBack(act, propose(wanted, own=own), left, len(lines) - len(shown), own)


def _is_own(line, by) -> bool:
    # What a taking back brought back was somebody's before.
    return line.actor_id == by.pk and line.undoes is None


def _barred(enrollment, by) -> str:
    if by.cadet_id == enrollment.cadet_id:
        return "is your own record"
    return "is archived" if enrollment.cadet.archived_at else "is not yours to change"


def _why_not(line, story, exam, since) -> str:
    if exam is None:
        return "is of an exam that was dropped"
    return "" if story.stands(line.act) else _since(line, since[story.newest])


def _since(line, latest) -> str:
    at = date_format(timezone.localtime(latest.at), "j M, H:i")
    if latest.undoes == line.act:
        return f"was taken back by {latest.actor} on {at}"
    return f"is {after(latest) or 'blank'} now, set by {latest.actor} on {at}"


def take_back(
    act: UUID, term: Term, enrollments, allowed, *, seen: Seen, by, reason: str = "", asks_reason: bool = True
) -> Changed:
    """Give the cells of an act what they held before, as one act of its own, which can be taken back again.

    ``seen`` is what the page showed. What was shown and does not stand any more is in ``skipped``. Raises as
    ``actions.change`` does.
    """
    with transaction.atomic():
        held_exams({exam_of(line) for line in lines_of(act)})
        found = would_take_back(act, term, enrollments, allowed, by=by)
        wanted = [(cell.enrollment, cell.exam, cell.typed) for cell in found.proposal.cells]
        changed = change(
            term,
            wanted,
            seen=seen,
            by=by,
            how="undo",
            reason=reason,
            asks_reason=asks_reason,
            undoes=act,
            own=found.own,
        )
    skipped = [each for each in found.left if each.key in changed.gone]
    return Changed(
        changed.act,
        changed.count,
        changed.skipped + skipped,
        changed.gone - {each.key for each in skipped},
    )
