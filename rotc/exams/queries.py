"""What the grade sheet shows, in a constant number of trips."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.exams.models import Exam, Score
from rotc.grading.policy import COMPONENTS, Policy
from rotc.roster.models import Enrollment

# A company fits one page; more is chosen by platoon.
MOST_ROWS = 220
COLUMNS = {
    "exams": "Exams",
    "attendance": "Attendance",
    "aptitude": "Aptitude",
    "all": "All",
}
# Which cadets a sheet shows.
SHOWS = {"": "Everybody", "blanks": "Blanks", "below": "Below minimum", "changed": "Changed today"}
CENT = Decimal("0.01")
# A score or an absence, as a filter on scores.
FILLED = Q(raw__isnull=False) | ~Q(absence="")


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


@dataclass(frozen=True)
class ColumnFigures:
    """One exam of these cadets. An absence is entered, and is in none of lowest, mean and highest."""

    exam: Exam
    size: int
    entered: int = 0
    scored: int = 0
    lowest: Decimal | None = None
    total: Decimal | None = None
    highest: Decimal | None = None

    @property
    def blank(self) -> int:
        return self.size - self.entered

    @property
    def mean(self) -> Decimal | None:
        return (self.total / self.scored).quantize(CENT, ROUND_HALF_UP) if self.scored else None


def column_figures(enrollments, exams, *, size: int) -> list[ColumnFigures]:
    """What stands under the columns of these exams, for these ``size`` cadets; one query."""
    counted = (
        Score.objects.filter(enrollment__in=enrollments.order_by().values("pk"), exam__in=exams)
        .order_by()
        .values("exam_id")
        .annotate(
            entered=Count("pk", filter=FILLED),
            scored=Count("raw"),
            lowest=Min("raw"),
            total=Sum("raw"),
            highest=Max("raw"),
        )
    )
    found = {figures.pop("exam_id"): figures for figures in counted}
    return [ColumnFigures(exam, size, **found.get(exam.pk, {})) for exam in exams]


def counts(enrollments, narrowings) -> dict[str, int]:
    """How many cadets each of these narrowings leaves; one query."""
    return enrollments.order_by().aggregate(
        **{show: Count("pk", filter=fits) for show, fits in narrowings.items()}
    )


def narrowings(exams, rules: Policy) -> dict[str, Q]:
    """Which enrollments each of ``SHOWS`` leaves; everybody is no narrowing."""
    scores = Score.objects.filter(enrollment=OuterRef("pk")).order_by()
    filled = scores.filter(FILLED, exam__in=exams).values("enrollment").annotate(n=Count("pk")).values("n")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "blanks": Q(LessThan(Coalesce(Subquery(filled), 0), len(exams))),
        "below": _below(rules),
        "changed": Q(Exists(scores.filter(changed_at__gte=midnight))),
    }


def _below(rules) -> Q:
    """Under the passing total or a minimum, failed, or recommended to be dropped. No figure is not below any."""
    below = Q(standing__verdict__in=("failed", "dropped")) | Q(standing__total__lt=rules.passing_total)
    for name in COMPONENTS:
        if (minimum := getattr(rules, f"minimum_{name}")) is not None:
            below |= Q(**{f"standing__{name}__lt": minimum})
    return below


def now_stamp() -> str:
    return timezone.now().isoformat()
