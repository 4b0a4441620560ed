"""Keeping standings true to the facts."""

from django.db import transaction
from django.utils import timezone

from rotc.grading import grade
from rotc.roster.models import Term
from rotc.standings.models import Standing
from rotc.standings.queries import recommended, records
from rotc.verdicts.queries import decisions_in_force

FIGURES = ["attendance", "aptitude", "proficiency", "total"]
KEPT = [*FIGURES, "rating", "if_ended_today", "verdict", "reasons", "decision"]


def refresh(term, enrollment_ids) -> int:
    """Grade these enrollments of one term again; returns how many standings changed.

    The rows are locked before the facts are read: of two facts changed at once the later one to commit
    reads both. The term is read again after that, whatever the one in hand remembers: whoever adopts a policy
    holds these rows too, so no standing is left behind under the old one. A standing that stays the same keeps
    its version.
    """
    ids = sorted(enrollment_ids)
    with transaction.atomic(savepoint=False):
        known = _locked(term, ids)
        term = Term.objects.get(pk=term.pk)
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


def _locked(term, ids) -> dict[int, Standing]:
    """The standings that are there, held. Who has none yet has no row to hold: the term itself is held then, and
    before the others where there are several, in the order of whoever changes the whole term."""
    if len(ids) > 1 and Standing.objects.filter(enrollment__in=ids).count() < len(ids):
        _hold(term)
    rows = Standing.objects.select_for_update(no_key=True).filter(enrollment__in=ids).order_by("pk")
    known = {each.enrollment_id: each for each in rows}
    if len(ids) == 1 and not known:
        _hold(term)
    return known


def _hold(term) -> None:
    list(Term.objects.select_for_update(no_key=True).filter(pk=term.pk).values_list("pk"))


def _graded(term, ids):
    rules, decisions = term.rules, decisions_in_force(ids)
    for enrollment_id, record in records(term, ids, decisions):
        decided = _decided(decisions.get(enrollment_id), record, rules)
        yield enrollment_id, _figures(grade(record, rules)) | {"decision": decided}


def _decided(decision, record, rules) -> dict:
    if decision is None:
        return {}
    now = recommended(record, rules)
    # More absences back a confirmed drop as well as those of then; a waiver was given for those of then.
    backed = now if decision.decision == "confirmed" else now == decision.recommended
    return {
        "id": decision.pk,
        "decision": decision.decision,
        "by": decision.decided_by.title,
        "on": timezone.localdate(decision.decided_at).isoformat(),
        "reason": decision.reason,
        "now": now,
        "look_again": not backed,
    }


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
