"""A term with facts, for papers: days held and marked, entries given, scores typed, standings true to them."""

from django.utils import timezone

from rotc import reactions
from rotc.attendance.models import AttendanceMark
from rotc.conduct.models import ConductEntry
from rotc.exams.models import Score
from rotc.roster.models import Cadet, Enrollment
from rotc.verdicts.overrides import set_override
from tests import factories


def hold_days(enrollment, letters: str) -> None:
    """Hold as many days as there are letters and mark the cadet; a blank stays unmarked."""
    days = list(enrollment.term.training_days.filter(cancelled_at=None)[: len(letters)])
    for day, letter in zip(days, letters, strict=True):
        day.held_at = day.held_at or timezone.now()
        day.save(update_fields=["held_at"])
        if letter.strip():
            AttendanceMark.objects.create(day=day, enrollment=enrollment, letter=letter)
    reactions.facts_changed(enrollment.term, [enrollment.pk])


def give(enrollment, merits=0, demerits=0) -> None:
    for kind, points in (("merit", merits), ("demerit", demerits)):
        if points:
            ConductEntry.objects.create(
                enrollment=enrollment,
                kind=kind,
                points=points,
                reason="Drill",
                date=factories.today(),
                approved_at=timezone.now(),
            )
    reactions.facts_changed(enrollment.term, [enrollment.pk])


def take_exams(enrollment, *typed) -> None:
    """Raw scores in the order of the exams; ``ABS``, ``EX`` or None for a blank."""
    for exam, raw in zip(enrollment.term.exams.all(), typed, strict=False):
        absence = {"ABS": "no-show", "EX": "excused"}.get(raw, "")
        if raw is not None:
            Score.objects.create(
                enrollment=enrollment,
                exam=exam,
                raw=None if absence else raw,
                absence=absence,
                changed_at=timezone.now(),
            )
    reactions.facts_changed(enrollment.term, [enrollment.pk])


def record(enrollment, letters, merits, demerits, *scores) -> None:
    hold_days(enrollment, letters)
    give(enrollment, merits, demerits)
    take_exams(enrollment, *scores)


def close(term) -> None:
    """The term is over: every standing is final."""
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])
    reactions.term_changed(term)


def many(unit, size, start=1) -> list[Enrollment]:
    """``size`` enrolled cadets with standings and a mark on each of the first fifteen days, made cheaply."""
    term = unit.term
    numbers = range(start, start + size)
    cadets = [
        Cadet(student_number=f"88-{number:05}", last_name=f"Peñaflor{number:05}", first_name="Maria Clara")
        for number in numbers
    ]
    for cadet in cadets:
        cadet.set_sort_name()
    Cadet.objects.bulk_create(cadets)
    made = Enrollment.objects.bulk_create(
        Enrollment(cadet=cadet, term=term, unit=unit, ms_level="MS1") for cadet in cadets
    )
    days = list(term.training_days.all())
    term.training_days.update(held_at=timezone.now())
    AttendanceMark.objects.bulk_create(
        AttendanceMark(day=day, enrollment=each, letter="PPPPLPPEPPPPAPP"[place % 15])
        for place, day in enumerate(days)
        for each in made
    )
    exams = list(term.exams.all())
    Score.objects.bulk_create(
        Score(enrollment=each, exam=exam, raw=60 + (each.pk * 7 + place * 11) % 41, changed_at=timezone.now())
        for each in made
        for place, exam in enumerate(exams)
    )
    reactions.facts_changed(term, [each.pk for each in made])
    return made


def code_by_hand(enrollment, code: str) -> None:
    set_override(enrollment, code, reason="Decided by the board", by=None)
