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
    with transaction.atomic():
        known = {
            each.enrollment_id: each
            for each in Standing.objects.select_for_update(no_key=True)
            .filter(enrollment__in=ids)
            .order_by("pk")
        }
        now = timezone.now()
        changed = [
            _standing(enrollment_id, figures, known.get(enrollment_id), now)
            for enrollment_id, figures in _graded(term, ids)
            if _differs(known.get(enrollment_id), figures)
        ]
        # One statement for new and known rows alike, ten times as fast as an update by cases.
        Standing.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["enrollment"],
            update_fields=[*KEPT, "version", "changed_at"],
            batch_size=500,
        )
    return len(changed)


def _graded(term, ids):
    rules = term.rules
    for enrollment_id, record in records(term, ids):
        yield enrollment_id, _figures(grade(record, rules))


def _differs(before, figures) -> bool:
    return before is None or any(getattr(before, name) != value for name, value in figures.items())


def _standing(enrollment_id, figures, before, now) -> Standing:
    version = before.version + 1 if before else 1
    return Standing(enrollment_id=enrollment_id, version=version, changed_at=now, **figures)


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
