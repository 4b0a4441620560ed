"""Planning training days: adding, moving, cancelling and bringing them back."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from rotc import reactions
from rotc.attendance.actions import locked, write_day
from rotc.attendance.models import TrainingDay
from rotc.refusals import BadValue, NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Term

WEEK = timedelta(days=7)
MOST_WEEKS = 53


def plan_days(term: Term, *, date: date, until: date | None = None, subject="", by, how="page") -> list:
    """Add a training day or, with ``until``, one a week up to that date. All of them, or a refusal."""
    dates = _weekly(term, date, until)
    with transaction.atomic():
        days = add_days(term, dates, subject=subject, by=by, how=how)
        reactions.term_changed(term)
    return days


def add_days(term: Term, dates: list[date], *, subject="", by, how) -> list[TrainingDay]:
    """Add these dates inside the open transaction; the standings are left to whoever calls."""
    refuse_if_closed(term)
    _refuse_taken(term, dates)
    days = [TrainingDay.objects.create(term=term, date=on, subject=subject) for on in dates]
    for day in days:
        changes = {"date": (None, day.date), "subject": (None, subject or None)}
        write_day("training day planned", day, changes, by=by, how=how)
    return days


def change_day(day: TrainingDay, *, date: date, subject: str, by, how="page") -> TrainingDay:
    """Give a day another subject or, until it is held, another date."""
    with transaction.atomic():
        day = _open(day)
        if day.held_at:
            raise NotNow(f"The training of {day.label} is held. Its date and subject stay as they are.")
        changes = {
            name: (old, new)
            for name, old, new in (("date", day.date, date), ("subject", day.subject, subject))
            if old != new
        }
        if not changes:
            return day
        if "date" in changes:
            refuse_outside(day.term, date)
            _refuse_taken(day.term, [date])
        day.date, day.subject = date, subject
        day.save(update_fields=list(changes))
        write_day("training day changed", day, changes, by=by, how=how)
        reactions.term_changed(day.term)
    return day


def cancel_day(day: TrainingDay, *, reason: str, by, how="page") -> TrainingDay:
    """Cancel a day on which nobody is marked: it does not count and is not missing."""
    if not reason.strip():
        raise BadValue("Say why the training is cancelled.")
    with transaction.atomic():
        day = _open(day)
        if day.cancelled_at:
            raise NotNow(f"The training of {day.label} is cancelled already.")
        marked = day.marks.exclude(letter="").count()
        if marked:
            raise NotNow(
                f"{marked} cadet{'s are' if marked > 1 else ' is'} marked on {day.label}. "
                "Clear the marks first if the training was not held."
            )
        day.held_at, day.cancelled_at, day.cancelled_because = None, timezone.now(), reason.strip()
        day.save(update_fields=["held_at", "cancelled_at", "cancelled_because"])
        changes = {"cancelled": (None, "yes")}
        write_day("training day cancelled", day, changes, by=by, how=how, reason=day.cancelled_because)
        reactions.term_changed(day.term)
    return day


def bring_back_day(day: TrainingDay, *, by, how="page") -> TrainingDay:
    """Plan a cancelled day again."""
    with transaction.atomic():
        day = _open(day)
        if not day.cancelled_at:
            raise NotNow(f"The training of {day.label} is not cancelled.")
        day.cancelled_at, day.cancelled_because = None, ""
        day.save(update_fields=["cancelled_at", "cancelled_because"])
        write_day("training day brought back", day, {"cancelled": ("yes", None)}, by=by, how=how)
        reactions.term_changed(day.term)
    return day


def _open(day) -> TrainingDay:
    day = locked(day)
    refuse_if_closed(day.term)
    return day


def _weekly(term, first, until) -> list[date]:
    last = until or first
    if last < first:
        raise BadValue(f"The last day, {said(last)}, is before the first, {said(first)}.")
    if (last - first) > MOST_WEEKS * WEEK:
        raise BadValue("Plan at most a year at a time.")
    dates = [first + week * WEEK for week in range((last - first) // WEEK + 1)]
    for on in (dates[0], dates[-1]):
        refuse_outside(term, on)
    return dates


def refuse_outside(term: Term, on: date) -> None:
    """Refuse a date that can be no training day of the term, ``BadValue``."""
    first, last = (int(year) for year in term.school_year.split("-"))
    if not first <= on.year <= last:
        raise BadValue(f"{said(on)} is outside the school year {term.school_year}.")


def _refuse_taken(term, dates) -> None:
    taken = term.training_days.filter(date__in=dates).values_list("date", flat=True).first()
    if taken:
        raise BadValue(f"{said(taken)} is a training day already.")


def said(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
