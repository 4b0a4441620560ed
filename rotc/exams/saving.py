"""Cells that an officer sends, one or a whole sheet: each is let in, saved and answered for itself."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects

from rotc import access
from rotc.exams.bulk import Wanted, record_each
from rotc.exams.forms import TypedCell
from rotc.exams.models import Exam, Score
from rotc.refusals import Refusal
from rotc.roster.models import Enrollment

GONE = "This cadet is no longer yours to enter. Not saved."
READ_ONLY = "You may read this cell and not change it. Not saved."


@dataclass
class Answer:
    """What became of one cell. ``score`` is the cell as it stands, where it was saved or somebody else was first."""

    cell: TypedCell
    outcome: Score | Exception
    enrollment: Enrollment | None = None
    row: int | None = None

    @property
    def key(self) -> str:
        return self.cell.key

    @property
    def saved(self) -> bool:
        return isinstance(self.outcome, Score)

    @property
    def score(self) -> Score | None:
        return self.outcome if self.saved else getattr(self.outcome, "current", None)

    @property
    def status(self) -> int:
        if self.saved:
            return 200
        if isinstance(self.outcome, Refusal):
            return self.outcome.status
        return 403 if isinstance(self.outcome, PermissionDenied) else 404

    @property
    def sentence(self) -> str:
        if isinstance(self.outcome, Refusal):
            return str(self.outcome)
        return {200: "", 403: READ_ONLY, 404: GONE}[self.status]


def save_cells(user, cells: list[TypedCell], *, how: str) -> list[Answer]:
    """Save each of these cells, as ``user`` typed them; their answers in order."""
    found = access.enrollment_each(user, [cell.enrollment for cell in cells], access.ENTER_SCORES)
    answers = [Answer(cell, found[cell.enrollment]) for cell in cells]
    let_in = [answer for answer in answers if isinstance(answer.outcome, Enrollment)]
    for answer in let_in:
        answer.enrollment = answer.outcome
    wanted = [
        Wanted(answer.enrollment, answer.cell.exam, answer.cell.typed, answer.cell.version)
        for answer in let_in
    ]
    for answer, outcome in zip(let_in, record_each(wanted, by=user, how=how), strict=True):
        answer.outcome = outcome
    return answers


def rows_of(answers: list[Answer]) -> list[Enrollment]:
    """The cadets whose cells were saved, with their standings as they are now; each row's first answer names it."""
    firsts = {}
    for answer in answers:
        if answer.saved:
            firsts.setdefault(answer.enrollment.pk, answer)
    enrollments = [answer.enrollment for answer in firsts.values()]
    prefetch_related_objects(enrollments, "standing")
    for answer in firsts.values():
        answer.row = getattr(getattr(answer.enrollment, "standing", None), "version", 0)
    return enrollments


def exams_of(answers: list[Answer]) -> list[Exam]:
    """The exams in which something was saved."""
    return list({answer.outcome.exam_id: answer.outcome.exam for answer in answers if answer.saved}.values())


def status_of(answers: list[Answer]) -> int:
    """The cells' own status where they agree, else 207."""
    statuses = {answer.status for answer in answers}
    return statuses.pop() if len(statuses) == 1 else 207
