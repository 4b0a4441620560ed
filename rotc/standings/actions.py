"""Keeping standings true to the facts."""

from django.db import transaction
from django.utils import timezone

from rotc.grading import grade
from rotc.standings.models import Standing
from rotc.standings.queries import records

KEPT = ["attendance", "aptitude", "proficiency", "total", "rating", "if_ended_today", "verdict", "reasons"]


def refresh(term, enrollment_ids) -> int:
    """Grade these enrollments of one term again; returns how many standings changed.

    The rows are locked before the facts are read: of two facts changed at once the later one to commit
    reads both. A standing that stays the same keeps its version.
    """
    ids = sorted(enrollment_ids)
    rules = term.rules
    with transaction.atomic():
        known = {
            each.enrollment_id: each
            for each in Standing.objects.select_for_update().filter(enrollment__in=ids).order_by("pk")
        }
        now = timezone.now()
        new, changed = [], []
        for enrollment_id, record in records(term, ids):
            figures = _figures(grade(record, rules))
            before = known.get(enrollment_id)
            if before is None:
                new.append(Standing(enrollment_id=enrollment_id, changed_at=now, **figures))
            elif any(getattr(before, name) != value for name, value in figures.items()):
                _take_over(before, figures, now)
                changed.append(before)
        Standing.objects.bulk_create(new, batch_size=500)
        Standing.objects.bulk_update(changed, [*KEPT, "version", "changed_at"], batch_size=200)
    return len(new) + len(changed)


def _figures(result) -> dict:
    return {
        "attendance": _kept(result.attendance.points),
        "aptitude": _kept(result.aptitude.points),
        "proficiency": _kept(result.proficiency.points),
        "total": _kept(result.total),
        "rating": result.rating or "",
        "if_ended_today": result.if_ended_today or "",
        "verdict": result.verdict.value,
        "reasons": list(result.reasons),
    }


def _kept(figure):
    return None if figure is None else round(figure, 8)


def _take_over(standing, figures, now) -> None:
    for name, value in figures.items():
        setattr(standing, name, value)
    standing.version += 1
    standing.changed_at = now
