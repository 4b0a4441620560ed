"""What the grade sheet shows, in a constant number of trips."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.exams.models import Score
from rotc.roster.models import Enrollment

# A company fits one page; more is chosen by platoon.
MOST_ROWS = 220
COLUMNS = {
    "exams": "Exams",
    "attendance": "Attendance",
    "aptitude": "Aptitude",
    "all": "All",
}
# Commits become visible a little after the clock was read.
LATECOMERS = timedelta(seconds=10)


@dataclass
class Cell:
    """A score as the sheet holds it. ``name`` is what a form without scripts sends back with it."""

    enrollment_id: int
    exam_id: int
    typed: str
    version: int
    refused: str = ""
    shown: str | None = None

    @property
    def key(self) -> str:
        return f"{self.enrollment_id}.{self.exam_id}"

    @property
    def name(self) -> str:
        return f"{self.key}.{self.version}:{self.typed if self.shown is None else self.shown}"


@dataclass
class Row:
    enrollment: Enrollment
    cells: list[Cell]
    letters: list[str]
    locked: bool


def sheet(enrollments, exams, days=(), *, locked) -> list[Row]:
    """The rows of these enrollments; ``locked(enrollment)`` says whose cells are not typed in."""
    rows = list(enrollments.select_related("standing"))
    ids = [each.pk for each in rows]
    scores = {(each.enrollment_id, each.exam_id): each for each in Score.objects.filter(enrollment__in=ids)}
    letters = _letters(ids, days)
    return [
        Row(
            enrollment=each,
            cells=[_cell(each.pk, exam.pk, scores.get((each.pk, exam.pk))) for exam in exams],
            letters=[letters.get((each.pk, day.pk), "·") for day in days],
            locked=locked(each),
        )
        for each in rows
    ]


def _cell(enrollment_id, exam_id, score) -> Cell:
    if score is None:
        return Cell(enrollment_id, exam_id, "", 0)
    return Cell(enrollment_id, exam_id, score.typed, score.version)


def _letters(ids, days) -> dict[tuple[int, int], str]:
    if not days:
        return {}
    marks = AttendanceMark.objects.filter(enrollment__in=ids, day__in=days).exclude(letter="")
    return {
        (enrollment, day): letter
        for enrollment, day, letter in marks.values_list("enrollment_id", "day_id", "letter")
    }


def held_days(term):
    return list(term.training_days.filter(held_at__isnull=False))


def with_points(enrollments):
    """The same enrollments with ``merits`` and ``demerits`` that count."""
    counts = Q(conduct__approved_at__isnull=False, conduct__reversed_at=None)
    return enrollments.annotate(
        merits=Sum("conduct__points", filter=counts & Q(conduct__kind="merit"), default=0),
        demerits=Sum("conduct__points", filter=counts & Q(conduct__kind="demerit"), default=0),
    ).order_by("unit__path", "cadet__sort_name")  # grouping drops the model's own order


def entered(enrollments, exams) -> dict[int, int]:
    """How many of these cadets have a score or an absence in each exam."""
    filled = Q(raw__isnull=False) | ~Q(absence="")
    counts = (
        Score.objects.filter(filled, enrollment__in=enrollments.values("pk"), exam__in=exams)
        .order_by()
        .values_list("exam_id")
        .annotate(Count("pk"))
    )
    return dict(counts)


def changed_since(enrollments, moment):
    """``(cells, enrollments)`` whose score or standing changed since ``moment``, with a little overlap."""
    since = moment - LATECOMERS
    scores = Score.objects.filter(enrollment__in=enrollments.values("pk"), changed_at__gte=since)
    standings = enrollments.filter(standing__changed_at__gte=since).select_related("standing")
    return [_cell(each.enrollment_id, each.exam_id, each) for each in scores], list(standings)


def now_stamp() -> str:
    return timezone.now().isoformat()
