"""Recording scores, and setting the exams of a term."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from rotc import reactions
from rotc.exams.bulk import Wanted, record_each
from rotc.exams.models import Exam, Score
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow, Refusal
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Enrollment, Term


def record_score(
    enrollment: Enrollment, exam: Exam, *, typed: str, seen_version: int, by, how: str = "typed"
) -> Score:
    """Store what was typed for one cadet in one exam; ``seen_version`` is the cell's when it was read, 0 for none.

    Returns the score as it stands. Raises ``BadValue`` (out of range, unreadable), ``StaleScore`` (another
    value was stored meanwhile; the same value twice is no conflict) or ``TermClosed``; then nothing changed.
    """
    [outcome] = record_each([Wanted(enrollment, exam.pk, typed, seen_version)], by=by, how=how)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _locked(exam) -> Exam:
    """The exam as it is now, held for this transaction: no score is typed while its items change."""
    found = Exam.objects.select_for_update(no_key=True).filter(pk=exam.pk).first()
    if found is None:
        raise NotNow(f"{exam.name} was dropped meanwhile. Nothing was saved.")
    return found


def add_exam(term: Term, *, name: str, items: int, weight: Decimal, by) -> Exam:
    """Add an exam at the end of the term's list. From then on every cadet misses its score."""
    with transaction.atomic():
        refuse_if_closed(term)
        _refuse_same_name(term, name)
        last = term.exams.aggregate(last=Max("position", default=-1))["last"]
        exam = Exam.objects.create(term=term, name=name, items=items, weight=weight, position=last + 1)
        _journal(
            exam, "exam added", {"name": (None, name), "items": (None, items), "weight": (None, weight)}, by
        )
        reactions.term_changed(term)
    return exam


def change_exam(exam: Exam, *, name: str, items: int, weight: Decimal, by) -> Exam:
    """Change an exam's name, items or weight; refused when a score stored already is above the items."""
    with transaction.atomic():
        refuse_if_closed(exam.term)
        _refuse_same_name(exam.term, name, except_for=exam)
        before = _locked(exam)
        highest = exam.scores.aggregate(highest=Max("raw"))["highest"]
        if highest is not None and highest > items:
            raise BadValue(
                f"A score of {highest.normalize():f} is stored in {before.name}: "
                f"it cannot have {items} items. Nothing was changed."
            )
        after = {"name": name, "items": items, "weight": weight}
        changes = {
            key: (getattr(before, key), new) for key, new in after.items() if getattr(before, key) != new
        }
        if changes:
            Exam.objects.filter(pk=exam.pk).update(**after)
            _journal(exam, "exam changed", changes, by)
            reactions.term_changed(exam.term)
    exam.refresh_from_db()
    return exam


def drop_exam(exam: Exam, *, by) -> None:
    """Take an exam off the list; refused once it holds a score or is entered from paper, so that none is ever lost."""
    with transaction.atomic():
        refuse_if_closed(exam.term)
        exam = _locked(exam)
        if exam.scores.exists():
            raise NotNow(f"{exam.name} holds scores. An exam with scores stays.")
        if exam.double_entries.exists():
            raise NotNow(f"{exam.name} was begun on paper: a double entry names it. It stays.")
        _journal(exam, "exam dropped", {"name": (exam.name, None)}, by)
        term = exam.term
        exam.delete()
        reactions.term_changed(term)


def _refuse_same_name(term, name, except_for=None) -> None:
    others = term.exams.filter(name__iexact=name)
    if others.exclude(pk=except_for.pk if except_for else None).exists():
        raise BadValue(f"There is an exam “{name}” already.")


def _journal(exam, what, changes, by) -> None:
    journal.write(what, f"exam:{exam.pk}", by=by, term_id=exam.term_id, changes=changes)
