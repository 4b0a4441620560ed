"""The pages of a double entry as their reader sees them."""

from dataclasses import dataclass, field
from functools import cached_property

from rotc import access
from rotc.changes.actions import Proposal, propose, read_seen
from rotc.double_entry import queries
from rotc.double_entry.actions import UNITS, settle, why_not_typed
from rotc.double_entry.comparing import Comparison, compare
from rotc.double_entry.forms import SettleForm, answers, typed_lines
from rotc.double_entry.models import DoubleEntry
from rotc.exams.models import Exam
from rotc.operations.models import Letterhead
from rotc.operations.queries import Head, letterhead
from rotc.refusals import BadValue, NotNow, Refusal
from rotc.roster.archiving import serving
from rotc.roster.models import Term, Unit

Due = DoubleEntry.Due


@dataclass
class Beginning:
    """Choosing an exam and a unit, and what starting would do."""

    user: object
    term: Term
    exam: Exam | None
    unit: Unit | None

    @cached_property
    def units(self):
        return list(access.units(self.user, access.ENTER_SCORES, self.term).filter(kind__in=UNITS))

    @cached_property
    def exams(self):
        return list(self.term.exams.all())

    @property
    def is_chosen(self) -> bool:
        return bool(self.exam and self.unit)

    @cached_property
    def enrollments(self):
        return access.enrollments(self.user, access.ENTER_SCORES, self.term)

    @cached_property
    def cadets(self):
        return queries.on_paper(self.unit, self.enrollments)

    @cached_property
    def left_out(self) -> list[tuple[str, str]]:
        """Who stands on the unit's sheet and not on its paper, and why."""
        sheet = access.enrollments(self.user, access.SEE_GRADES, self.term).filter(
            serving(self.term), unit__path__startswith=self.unit.path
        )
        there = {each.pk for each in self.cadets}
        return [(each.cadet.full_name, self._why(each)) for each in sheet if each.pk not in there]

    def _why(self, enrollment) -> str:
        own = access.owns(self.user, enrollment)
        return "Your own record: another officer enters it." if own else "Dropped."

    @cached_property
    def open_one(self):
        return queries.open_one(self.exam, self.unit)


def beginning_for(user, asked) -> Beginning | None:
    """What ``asked`` (a query dict) names; None without a term."""
    term = access.term(user, asked.get("term"))
    if term is None:
        return None
    access.check(access.may(user, access.ENTER_SCORES, term=term))
    page = Beginning(user, term, None, access.unit_asked(user, asked.get("unit"), access.ENTER_SCORES, term))
    if number := asked.get("exam"):
        page.exam = access.exam(user, access.number_asked(number))
    if page.exam and page.exam.term_id != term.pk:
        page.exam = None
    if page.unit and page.unit.kind not in UNITS:
        page.unit = None
    return page


@dataclass
class TypedLine:
    place: int
    name: str
    student_number: str
    own: bool
    typed: str = ""
    why: str = ""

    @property
    def number(self) -> int:
        return self.place + 1


@dataclass
class Typing:
    """One pass: the names beside what this officer typed, and nothing that anybody else did."""

    entry: DoubleEntry
    user: object
    which: str
    typed: list[str]
    blanks_meant: bool = False
    refusal: str = ""
    why: dict[int, str] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[TypedLine]:
        own = queries.own_places(self.entry, self.user)
        return [
            TypedLine(place, line["name"], line["number"], place in own, typed, self.why.get(place, ""))
            for place, (line, typed) in enumerate(zip(self.entry.order, self.typed, strict=True))
        ]

    @property
    def has_blanks(self) -> bool:
        return any(not line.typed.strip() and not line.own for line in self.lines)

    def refused(self, refusal: Refusal) -> "Typing":
        """The form again with all that was typed; as the second pass where another handed in the first meanwhile.

        Raises the refusal where there is nothing left for this officer to type.
        """
        entry = access.double_entry(self.user, self.entry.pk)
        if entry.due not in (Due.FIRST, Due.SECOND) or why_not_typed(entry, entry.due, self.user):
            raise refusal
        said = str(refusal)
        if entry.due != self.which:
            said += " It stands below: if you typed it from the paper, hand it in as the second pass."
        why = getattr(refusal, "why", {})
        return Typing(entry, self.user, entry.due, self.typed, self.blanks_meant, said, why)


def typing_for(user, entry: DoubleEntry, posted) -> Typing:
    """The pass that is due, to the officer who may type it; ``posted`` is what came back from its form.

    Raises ``NotNow`` for whoever may not: both passes are typed, or they typed the first.
    """
    typed = typed_lines(posted, len(entry.order))
    if posted:
        return Typing(entry, user, posted.get("which", ""), typed, bool(posted.get("blanks")))
    if entry.due == Due.COMPARE:
        raise NotNow("Both passes are typed: they are compared now.")
    if refusal := why_not_typed(entry, entry.due or "", user):
        raise NotNow(refusal)
    return Typing(entry, user, entry.due, typed)


@dataclass
class Comparing:
    """Both passes: first the lines that differ, then what storing them would change."""

    user: object
    entry: DoubleEntry
    posted: object  # a query dict
    refusal: str = ""

    @cached_property
    def enrollments(self):
        return access.enrollments(self.user, access.ENTER_SCORES, self.entry.unit.term)

    @cached_property
    def found(self) -> Comparison:
        """With what was chosen of the lines that differ, once something was."""
        found = compare(self.entry, self.enrollments)
        if self.posted:
            found.settle(self._answers(found))
        return found

    def _answers(self, found):
        return answers(self.posted, [line.place for line in found.differing])

    @property
    def is_settled(self) -> bool:
        """Whether what would change can be shown."""
        return not self.found.unsettled and "again" not in self.posted

    @property
    def status(self) -> int:
        return 422 if self.posted and (self.found.unsettled or self.refusal) else 200

    @property
    def waits(self) -> int:
        return sum(bool(line.why) for line in self.found.differing)

    @cached_property
    def proposal(self) -> Proposal:
        return propose(self.found.wanted)

    @property
    def over(self):
        """Changes of cells that hold something else already."""
        return [cell for cell in self.proposal.changes if cell.held]

    @property
    def fresh(self):
        """Changes of cells that are blank."""
        return [cell for cell in self.proposal.changes if not cell.held]

    @property
    def left(self) -> int:
        return len(self.proposal.leaves) + len(self.found.empty)

    @cached_property
    def form(self) -> SettleForm:
        return SettleForm(self.posted)

    @cached_property
    def items_since(self):
        return queries.items_since(self.entry)

    def refused(self, refusal: Refusal) -> "Comparing":
        """The page as it stands now, with the refusal's words; raises it where nothing is left to compare."""
        entry = access.double_entry(self.user, self.entry.pk)
        if entry.due != Due.COMPARE:
            raise refusal
        return Comparing(self.user, entry, self.posted, str(refusal))

    def settle(self):
        """Store what the preview showed."""
        if not self.form.is_valid():
            raise BadValue("The reason has at most 200 characters. Nothing was stored.")
        return settle(
            self.entry,
            self._answers(self.found),
            seen=read_seen(self.form.cleaned_data["seen"]),
            enrollments=self.enrollments,
            by=self.user,
            reason=self.form.cleaned_data["reason"],
        )


def comparing_for(user, entry: DoubleEntry, posted) -> Comparing:
    """The comparison, once both passes are typed. Raises ``NotNow`` before that and when it is over."""
    if entry.due != Due.COMPARE:
        raise NotNow(f"There is nothing to compare: {entry.state.lower()}.")
    return Comparing(user, entry, posted)


@dataclass
class Paper:
    """The sheet on which scores are written by hand, in the unit's size or the one asked for."""

    entry: DoubleEntry
    asked: str
    letterhead: Head = field(default_factory=letterhead)
    sizes = Letterhead.Paper.choices

    @property
    def size(self) -> str:
        return self.asked if self.asked in Letterhead.Paper.values else self.letterhead.paper


@dataclass
class Detail:
    """How a double entry stands, and what its reader may do about it."""

    entry: DoubleEntry
    user: object

    @cached_property
    def may_enter(self) -> bool:
        return not self.entry.unit.term.closed_at and access.may(
            self.user, access.ENTER_SCORES, self.entry.unit
        )

    @property
    def steps(self):
        """``(label, whether it stands here)``"""
        here = self.entry.due
        return [
            ("First officer", here == Due.FIRST),
            ("Second officer, blind", here == Due.SECOND),
            ("Compare", here == Due.COMPARE),
            ("Stored", bool(self.entry.settled_at)),
        ]

    @property
    def why_not_typed(self) -> str:
        return why_not_typed(self.entry, self.entry.due, self.user)

    @cached_property
    def act(self):
        return queries.settled_act(self.entry) if self.entry.settled_at else None
