"""What one does from the grade sheet: take back one's own last change there, and fill cells of one exam."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html

from rotc import access
from rotc.changes import actions, queries
from rotc.changes.cells import after
from rotc.changes.forms import EVERY, FillForm
from rotc.changes.pages import Reach, said
from rotc.changes.taking_back import lines_of, would_take_back
from rotc.exams.models import Score
from rotc.exams.pages import Sheet
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow, TermClosed
from rotc.roster.models import Enrollment

# What an officer does in the sheet itself; an import has its own page, and an undo is taken back where it is listed.
IN_THE_SHEET = ("typed", "form", "fill", "double entry")


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


def is_single(line: JournalEntry) -> bool:
    return lines_of(line.act).count() == 1


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
