"""Writing scores: each for itself as they are typed, or many at once in an import, a pasted block, a taking back."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from rotc import reactions
from rotc.exams.models import Exam, Score
from rotc.exams.typed import read_typed
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow, Refusal, StaleScore, TermClosed
from rotc.roster.models import Enrollment


@dataclass(frozen=True)
class Wanted:
    """What a cell is to hold, as an officer types it; ``seen_version`` is the cell's when it was read, 0 for none."""

    enrollment: Enrollment
    exam_id: int
    typed: str
    seen_version: int

    @property
    def key(self) -> tuple[int, int]:
        return self.enrollment.pk, self.exam_id


def held_exams(exam_ids) -> dict[int, Exam]:
    """These exams and their terms as they are now; the exams are held for the open transaction: whoever writes a
    score holds its exam first."""
    held = Exam.objects.select_for_update(of=("self",), no_key=True).select_related("term")
    return {exam.pk: exam for exam in held.filter(pk__in=set(exam_ids)).order_by("pk")}


def current_scores(exam_ids, enrollment_ids) -> dict[tuple[int, int], Score]:
    """The cells of these exams that were ever filled, by ``(enrollment, exam)``."""
    found = Score.objects.filter(exam__in=set(exam_ids), enrollment__in=set(enrollment_ids))
    return {(each.enrollment_id, each.exam_id): each for each in found.select_related("changed_by")}


def record_each(wanted: list[Wanted], *, by, how: str = "typed") -> list[Score | Refusal]:
    """Store each of these cells for itself: the score as it stands then, or why it was refused, in their order.

    A refused cell takes no other along. Each that changes is an act of its own; the same value twice is no
    conflict and writes nothing.
    """
    with transaction.atomic():
        exams = held_exams(each.exam_id for each in wanted)
        before = current_scores(exams, [each.enrollment.pk for each in wanted])
        now, stored, outcomes = timezone.now(), {}, []
        for each in wanted:
            outcome = _twice(each, stored) or _outcome(each, exams, before.get(each.key), by, now)
            if isinstance(outcome, Score) and outcome.changed_at is now:
                stored[each.key] = outcome
            outcomes.append(outcome)
        _store(stored.values())
        journal.write_all(
            _line(score, before.get(key), by=by, how=how, act=uuid4()) for key, score in stored.items()
        )
        by_term = defaultdict(list)
        for score in stored.values():
            by_term[score.enrollment.term].append(score.enrollment_id)
        for term, ids in by_term.items():
            reactions.facts_changed(term, ids)
    return outcomes


def _twice(wanted, stored) -> Refusal | None:
    return BadValue("This cell was sent twice at once. Send it again.") if wanted.key in stored else None


def _outcome(wanted, exams, before, by, now) -> Score | Refusal:
    try:
        return _typed(wanted, exams, before, by, now)
    except Refusal as refusal:
        return refusal


def _typed(wanted, exams, before, by, now) -> Score:
    """The score that a cell is to hold; the one that it holds where that is the same."""
    exam = exams.get(wanted.exam_id)
    if exam is None:
        raise NotNow("This exam was dropped meanwhile. Nothing was saved.")
    if exam.term_id != wanted.enrollment.term_id:
        raise BadValue("This exam is of another term. Not saved.")
    if exam.term.closed_at:
        raise TermClosed(exam.term)
    value = _read(wanted, exam)
    before = before or Score(version=0)
    before.enrollment, before.exam = wanted.enrollment, exam
    if (before.raw, before.absence) == value:
        return before
    if before.version != wanted.seen_version:
        raise stale(before)
    return _next(wanted, exam, value, by, now)


def _read(wanted, exam) -> tuple[Decimal | None, str]:
    try:
        return read_typed(wanted.typed, exam.items)
    except BadValue as refusal:
        who = wanted.enrollment.cadet.short_name
        raise BadValue(f"{exam.name}, {who}: {refusal}. Not saved.") from None


def stale(current) -> StaleScore:
    """The refusal of who typed over a cell that has changed: who set what, and when."""
    who = current.changed_by.title if current.changed_by else "an import"
    at = timezone.localtime(current.changed_at)
    return StaleScore(
        f"{current.exam.name}, {current.enrollment.cadet.short_name}: "
        f"{who} set {current.typed or 'blank'} at {at:%H:%M}. Not saved.",
        current,
    )


def record_scores(
    wanted: list[Wanted], *, by, how: str, act: UUID, reason: str = "", undoes: UUID | None = None
) -> list[Score]:
    """Store all of these cells, or none of them, in the transaction that is open; ``act`` makes them one change,
    ``undoes`` is the one that it takes back.

    The caller has seen that the term is open and ends with ``reactions``. Raises ``StaleScore`` (a cell changed
    since it was seen), ``BadValue`` (it cannot hold this) or ``NotNow`` (its exam was dropped).
    """
    exams = held_exams(each.exam_id for each in wanted)
    before = current_scores(exams, [each.enrollment.pk for each in wanted])
    now = timezone.now()
    scores = [_score(each, exams, before.get(each.key), by, now) for each in wanted]
    _store(scores)
    journal.write_all(
        _line(score, before.get(_key(score)), by=by, how=how, reason=reason, act=act, undoes=undoes)
        for score in scores
    )
    return scores


def _score(wanted, exams, before, by, now) -> Score:
    exam = exams.get(wanted.exam_id)
    if exam is None:
        raise NotNow("An exam was dropped meanwhile.")
    if wanted.seen_version != (before.version if before else 0):
        current = before or Score(version=0, changed_at=now)
        current.enrollment, current.exam = wanted.enrollment, exam
        raise stale(current)
    return _next(wanted, exam, _read(wanted, exam), by, now)


def _next(wanted, exam, value, by, now) -> Score:
    raw, absence = value
    return Score(
        enrollment=wanted.enrollment,
        exam=exam,
        raw=raw,
        absence=absence,
        version=wanted.seen_version + 1,
        changed_at=now,
        changed_by=by,
    )


def _store(scores) -> None:
    # Their exams are held, so nobody fills a cell between the look at its version and this one statement.
    Score.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["enrollment", "exam"],
        update_fields=["raw", "absence", "version", "changed_at", "changed_by"],
        batch_size=500,
    )


def _key(score) -> tuple[int, int]:
    return score.enrollment_id, score.exam_id


def _line(score, before, **facts):
    return journal.entry(
        "score recorded",
        f"score:{score.enrollment_id}:{score.exam_id}",
        enrollment=score.enrollment,
        changes={score.exam.name: ((before.typed or None) if before else None, score.typed or None)},
        **facts,
    )


def lowers(before: Score | None, raw: Decimal | None, absence: str) -> bool:
    """Whether writing this over a cell takes something from the cadet.

    A lower score does, any absence in the place of a score, and a no-show in the place of an excuse.
    """
    if before is None:
        return False
    if before.raw is not None:
        return raw is None or raw < before.raw
    return before.absence == Score.Absence.EXCUSED and absence == Score.Absence.NO_SHOW
