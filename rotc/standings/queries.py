"""Where the database meets the engine: the facts of an enrollment as the record that is graded."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import Rank

from rotc.attendance.models import AttendanceMark
from rotc.conduct.models import ConductEntry
from rotc.exams.models import Score
from rotc.grading import CadetRecord, ExamScore, Policy, Verdict, grade
from rotc.roster.models import Enrollment
from rotc.standings.models import Standing
from rotc.verdicts.models import DropDecision, Override
from rotc.verdicts.queries import decisions_in_force

PLACED = ("passed", "failed", "in_progress")
BEST_FIRST = ("total", "proficiency", "attendance", "aptitude")


def records(term, enrollment_ids, decisions=None) -> Iterator[tuple[int, CadetRecord]]:
    """``(enrollment id, record)`` for each of these enrollments of ``term``, in seven trips however many.

    ``decisions``: the drop decisions in force by enrollment, where the caller has read them.
    """
    exams = list(term.exams.all())
    planned = planned_days(term)
    letters = _letters(enrollment_ids)
    points = _points(enrollment_ids)
    scores = _scores(enrollment_ids)
    codes = _codes(enrollment_ids)
    waived = _waived(decisions_in_force(enrollment_ids) if decisions is None else decisions)
    for enrollment_id in enrollment_ids:
        merits, demerits = points.get(enrollment_id, (0, 0))
        yield (
            enrollment_id,
            CadetRecord(
                days=letters[enrollment_id],
                planned_days=planned,
                merits=merits,
                demerits=demerits,
                exams=tuple(_exam_score(exam, scores.get((enrollment_id, exam.pk))) for exam in exams),
                override=codes.get(enrollment_id),
                drop_waived=enrollment_id in waived,
                final=term.closed_at is not None,
            ),
        )


def record(enrollment: Enrollment) -> CadetRecord:
    """The record of one enrollment."""
    [(_, found)] = records(enrollment.term, [enrollment.pk])
    return found


def recommended(record: CadetRecord, rules: Policy) -> str:
    """Why the engine recommends to drop this cadet, whatever was decided or set by hand; nothing where it does not."""
    bare = grade(replace(record, override=None, drop_waived=False), rules)
    return "; ".join(bare.reasons) if bare.verdict is Verdict.DROPPED else ""


def near_drop(record: CadetRecord, rules: Policy) -> bool:
    """Whether the next unexcused absence would have the engine recommend a drop that it does not recommend yet."""
    if not rules.drop_rule or grade(record, rules).verdict is not Verdict.IN_PROGRESS:
        return False
    return grade(replace(record, days=record.days + "A"), rules).verdict is Verdict.DROPPED


def planned_days(term) -> int:
    """Days planned for the term: cancelled ones are taken off, replacements put back, extra ones added."""
    counts = term.training_days.aggregate(
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        standing=Count("pk", filter=Q(cancelled_at=None)),
    )
    return max(term.planned_days - counts["cancelled"], counts["standing"], 0)


def _letters(enrollment_ids) -> dict[int, str]:
    marks = (
        AttendanceMark.objects.filter(enrollment__in=enrollment_ids, day__held_at__isnull=False)
        .exclude(letter="")
        .order_by("day__date")
        .values_list("enrollment_id", "letter")
    )
    letters = defaultdict(str)
    for enrollment_id, letter in marks:
        letters[enrollment_id] += letter
    return letters


def _points(enrollment_ids) -> dict[int, tuple[int, int]]:
    sums = (
        ConductEntry.objects.filter(
            enrollment__in=enrollment_ids, approved_at__isnull=False, reversed_at=None
        )
        .order_by()
        .values_list("enrollment_id")
        .annotate(
            merits=Sum("points", filter=Q(kind="merit"), default=0),
            demerits=Sum("points", filter=Q(kind="demerit"), default=0),
        )
    )
    return {enrollment_id: (merits, demerits) for enrollment_id, merits, demerits in sums}


def _scores(enrollment_ids) -> dict[tuple[int, int], Score]:
    found = Score.objects.filter(enrollment__in=enrollment_ids)
    return {(score.enrollment_id, score.exam_id): score for score in found}


def _codes(enrollment_ids) -> dict[int, str]:
    """The codes set by hand that are in force."""
    found = Override.objects.filter(enrollment__in=enrollment_ids, lifted_at=None)
    return dict(found.order_by().values_list("enrollment_id", "code"))


def _waived(decisions) -> set[int]:
    """Those of whom the Commandant waived the drop."""
    return {pk for pk, each in decisions.items() if each.decision == DropDecision.Decision.WAIVED}


def _exam_score(exam, score) -> ExamScore:
    return ExamScore(
        name=exam.name,
        raw=score.raw if score else None,
        items=exam.items,
        weight=exam.weight,
        absence=(score.absence or None) if score else None,
    )


def standing_of(enrollment) -> Standing:
    """The stored standing; one without figures where none is kept, until the next fact brings it back."""
    return getattr(enrollment, "standing", None) or Standing(
        enrollment=enrollment, verdict="in_progress", version=0, changed_at=enrollment.enrolled_at
    )


def placed(term):
    """The standings of a term that take a place."""
    return Standing.objects.filter(enrollment__term=term, verdict__in=PLACED, total__isnull=False)


def places(enrollment, standing) -> dict[str, tuple[int, int]]:
    """The cadet's own place as ``{"Platoon": (place, of)}`` for each unit they stand in; one query.

    Empty while there is no total. Equal figures share a place.
    """
    if standing.total is None or standing.verdict not in PLACED:
        return {}
    by_unit = placed(enrollment.term).order_by().values_list("enrollment__unit__path")
    found = list(by_unit.annotate(of=Count("pk"), ahead=Count("pk", filter=_ahead_of(standing))))
    return {unit.get_kind_display(): _place_in(unit, found) for unit in _units_above(enrollment.unit)}


def _place_in(unit, found) -> tuple[int, int]:
    inside = [(of, ahead) for path, of, ahead in found if path.startswith(unit.path)]
    return sum(ahead for _, ahead in inside) + 1, sum(of for of, _ in inside)


def _units_above(unit) -> list:
    units = []
    while unit is not None:
        units.append(unit)
        unit = unit.parent
    return units


def _ahead_of(standing) -> Q:
    ahead, level = Q(), Q()
    for name in BEST_FIRST:
        ahead |= level & Q(**{f"{name}__gt": getattr(standing, name)})
        level &= Q(**{name: getattr(standing, name)})
    return ahead


def board(enrollments):
    """The order of merit among these enrollments: standings with ``place`` (ties share), best first."""
    best_first = [F(name).desc() for name in BEST_FIRST]
    return (
        Standing.objects.filter(enrollment__in=enrollments, verdict__in=PLACED, total__isnull=False)
        .annotate(place=Window(Rank(), order_by=best_first))
        .select_related("enrollment__cadet", "enrollment__unit__parent__parent")
        .order_by("place", "enrollment__cadet__sort_name")
    )


def unplaced(enrollments) -> int:
    """How many of these have no place: no total yet, or a code."""
    return enrollments.exclude(
        standing__in=Standing.objects.filter(verdict__in=PLACED, total__isnull=False)
    ).count()
