"""The changes of a term, one change, and taking one back, as their reader may see them."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from rotc import access
from rotc.changes import actions, queries
from rotc.changes.cells import SCORES
from rotc.changes.forms import Search
from rotc.changes.taking_back import TakingBack, lines_of, take_back, would_take_back
from rotc.exams.models import Exam
from rotc.imports.models import ImportPlan
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow, TermClosed
from rotc.rights import RIGHTS
from rotc.roster.models import Enrollment, Term

CELLS_A_PAGE = 100
NAMED = 12


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
    def chosen(self):
        """Which lines, whosever; ``shown`` is whose."""
        return queries.narrowed(**{name: of for name, of in self.form.chosen().items() if name != "unit"})

    @cached_property
    def shown(self):
        unit = self.form.chosen()["unit"]
        return self.enrollments.filter(unit__path__startswith=unit.path) if unit else self.enrollments

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
        return queries.newest(
            self.term, self.shown, self.chosen, before=self.before, size=queries.ACTS_A_PAGE + 1
        )

    @cached_property
    def rows(self):
        heads = self._heads[: queries.ACTS_A_PAGE]
        return queries.folded(queries.acts(self.chosen, heads, self.shown, self.allowed))

    @property
    def older(self) -> int | None:
        """Where the next page begins."""
        more = len(self._heads) > queries.ACTS_A_PAGE
        return self._heads[queries.ACTS_A_PAGE - 1].pk if more else None

    def every(self):
        """All acts of the list, a trip's worth at a time, for a file."""
        before = None
        while heads := queries.newest(
            self.term, self.shown, self.chosen, before=before, size=queries.ACTS_A_TRIP
        ):
            yield from queries.acts(self.chosen, heads, self.shown, self.allowed)
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
        return lines_of(self.act).filter(queries.about(self.enrollments))

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
        return (
            before if before and lines_of(before).filter(queries.about(self.enrollments)).exists() else None
        )

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


def said(verb: str, changed: actions.Changed, left: list[str]) -> str:
    """``Filled 42 cells. Left as they are: Prelim, Abad, Ana is 88 now, set by Sgt Reyes.``"""
    text = f"{verb} {changed.count} cell{'' if changed.count == 1 else 's'}."
    if left:
        more = f"; and {len(left) - NAMED} more" if len(left) > NAMED else ""
        text += f" Left as they are: {'; '.join(left[:NAMED])}{more}."
    return text
