"""Marking who was there. Every way of marking ends in ``mark_many``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time

from django.db import transaction
from django.utils import timezone

from rotc import reactions
from rotc.attendance.models import AttendanceMark, Letter, TrainingDay
from rotc.attendance.queries import marks_on
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow, Refusal, StaleMark
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Enrollment

FACTS = ["letter", "time_in", "time_out", "remarks"]
WRITTEN = [*FACTS, "version", "changed_at", "changed_by"]
NAMES = {"letter": "attendance", "time_in": "time in", "time_out": "time out", "remarks": "remarks"}


@dataclass(frozen=True)
class Wanted:
    """A mark as somebody wants it. ``seen_version``: 0 = saw none yet, None = whatever stands there."""

    enrollment: Enrollment
    letter: str
    time_in: time | None = None
    time_out: time | None = None
    remarks: str = ""
    seen_version: int | None = None


@dataclass
class Outcome:
    """What became of many marks: those changed, those already so, and those refused with their reason."""

    saved: list[AttendanceMark] = field(default_factory=list)
    same: list[AttendanceMark] = field(default_factory=list)
    refused: list[tuple[Wanted, Refusal]] = field(default_factory=list)


def mark(
    day, enrollment, *, letter, time_in=None, time_out=None, remarks="", seen_version, by, how="page"
) -> AttendanceMark:
    """Mark one cadet on one day; the same value twice is no conflict.

    Raises ``StaleMark`` when somebody marked them otherwise since ``seen_version``, ``BadValue`` or
    ``NotNow`` when it cannot be, ``TermClosed``.
    """
    wanted = Wanted(enrollment, letter, time_in, time_out, remarks, seen_version)
    outcome = mark_many(day, [wanted], by=by, how=how)
    if outcome.refused:
        raise outcome.refused[0][1]
    return (outcome.saved or outcome.same)[0]


def mark_many(day: TrainingDay, marks: Iterable[Wanted], *, by, how: str = "page") -> Outcome:
    """Mark many cadets on one day, each at most once, in one transaction.

    A row that cannot be is left out and named in the outcome, the others are saved. A day that cannot
    be marked at all raises. The first letter makes the day held.
    """
    with transaction.atomic():
        day = open_day(day)
        return _mark_all(day, list(marks), by, how)


def mark_rest_present(day: TrainingDay, enrollments, *, by, how: str = "page") -> Outcome:
    """Mark Present whoever of these has no letter on the day; no other mark is touched."""
    with transaction.atomic():
        day = open_day(day)
        known = marks_on(day, enrollments)
        blank = [
            Wanted(each, Letter.PRESENT, mark.time_in, mark.time_out, mark.remarks)
            for each in enrollments
            if not (mark := known.get(each.pk) or AttendanceMark()).letter and not _is_own(each, by)
        ]
        return _mark_all(day, blank, by, how)


def open_day(day: TrainingDay) -> TrainingDay:
    """The day as it is now, held for this transaction; refused unless it can be marked today.

    Whoever marks a day holds its row: marks of one day are written one after the other, so a version
    that was compared is still true when it is written.
    """
    day = locked(day)
    refuse_if_closed(day.term)
    if day.cancelled_at:
        raise NotNow(f"The training of {day.label} is cancelled: {day.cancelled_because}. Nothing was saved.")
    if day.date > timezone.localdate():
        raise NotNow(f"The muster opens on {day.label}. Nothing was saved.")
    return day


def locked(day: TrainingDay) -> TrainingDay:
    return (
        TrainingDay.objects.select_for_update(of=("self",), no_key=True).select_related("term").get(pk=day.pk)
    )


def _mark_all(day, marks, by, how) -> Outcome:
    outcome = write_marks(day, marks, by=by, how=how)
    reactions.facts_changed(day.term, [mark.enrollment_id for mark in outcome.saved])
    return outcome


def write_marks(day: TrainingDay, marks: list[Wanted], *, by, how: str) -> Outcome:
    """Write marks and journal of an ``open_day``; the standings are left to whoever calls."""
    outcome, lines = Outcome(), []
    known = marks_on(day, [wanted.enrollment for wanted in marks])
    for wanted in marks:
        try:
            mark, changes = _marked(day, wanted, known.get(wanted.enrollment.pk), by)
        except Refusal as refusal:
            outcome.refused.append((wanted, refusal))
            continue
        (outcome.saved if changes else outcome.same).append(mark)
        if changes:
            lines.append(mark_line(day, wanted.enrollment, changes, by=by, how=how))
    store(outcome.saved)
    if any(mark.letter for mark in outcome.saved):
        _hold(day, by, how)
    journal.write_all(lines)
    return outcome


def _marked(day, wanted, known, by) -> tuple[AttendanceMark, dict]:
    """The mark with the wanted facts in it, not yet written, and what they change."""
    _refuse_what_cannot_be(day, wanted, by)
    mark = known or AttendanceMark(day=day, enrollment=wanted.enrollment, version=0)
    changes = {
        name: (getattr(mark, name), getattr(wanted, name))
        for name in FACTS
        if getattr(mark, name) != getattr(wanted, name)
    }
    if changes and wanted.seen_version not in (None, mark.version):
        raise StaleMark(_both(wanted, mark), mark)
    for name, (_, value) in changes.items():
        setattr(mark, name, value)
    if changes:
        mark.version += 1
        mark.changed_at, mark.changed_by = timezone.now(), by
    return mark, changes


def _refuse_what_cannot_be(day, wanted, by) -> None:
    name = wanted.enrollment.cadet.full_name
    if _is_own(wanted.enrollment, by):
        raise BadValue(f"{name}: somebody else marks you. Not saved.")
    if wanted.enrollment.term_id != day.term_id:
        raise BadValue(f"{name} is not enrolled in {day.term.title}. Not saved.")
    if wanted.letter not in ["", *Letter.values]:
        raise BadValue(f"{name}: “{wanted.letter[:20]}” is not P, L, E or A. Not saved.")
    if wanted.time_in and wanted.time_out and wanted.time_out < wanted.time_in:
        raise BadValue(
            f"{name}: time out {wanted.time_out:%H:%M} is before time in {wanted.time_in:%H:%M}. Not saved."
        )
    if len(wanted.remarks) > 200:
        raise BadValue(f"{name}: remarks have at most 200 characters. Not saved.")


def _is_own(enrollment, by) -> bool:
    return by is not None and by.cadet_id == enrollment.cadet_id


def _both(wanted, mark) -> str:
    yours = AttendanceMark(
        letter=wanted.letter, time_in=wanted.time_in, time_out=wanted.time_out, remarks=wanted.remarks
    )
    return f"Yours: {yours.said} · {mark.set_by} set {mark.said} {mark.set_when}"


def store(marks: list[AttendanceMark]) -> None:
    """Write marks of days whose rows are held."""
    for mark in marks:
        mark.pk = None
    # One statement for new and known marks alike, ten times as fast as an update by cases.
    AttendanceMark.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["day", "enrollment"],
        update_fields=WRITTEN,
        batch_size=500,
    )


def _hold(day, by, how) -> None:
    if day.held_at is None:
        day.held_at = timezone.now()
        day.save(update_fields=["held_at"])
        write_day("training day held", day, {"held": (None, "yes")}, by=by, how=how)


def write_day(what, day, changes, *, by, how, reason="") -> None:
    journal.write(what, f"day:{day.pk}", by=by, how=how, term_id=day.term_id, changes=changes, reason=reason)


def mark_line(day, enrollment, changes, *, by, how):
    """The journal's line for a mark, not yet written; ``changes``: {fact: (old, new)}."""
    return journal.entry(
        "attendance marked",
        f"mark:{day.pk}:{enrollment.pk}",
        by=by,
        how=how,
        enrollment=enrollment,
        changes={NAMES[name]: (_read(name, old), _read(name, new)) for name, (old, new) in changes.items()},
    )


def _read(name, value):
    """A fact as the journal's readers know it; nothing for a blank one."""
    if name == "letter":
        return Letter(value).label if value else None
    return f"{value:%H:%M}" if isinstance(value, time) else value or None
