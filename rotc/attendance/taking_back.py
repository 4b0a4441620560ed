"""Taking back what a file marked, as far as nobody marked it otherwise since.

The standings are left to whoever calls.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time

from django.db import transaction
from django.utils import timezone

from rotc.attendance.actions import FACTS, mark_line, store, write_day
from rotc.attendance.bulk import Tell
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.journal import actions as journal
from rotc.roster.actions import refuse_if_closed

BLANK = {"letter": "", "time_in": None, "time_out": None, "remarks": ""}


@dataclass(frozen=True)
class Left:
    """A mark as it was left, by its version, and the facts that it had before."""

    day: int
    enrollment: int
    version: int
    letter: str = ""
    time_in: time | None = None
    time_out: time | None = None
    remarks: str = ""


@dataclass
class Returned:
    """What went back, what somebody marked otherwise since, and the days that stay because of others."""

    marks: list[AttendanceMark] = field(default_factory=list)
    since: list[Left] = field(default_factory=list)
    removed: list[TrainingDay] = field(default_factory=list)
    staying: list[TrainingDay] = field(default_factory=list)


def take_back_marks(
    term, left: Iterable[Left], *, added: Iterable[int], held: Iterable[int], by, how: str, tell: Tell
) -> Returned:
    """Give marks that nobody changed since their earlier facts back, under a new version.

    Of the days ``added`` those go on which nothing is left; of those ``held`` none stays held without a letter.
    """
    by_day = defaultdict(list)
    for each in left:
        by_day[each.day].append(each)
    with transaction.atomic():
        refuse_if_closed(term)
        pks = {*by_day, *added, *held}
        found = TrainingDay.objects.select_for_update(of=("self",), no_key=True)
        days = {day.pk: day for day in found.filter(term=term, pk__in=pks).order_by("date")}
        gone = [each for pk, marks in by_day.items() if pk not in days for each in marks]
        done, total = Returned(since=gone), sum(map(len, by_day.values()))
        for pk, day in days.items():
            tell(len(done.marks) + len(done.since), total)
            _take_back(day, by_day[pk], done, by, how)
        for pk in sorted({*added, *held} & set(days)):
            _leave(days[pk], pk in set(added), done, by, how)
    return done


def _take_back(day, left, done, by, how) -> None:
    wanted = {each.enrollment: each for each in left}
    marks = AttendanceMark.objects.filter(day=day, enrollment__in=wanted)
    known = {mark.enrollment_id: mark for mark in marks.select_related("enrollment")}
    lines, restored = [], []
    for pk, each in wanted.items():
        mark = known.get(pk)
        if mark is None or mark.version != each.version:
            done.since.append(each)
            continue
        changes = _restore(mark, each, by)
        lines.append(mark_line(day, mark.enrollment, changes, by=by, how=how))
        restored.append(mark)
    store(restored)
    journal.write_all(lines)
    done.marks += restored


def _restore(mark, left, by) -> dict:
    changes = {name: (getattr(mark, name), getattr(left, name)) for name in FACTS}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    for name, (_, old) in changes.items():
        setattr(mark, name, old)
    # A version is used once: whoever saw the mark of the file has not seen this one.
    mark.version += 1
    mark.changed_at, mark.changed_by = timezone.now(), by
    return changes


def _leave(day, was_added, done, by, how) -> None:
    """Leave a day as it was: none of the term, or planned and not held; or as it is, if others work with it."""
    filled = day.marks.exclude(**BLANK).exists()
    if was_added and not (filled or day.cancelled_at or day.subject):
        # Its blank marks go with it: a day's number never comes back, so no version is used twice.
        AttendanceMark.objects.filter(day=day, **BLANK).delete()
        write_day("training day removed", day, {"date": (day.date, None)}, by=by, how=how)
        done.removed.append(day)
        TrainingDay.objects.filter(pk=day.pk).delete()
        return
    if was_added:
        done.staying.append(day)
    if day.held_at and not day.marks.exclude(letter="").exists():
        day.held_at = None
        day.save(update_fields=["held_at"])
        write_day("training day not held", day, {"held": ("yes", None)}, by=by, how=how)
