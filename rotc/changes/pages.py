"""The changes of a term, one change, taking one back, and filling a column, as their reader may see them."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from rotc import access
from rotc.changes import actions, queries
from rotc.changes.cells import SCORES, after
from rotc.changes.forms import EVERY, FillForm, Search
from rotc.changes.taking_back import TakingBack, lines_of, take_back, would_take_back
from rotc.exams.models import Exam, Score
from rotc.exams.pages import Sheet
from rotc.imports.models import ImportPlan
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow, TermClosed
from rotc.rights import RIGHTS
from rotc.roster.models import Enrollment, Term

CELLS_A_PAGE = 100
NAMED = 12
# What an officer does in the sheet itself; an import has its own page, and an undo is taken back where it is listed.
IN_THE_SHEET = ("typed", "form", "fill", "double entry")


@dataclass
class Reach:
    """Whose scores of a term a user sees, and whose they may change."""

    user: object
    term: Term

    @cached_property
    def enrollments(self):
        return access.enrollments(self.user, access.SEE_GRADES, self.term)

    @cached_property
    def allowed(self):
        if self.term.closed_at:
            return Enrollment.objects.none()
        return access.enrollments(self.user, access.ENTER_SCORES, self.term)

    @cached_property
    def lines(self):
        return queries.lines(self.term, self.enrollments)

    def take_back(self, act: UUID, **facts) -> actions.Changed:
        return take_back(act, self.term, self.enrollments, self.allowed, by=self.user, **facts)

    def left(self, changed: actions.Changed) -> list[str]:
        """The cells that were shown and left, named as far as the user sees them."""
        gone = {}
        for enrollment, exam in changed.gone:
            gone.setdefault(enrollment, []).append(exam)
        exams = dict(Exam.objects.filter(term=self.term).values_list("pk", "name"))
        said = [str(each) for each in changed.skipped]
        for each in self.enrollments.filter(pk__in=gone):
            for exam in gone.pop(each.pk):
                said.append(
                    f"{exams.get(exam, 'An exam')}, {each.cadet.short_name} is not there to change any more"
                )
        if hidden := sum(map(len, gone.values())):
            said.append(f"{hidden} not yours any more")
        return said


@dataclass
class Changes(Reach):
    """The term-long list. Its state (term, unit, exam, who, how, before) lives in the address."""

    asked: object

    @cached_property
    def form(self) -> Search:
        # Everybody who may type scores somewhere in the term.
        officers = get_user_model().objects.filter(
            appointments__role__in=RIGHTS[access.ENTER_SCORES], appointments__unit__term=self.term
        )
        return Search(
            self.asked,
            units=access.units(self.user, access.SEE_GRADES, self.term),
            exams=self.term.exams.all(),
            officers=officers.order_by("last_name", "first_name", "pk").distinct(),
        )

    @cached_property
    def found(self):
        return queries.narrowed(self.lines, **self.form.chosen())

    @property
    def narrowed(self) -> bool:
        return any(self.form.chosen().values())

    @cached_property
    def before(self) -> int | None:
        """The line from which the list goes on backwards."""
        asked = self.asked.get("before")
        return access.number_asked(asked) if asked else None

    @cached_property
    def _heads(self):
        return queries.newest(self.found, before=self.before, size=queries.ACTS_A_PAGE + 1)

    @cached_property
    def rows(self):
        heads = self._heads[: queries.ACTS_A_PAGE]
        return queries.folded(queries.acts(self.found, heads, self.enrollments, self.allowed))

    @property
    def older(self) -> int | None:
        """Where the next page begins."""
        more = len(self._heads) > queries.ACTS_A_PAGE
        return self._heads[queries.ACTS_A_PAGE - 1].pk if more else None

    def every(self):
        """All acts of the list, a trip's worth at a time, for a file."""
        before = None
        while heads := queries.newest(self.found, before=before, size=queries.ACTS_A_TRIP):
            yield from queries.acts(self.found, heads, self.enrollments, self.allowed)
            if len(heads) < queries.ACTS_A_TRIP:
                return
            before = heads[-1].pk


@dataclass
class OneAct(Reach):
    """One change: its cells, and what taking it back would do."""

    act: UUID
    asked: object

    @cached_property
    def own_lines(self):
        return self.lines.filter(act=self.act)

    @cached_property
    def line(self) -> JournalEntry:
        return self.own_lines.order_by("-pk").first()

    @cached_property
    def count(self) -> int:
        return self.own_lines.count()

    @cached_property
    def plan(self) -> ImportPlan | None:
        """The import that it came with."""
        return ImportPlan.objects.filter(act=self.act).only("act", "file_name", "undone_at").first()

    @cached_property
    def opens_plan(self) -> bool:
        return bool(self.plan) and access.import_plans(self.user).filter(pk=self.plan.pk).exists()

    @property
    def undoes(self) -> UUID | None:
        """The act that this one took back, where the reader sees it."""
        before = self.line.undoes
        return before if before and self.lines.filter(act=before).exists() else None

    @cached_property
    def page(self):
        page = Paginator(self.own_lines.order_by("pk"), CELLS_A_PAGE).get_page(self.asked.get("page"))
        shown = self.own_lines.filter(pk__in=[line.pk for line in page])
        page.object_list = queries.with_newest(queries.cells_of(shown, self.enrollments, self.allowed))
        return page

    @property
    def cells(self):
        return queries.with_newest(queries.cells_of(self.own_lines, self.enrollments, self.allowed))

    @property
    def whole(self) -> queries.Act:
        """The change in words; of an import only its figure."""
        return queries.Act(self.line, [] if self.plan else self.cells, self.count, self.plan)

    @cached_property
    def found(self) -> TakingBack:
        return would_take_back(self.act, self.term, self.enrollments, self.allowed, by=self.user)

    @property
    def leaves(self) -> int:
        """How many of its cells stay as they are."""
        return (
            len(self.found.left)
            + self.found.hidden
            + len(self.found.proposal.cells)
            - len(self.found.proposal.changes)
        )

    @property
    def back(self) -> str:
        """Where one goes on from here: to the page one came from, else to the list."""
        asked = self.asked.get("next", "")
        if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None):
            return asked
        return f"{reverse('changes:list')}?term={self.term.name}"

    def refuse_unless_open(self) -> None:
        if self.term.closed_at:
            raise TermClosed(self.term)
        if self.plan:
            raise NotNow(
                f"This came with the import {self.plan.file_name}. "
                "It is taken back as a whole, by who gave it or who runs the corps."
            )


def act_for(user, act: UUID, asked) -> OneAct:
    """The change of this id; 404 where the user sees none of its cells."""
    line = JournalEntry.objects.filter(act=act, what=SCORES).first()
    term = line and Term.objects.filter(pk=line.term_id).first()
    if term is None:
        raise Http404
    found = OneAct(user, term, act, asked)
    if found.line is None:
        raise Http404
    return found


def last_of(sheet: Sheet) -> JournalEntry:
    """The newest change that the sheet's user made themselves in a cell of its unit and that still stands.

    Raises ``NotNow`` where there is none, ``TermClosed``.
    """
    if sheet.term.closed_at:
        raise TermClosed(sheet.term)
    reach = Reach(sheet.user, sheet.term)
    of_unit = reach.allowed.filter(unit__path__startswith=sheet.unit.path)
    own = queries.lines(sheet.term, of_unit).filter(actor_id=sheet.user.pk, how__in=IN_THE_SHEET)
    before = None
    while lines := list(own.filter(**({"pk__lt": before} if before else {})).order_by("-pk")[:200]):
        told = queries.stories(JournalEntry.objects.filter(pk__in=[line.pk for line in lines]))
        if found := next((line for line in lines if told[line.subject].stands(line.act)), None):
            return found
        before = lines[-1].pk
    raise NotNow("There is nothing of yours to take back on this sheet.")


@dataclass
class Undone:
    """A cell that was taken back, as it stands now."""

    score: Score
    enrollment: Enrollment
    said: str


def take_back_cell(sheet: Sheet, line: JournalEntry) -> Undone:
    """Take back a change of a single cell at once, as it was typed: no reason is asked for."""
    reach = Reach(sheet.user, sheet.term)
    found = would_take_back(line.act, sheet.term, reach.enrollments, reach.allowed, by=sheet.user)
    reach.take_back(line.act, seen=actions.read_seen(found.proposal.seen), asks_reason=False)
    [cell] = found.proposal.cells
    text = f"{cell.named}: {after(line) or 'blank'} taken back, {cell.typed or 'blank'} again."
    score = Score.objects.select_related("changed_by").get(enrollment=cell.enrollment, exam=cell.exam)
    return Undone(score, access.enrollment(sheet.user, cell.enrollment.pk), text)


def is_single(line: JournalEntry, term: Term) -> bool:
    return lines_of(line.act, term).count() == 1


@dataclass
class Filling(Reach):
    """One exam's cells of a sheet, and the value that they are to get. The state is in the address."""

    sheet: Sheet
    asked: object

    @cached_property
    def form(self) -> FillForm:
        initial = {"exam": self.asked.get("exam"), "cells": "blanks"}
        given = self.asked if "value" in self.asked else None
        return FillForm(given, exams=self.term.exams.all(), initial=initial)

    @property
    def is_chosen(self) -> bool:
        return self.form.is_bound and self.form.is_valid()

    @cached_property
    def _shown(self) -> list[Enrollment]:
        return list(self.sheet.narrowed)

    @cached_property
    def _mine(self) -> set[int]:
        return set(
            self.allowed.order_by()
            .filter(pk__in=[each.pk for each in self._shown])
            .values_list("pk", flat=True)
        )

    @property
    def left_out(self) -> list[Enrollment]:
        """Cadets of the sheet whose scores this user may not change."""
        return [each for each in self._shown if each.pk not in self._mine]

    def _wanted(self):
        exam, value = self.form.cleaned_data["exam"], self.form.cleaned_data["value"]
        return [(each, exam, value) for each in self._shown if each.pk in self._mine]

    @cached_property
    def proposal(self) -> actions.Proposal:
        """What it would change; in ``leaves`` what is left, because it is no blank or holds this already."""
        whole = actions.propose(self._wanted())
        if self.form.cleaned_data["cells"] == EVERY:
            return whole
        return actions.Proposal([cell for cell in whole.cells if not cell.held])

    @property
    def leaves(self) -> int:
        return len(self._mine) - len(self.proposal.changes)

    def fill(self, *, seen, reason) -> actions.Changed:
        return actions.change(self.term, self._wanted(), seen=seen, by=self.user, how="fill", reason=reason)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The sheet's address, for the form that goes on from here."""
        return [
            (name, self.asked[name])
            for name in ("term", "unit", "columns", "q", "show")
            if self.asked.get(name)
        ]

    @property
    def back(self) -> str:
        return f"{reverse('exams:sheet')}?{urlencode(self.facts)}"

    def said(self, changed) -> str:
        """What was filled, with the way to take it back."""
        undo = f"{reverse('changes:undo', args=[changed.act])}?{urlencode({'next': self.back})}"
        text = said("Filled", changed, self.left(changed))
        return format_html('{} <a href="{}">Take back</a>', text, undo)


def filling_for(user, sheet: Sheet | None, asked) -> Filling:
    """The fill of this sheet; 403 for who only reads it."""
    access.check(sheet is not None and access.may(user, access.ENTER_SCORES, sheet.unit))
    if sheet.term.closed_at:
        raise TermClosed(sheet.term)
    if sheet.too_long:
        raise NotNow(f"{sheet.size} cadets are too many at once. Choose a company or a platoon.")
    return Filling(user, sheet.term, sheet, asked)


def said(verb: str, changed: actions.Changed, left: list[str]) -> str:
    """``Filled 42 cells. Left as they are: Prelim, Abad, Ana is 88 now, set by Sgt Reyes.``"""
    text = f"{verb} {changed.count} cell{'' if changed.count == 1 else 's'}."
    if left:
        more = f"; and {len(left) - NAMED} more" if len(left) > NAMED else ""
        text += f" Left as they are: {'; '.join(left[:NAMED])}{more}."
    return text
