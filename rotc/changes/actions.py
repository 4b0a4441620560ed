"""One change of many cells: what it would do is said first; then it is done as one act, which is taken back as one.

Filling blanks, taking back and settling a double entry all go through here. A cell that changed since it was shown
is left as it is and named.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid4

from django.db import transaction

from rotc import reactions
from rotc.exams.bulk import Wanted, current_scores, held_exams, lowers, record_scores
from rotc.exams.models import Exam, Score
from rotc.exams.typed import read_typed
from rotc.refusals import BadValue, NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Enrollment, Term

# {(enrollment, exam): version} of the cells as they were shown
Seen = dict[tuple[int, int], int]
SEEN = re.compile(r"\d{1,18}\.\d{1,18}\.\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Proposed:
    """One cell: what it holds, what it is to hold, and ``problem``, why it cannot, in words.

    ``own``: who takes it back set it themselves.
    """

    enrollment: Enrollment
    exam: Exam
    typed: str
    before: Score | None
    problem: str = ""
    own: bool = False

    @property
    def key(self) -> tuple[int, int]:
        return self.enrollment.pk, self.exam.pk

    @property
    def version(self) -> int:
        return self.before.version if self.before else 0

    @property
    def held(self) -> str:
        return self.before.typed if self.before else ""

    @property
    def changes(self) -> bool:
        held = (self.before.raw, self.before.absence) if self.before else (None, "")
        return not self.problem and self._read != held

    @property
    def empties(self) -> bool:
        """Whether a blank that they filled is blank again, which nobody would call lowering."""
        return self.own and self.changes and self._read == (None, "")

    @property
    def lowers(self) -> bool:
        return self.changes and not self.empties and lowers(self.before, *self._read)

    @cached_property
    def _read(self):
        return read_typed(self.typed, self.exam.items)

    @property
    def named(self) -> str:
        """``Prelim, Abad, Ana``"""
        return f"{self.exam.name}, {self.enrollment.cadet.short_name}"


@dataclass
class Proposal:
    """What a change would do to these cells as they stand."""

    cells: list[Proposed]

    @property
    def changes(self) -> list[Proposed]:
        return [cell for cell in self.cells if cell.changes]

    @property
    def leaves(self) -> list[Proposed]:
        """Cells that hold this already."""
        return [cell for cell in self.cells if not cell.changes and not cell.problem]

    @property
    def lowers(self) -> list[Proposed]:
        """Those of the changes that take something from a cadet: they need a reason."""
        return [cell for cell in self.cells if cell.lowers]

    @property
    def empties(self) -> list[Proposed]:
        return [cell for cell in self.cells if cell.empties]

    @property
    def problems(self) -> list[Proposed]:
        return [cell for cell in self.cells if cell.problem]

    @property
    def seen(self) -> str:
        """The cells and their versions, as the page that shows them sends them back: ``12.3.1 12.4.0``."""
        return " ".join(f"{cell.enrollment.pk}.{cell.exam.pk}.{cell.version}" for cell in self.changes)


@dataclass(frozen=True)
class Left:
    """A cell that is left as it is, and why, in words: “Prelim, Abad, Ana” “is 88 now, set by Sgt Reyes”."""

    key: tuple[int, int]
    named: str
    why: str

    def __str__(self):
        return f"{self.named} {self.why}"


@dataclass(frozen=True)
class Changed:
    """What was done: the act's id, and the cells that were shown and left, because they changed since.

    ``gone`` are those of which nothing is known here any more: who asked for it names them as far as they may.
    """

    act: UUID
    count: int
    skipped: list[Left]
    gone: set[tuple[int, int]] = field(default_factory=set)


def read_seen(text: str) -> Seen:
    """The cells and versions that ``Proposal.seen`` wrote down. Raises ``BadValue``."""
    words = text.split()
    if not all(SEEN.fullmatch(word) for word in words):
        raise BadValue("Look at what would change again. Nothing was changed.")
    cells = [tuple(map(int, word.split("."))) for word in words]
    return {(enrollment, exam): version for enrollment, exam, version in cells}


def propose(wanted: Iterable[tuple[Enrollment, Exam, str]], *, own: bool = False) -> Proposal:
    """What it would do to set these cells to what is ``typed``, as they stand now. Nothing is written.

    ``own``: it takes back what the same officer set.
    """
    wanted = list(wanted)
    scores = current_scores({exam.pk for _, exam, _ in wanted}, {each.pk for each, _, _ in wanted})
    return Proposal(
        [
            Proposed(each, exam, typed, scores.get((each.pk, exam.pk)), _problem(exam, typed), own)
            for each, exam, typed in wanted
        ]
    )


def _problem(exam, typed) -> str:
    try:
        read_typed(typed, exam.items)
    except BadValue as refusal:
        return f"{refusal}."
    return ""


def change(
    term: Term,
    wanted: Iterable[tuple[Enrollment, Exam, str]],
    *,
    seen: Seen,
    by,
    how: str,
    reason: str = "",
    asks_reason: bool = True,
    undoes: UUID | None = None,
    own: bool = False,
) -> Changed:
    """Set these cells of one term, as one act; only those in ``seen`` that still have the version they had there.

    ``asks_reason``: whether lowering scores needs a reason; ``undoes``: the act that it takes back; ``own``: ``by``
    did that act themselves.
    Raises ``BadValue`` (it lowers a score and no reason is given, or the reason is too long), ``NotNow`` (nothing
    is left to change, an exam was dropped) or ``TermClosed``; then nothing changed.
    """
    act = uuid4()
    with transaction.atomic():
        refuse_if_closed(term)
        wanted = list(wanted)
        exams = held_exams(exam.pk for _, exam, _ in wanted)
        held = [(each, exams[exam.pk], typed) for each, exam, typed in wanted if exam.pk in exams]
        now = propose(held, own=own)
        fresh = [cell for cell in now.changes if cell.version == seen.get(cell.key)]
        if not fresh:
            raise NotNow("Nothing is left to change: these cells were changed meanwhile. Look again.")
        reason = _given(reason, asks_reason and any(cell.lowers for cell in fresh))
        cells = [Wanted(cell.enrollment, cell.exam.pk, cell.typed, cell.version) for cell in fresh]
        record_scores(cells, by=by, how=how, act=act, reason=reason, undoes=undoes)
        reactions.facts_changed(term, {cell.enrollment.pk for cell in fresh})
    skipped = list(_skipped(now, seen))
    return Changed(act, len(fresh), skipped, seen.keys() - {cell.key for cell in now.cells})


def _skipped(now: Proposal, seen: Seen):
    for cell in now.cells:
        if cell.key in seen and cell.problem:
            yield Left(cell.key, cell.named, f"cannot hold this: {cell.problem}")
        elif cell.key in seen and cell.version != seen[cell.key]:
            who = cell.before.changed_by.title if cell.before and cell.before.changed_by else "an import"
            yield Left(cell.key, cell.named, f"is {cell.held or 'blank'} now, set by {who}")


def _given(reason: str, needed: bool) -> str:
    reason = " ".join(reason.split())
    if needed and not reason:
        raise BadValue("It lowers scores: say why. Nothing was changed.")
    if len(reason) > 200:
        raise BadValue("The reason has at most 200 characters. Nothing was changed.")
    return reason
