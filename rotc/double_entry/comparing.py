"""Two passes side by side: where they agree, where somebody has to look at the paper, and who is left out."""

from dataclasses import dataclass, field

from rotc.double_entry.models import DoubleEntry
from rotc.double_entry.queries import dropped
from rotc.double_entry.reading import why_not, written
from rotc.refusals import BadValue
from rotc.roster.models import Enrollment

CHOICES = ("first", "second", "typed")


@dataclass
class Line:
    """A line of the paper as it was typed twice. ``taken`` is what it is to be: agreed on, or settled."""

    place: int
    enrollment: Enrollment
    first: str
    second: str
    problem: str = ""  # both typed this, and the exam cannot hold it any more
    taken: str | None = None
    choice: str = ""
    typed: str = ""
    why: str = ""

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def differs(self) -> bool:
        return self.first != self.second or bool(self.problem)

    def settle(self, choice: str, typed: str, items: int) -> None:
        """Take one of both, or what the paper says; ``why`` when that cannot be."""
        self.choice = choice if choice in CHOICES else "typed" if typed.strip() else ""
        self.typed = typed
        if not self.choice:
            self.why = "Choose one, or type what the paper says."
            return
        text = {"first": self.first, "second": self.second, "typed": typed}[self.choice]
        self.why = why_not(text, items) or why_not(typed, items)
        if not self.why and typed.strip() and written(typed, items) != written(text, items):
            self.why = f"You chose {text or 'empty'} and typed {typed.strip()}: keep one of them."
        self.taken = None if self.why else written(text, items)


@dataclass
class Comparison:
    entry: DoubleEntry
    lines: list[Line] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if line.differs]

    @property
    def unsettled(self) -> list[Line]:
        return [line for line in self.lines if line.taken is None]

    @property
    def empty(self) -> list[Line]:
        """Lines without a score on the paper: whatever the sheet holds there stays."""
        return [line for line in self.lines if line.taken == ""]

    @property
    def wanted(self):
        """The cells as the paper has them."""
        return [(line.enrollment, self.entry.exam, line.taken) for line in self.lines if line.taken]

    def settle(self, answers: dict[int, tuple[str, str]]) -> None:
        """Take ``{place: (choice, typed)}`` for the lines that differ."""
        for line in self.differing:
            line.settle(*answers.get(line.place, ("", "")), self.entry.exam.items)

    def check(self) -> None:
        if self.unsettled:
            raise BadValue("Some lines are not settled. Nothing was stored.")


def compare(entry: DoubleEntry, enrollments) -> Comparison:
    """Both passes against each other; ``enrollments`` are those that the reader may enter scores for."""
    pks = [line["enrollment"] for line in entry.order]
    found = Comparison(entry)
    why = _why_left_out(entry, pks, enrollments)
    reached = {each.pk: each for each in enrollments.filter(pk__in=pks)}
    typed = zip(entry.order, entry.first, entry.second, strict=True)
    for place, (line, first, second) in enumerate(typed):
        pk = line["enrollment"]
        if pk in why:
            found.left_out.append((line["name"], why[pk]))
        elif pk not in reached:
            found.left_out.append(
                (line["name"], "Not yours to enter: it is your own record, or another unit’s.")
            )
        elif first is None or second is None:
            found.left_out.append((line["name"], "Typed once only: nobody types their own record."))
        else:
            found.lines.append(_line(place, reached[pk], first, second, entry.exam.items))
    return found


def _line(place, enrollment, first, second, items) -> Line:
    problem = why_not(first, items) if first == second else ""
    agreed = first if first == second and not problem else None
    return Line(place, enrollment, first, second, problem, taken=agreed)


def _why_left_out(entry, pks, enrollments) -> dict[int, str]:
    """Who of the paper is not in the unit's sheet any more, and why."""
    standing = {
        each.pk: each
        for each in Enrollment.objects.filter(pk__in=pks).select_related("cadet", "unit__parent")
    }
    gone = dropped(entry.unit.term, pks)
    why = {pk: _why(standing.get(pk), entry, pk in gone) for pk in pks}
    return {pk: sentence for pk, sentence in why.items() if sentence}


def _why(enrollment, entry, is_dropped) -> str:
    if enrollment is None:
        return "Not enrolled any more."
    if enrollment.cadet.archived_at:
        return "Archived meanwhile."
    if not enrollment.unit.path.startswith(entry.unit.path):
        return f"Moved to {enrollment.unit.place} meanwhile."
    return "Dropped meanwhile." if is_dropped else ""
