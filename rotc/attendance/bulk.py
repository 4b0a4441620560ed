"""Marking several days at once, as a file does. The standings are left to whoever calls, once for all days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from rotc.attendance.actions import Wanted, open_day, write_marks
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.attendance.planning import add_days
from rotc.refusals import NotNow
from rotc.roster.actions import refuse_if_closed

Tell = Callable[[int, int], None]


@dataclass
class Marked:
    """``added``: the days that were none before; ``held``: those that had no letter before."""

    marks: list[AttendanceMark] = field(default_factory=list)
    added: list[TrainingDay] = field(default_factory=list)
    held: list[TrainingDay] = field(default_factory=list)


def mark_days(
    term, marks: dict[date, list[Wanted]], *, add: Iterable[date] = (), by, how: str, tell: Tell
) -> Marked:
    """Mark cadets on several days, all of it or nothing; the dates in ``add`` become training days.

    Raises ``NotNow`` when a day or a mark is no longer as it was seen.
    """
    with transaction.atomic():
        refuse_if_closed(term)
        found = TrainingDay.objects.select_for_update(of=("self",), no_key=True)
        days = {day.date: day for day in found.filter(term=term, date__in=marks).order_by("date")}
        if set(marks) - set(days) != set(add):
            raise NotNow("The training days of the term are no longer as they were. Nothing was written.")
        done = Marked(added=add_days(term, sorted(add), by=by, how=how))
        days |= {day.date: day for day in done.added}
        written, total = 0, sum(map(len, marks.values()))
        for on in sorted(marks):
            tell(written, total)
            _mark_day(days[on], marks[on], done, by, how)
            written += len(marks[on])
    return done


def _mark_day(day, wanted, done, by, how) -> None:
    day = open_day(day)
    was_held = day.held_at is not None
    outcome = write_marks(day, wanted, by=by, how=how)
    if outcome.refused or outcome.same:
        raise NotNow(f"Somebody marked {day.label} since it was seen. Nothing was written.")
    done.marks += outcome.saved
    if day.held_at and not was_held:
        done.held.append(day)
