"""The changes of a term's scores, newest first: one thing an act, in a constant number of trips."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef, Q

from rotc.changes.cells import SCORES, Story, after, before, exam_of, lowered, named, stories
from rotc.exams.models import Exam
from rotc.imports.models import ImportPlan
from rotc.journal.models import JournalEntry
from rotc.roster.models import Enrollment, Term

ACTS_A_PAGE = 60
ACTS_A_TRIP = 1000  # of a file
BY_HAND = ("typed", "form")
TOGETHER = timedelta(minutes=5)
FOLDED_FROM = 3


@dataclass
class Cell:
    """One cell of an act. ``may``: whether the reader may change its cadet's scores; ``newest``: its newest line."""

    line: JournalEntry
    enrollment: Enrollment
    story: Story
    may: bool
    newest: JournalEntry | None = None

    @property
    def exam(self) -> str:
        return named(self.line)

    @property
    def exam_id(self) -> int:
        return exam_of(self.line)

    @property
    def before(self) -> str:
        return before(self.line)

    @property
    def after(self) -> str:
        return after(self.line)

    @property
    def said(self) -> str:
        return f"{self.before or 'blank'} → {self.after or 'blank'}"

    @property
    def stands(self) -> bool:
        return self.story.stands(self.line.act)

    @property
    def since(self) -> JournalEntry | None:
        """The line by which the cell is something else now."""
        return None if self.stands else self.newest

    @property
    def now(self) -> str:
        return after(self.newest)


@dataclass
class Act:
    """One change as its reader sees it; of an import only how many cells. ``line`` is its newest."""

    line: JournalEntry
    cells: list[Cell]
    count: int
    plan: ImportPlan | None = None

    @property
    def how(self) -> str:
        return self.line.how_said

    @cached_property
    def lowered(self) -> int:
        return sum(lowered(cell.line) for cell in self.cells)

    @property
    def what(self) -> str:
        """``Prelim, Abad, Ana: 80 → 88``, or ``42 cells of Prelim in Alpha Company · 1st Platoon, lowered 3``."""
        if len(self.cells) == 1:
            [cell] = self.cells
            return f"{cell.exam}, {cell.enrollment.cadet.short_name}: {cell.said}"
        if self.plan:
            return f"{_cells(self.count)} from {self.plan.file_name}"
        return _together(self.cells, self.lowered)

    @cached_property
    def stands(self) -> bool:
        return any(cell.stands for cell in self.cells)

    @property
    def may_take_back(self) -> bool:
        return any(cell.stands and cell.may for cell in self.cells)

    @property
    def taken_back(self) -> bool:
        if self.plan:
            return self.plan.undone_at is not None
        return not self.stands and any(cell.story.taken_back(self.line.act) for cell in self.cells)

    @property
    def state(self) -> str:
        """In a word, where it does not stand as it was made."""
        if self.taken_back:
            return "Taken back"
        return "" if self.stands or self.plan or self.line.act is None else "Changed since"


@dataclass
class Group:
    """Cells that one officer typed one after the other in one exam, newest first."""

    acts: list[Act]

    @property
    def line(self) -> JournalEntry:
        return self.acts[0].line

    @property
    def how(self) -> str:
        return self.acts[0].how

    @property
    def what(self) -> str:
        cells = [cell for act in self.acts for cell in act.cells]
        return _together(cells, sum(act.lowered for act in self.acts))


def _together(cells, lowered) -> str:
    exams = list(dict.fromkeys(cell.exam for cell in cells))
    units = list(dict.fromkeys(cell.enrollment.unit.place for cell in cells))
    of = ", ".join(exams) if len(exams) < 4 else f"{len(exams)} exams"
    where = units[0] if len(units) == 1 else f"{len(units)} units"
    return f"{_cells(len(cells))} of {of} in {where}" + (f", lowered {lowered}" if lowered else "")


def _cells(count) -> str:
    return f"{count:,} cell{'' if count == 1 else 's'}"


def about(enrollments) -> Q:
    """The lines that are about the scores of these enrollments."""
    return Q(what=SCORES, enrollment_id__in=enrollments.order_by().values("pk"))


def lines(term: Term, enrollments):
    """What was done to the scores of these enrollments of a term, newest first."""
    return JournalEntry.objects.filter(about(enrollments), term_id=term.pk)


def narrowed(*, exam: Exam | None, who, how: str) -> Q:
    """The lines in an exam, by somebody (an account), made in one way."""
    chosen = Q(what=SCORES)
    if exam:
        chosen &= Q(subject__endswith=f":{exam.pk}")
    if who:
        chosen &= Q(actor_id=who.pk)
    return chosen & Q(how=how) if how else chosen


def newest(term: Term, enrollments, chosen: Q, *, before: int | None, size: int) -> list[JournalEntry]:
    """The newest line of each of the acts that the ``chosen`` lines about these enrollments of a term are of, at most
    ``size``, from a line on backwards.

    A line from before acts were kept stands for itself.
    """
    chosen = about(enrollments) & chosen
    # An act is of one term. Asked for the term as well SQLite would walk all of its later lines for each line.
    later = JournalEntry.objects.filter(chosen, act=OuterRef("act"), pk__gt=OuterRef("pk")).order_by()
    heads = JournalEntry.objects.filter(chosen, ~Exists(later), term_id=term.pk)
    if before:
        heads = heads.filter(pk__lt=before)
    return list(heads.order_by("-pk")[:size])


def acts(chosen: Q, heads: list[JournalEntry], enrollments, allowed) -> list[Act]:
    """The acts of which these are the newest lines, with the ``chosen`` cells of these enrollments.

    ``allowed`` are the enrollments whose scores the reader may change.
    """
    found, known = JournalEntry.objects.filter(chosen), [line.act for line in heads if line.act]
    plans = {
        plan.act: plan
        for plan in ImportPlan.objects.filter(act__in=known).only("act", "file_name", "undone_at")
    }
    counts = dict(
        found.filter(about(enrollments), act__in=list(plans))
        .order_by()
        .values_list("act")
        .annotate(many=Count("pk"))
    )
    by_hand = [act for act in known if act not in plans]
    alone = [line.pk for line in heads if line.act is None]
    cells = {}
    for cell in cells_of(found.filter(act__in=by_hand), enrollments, allowed) + cells_of(
        found.filter(pk__in=alone), enrollments, allowed
    ):
        cells.setdefault(cell.line.act or cell.line.pk, []).append(cell)
    made = []
    for line in heads:
        own = cells.get(line.act or line.pk, [])
        made.append(Act(line, own, counts.get(line.act, len(own)), plans.get(line.act)))
    return made


def cells_of(of, enrollments, allowed) -> list[Cell]:
    """These lines (a query) as cells, in the order in which they were written."""
    touched = of.order_by().values("enrollment_id")
    seen = {each.pk: each for each in enrollments.filter(pk__in=touched)}
    may = set(allowed.order_by().filter(pk__in=touched).values_list("pk", flat=True))
    told = stories(of)
    return [
        Cell(line, seen[line.enrollment_id], told[line.subject], line.enrollment_id in may)
        for line in of.order_by("pk")
        if line.enrollment_id in seen
    ]


def with_newest(cells: list[Cell]) -> list[Cell]:
    """The same cells, each with its newest line."""
    found = JournalEntry.objects.in_bulk({cell.story.newest for cell in cells})
    return [replace(cell, newest=found[cell.story.newest]) for cell in cells]


def folded(found: list[Act]) -> list[Act | Group]:
    """The same, single cells that were typed one after the other in one exam put together."""
    runs = []
    for act in found:
        if runs and _follows(runs[-1][-1], act):
            runs[-1].append(act)
        else:
            runs.append([act])
    rows = []
    for run in runs:
        rows += [Group(run)] if len(run) >= FOLDED_FROM else run
    return rows


def _follows(later: Act, act: Act) -> bool:
    both = [later, act]
    if not all(len(each.cells) == 1 and each.line.how in BY_HAND for each in both):
        return False
    same = all(
        (one.line.actor_id, one.cells[0].exam, one.line.how)
        == (two.line.actor_id, two.cells[0].exam, two.line.how)
        for one, two in pairwise(both)
    )
    return same and later.line.at - act.line.at <= TOGETHER
