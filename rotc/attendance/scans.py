"""Marks that a program sends under numbers of its own: sent twice, each is stored once.

A scan never takes the place of a mark that its program has not seen: the version decides, as on the muster.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.attendance.actions import Wanted, open_day, write_marks
from rotc.attendance.models import AttendanceMark, Letter, Scan, TrainingDay
from rotc.attendance.queries import marks_on
from rotc.refusals import BadValue, Clash, Refusal
from rotc.roster.models import Enrollment

CAME = (Letter.PRESENT, Letter.LATE)  # of these the moment of the scan is the time in


@dataclass(frozen=True, eq=False)
class Scanned:
    """A scan as it was sent. ``seen``: the version of the mark that its program saw; 0, none yet."""

    number: UUID
    enrollment: Enrollment
    letter: str
    at: datetime | None = None
    seen: int = 0


@dataclass(frozen=True)
class Taken:
    """What became of one scan: the mark as it stands, and whether the scan changed it, or why it was refused.

    ``again``: it was taken before.
    """

    mark: AttendanceMark | None = None
    refusal: Refusal | None = None
    changed: bool = False
    again: bool = False


class OtherScan(Refusal):
    status = 409

    def __init__(self):
        super().__init__("This id was another scan's. Give each scan an id of its own. Not saved.")


def take_scans(day: TrainingDay, scans: list[Scanned], *, by, how: str = "scan") -> dict[Scanned, Taken]:
    """Mark one day as it was scanned, in one transaction; each scan is answered by itself.

    Raises what ``open_day`` does when the day cannot be marked at all, and ``Clash``.
    """
    try:
        with transaction.atomic():
            return _take_all(day, scans, by, how)
    except IntegrityError:
        raise Clash from None  # the same number at this very moment, for another day


def _take_all(day, scans, by, how) -> dict[Scanned, Taken]:
    taken = {}
    day = open_day(day)  # who else sends scans of this day waits, so none is taken twice
    for turn in _turns(scans):
        taken |= _take(day, turn, by, how)
    reactions.facts_changed(day.term, [scan.enrollment.pk for scan, each in taken.items() if each.changed])
    return taken


def _turns(scans) -> list[list[Scanned]]:
    """The scans in their order, so that no cadet and no number is twice in one turn."""
    turns, cadets, numbers = defaultdict(list), Counter(), Counter()
    for scan in scans:
        place = max(cadets[scan.enrollment.pk], numbers[scan.number])
        turns[place].append(scan)
        cadets[scan.enrollment.pk] = numbers[scan.number] = place + 1
    return list(turns.values())


def _take(day, turn, by, how) -> dict[Scanned, Taken]:
    receipts = {
        each.number: each for each in Scan.objects.filter(by=by, number__in=[scan.number for scan in turn])
    }
    marks = marks_on(day, [scan.enrollment for scan in turn])
    taken, wanted = {}, {}
    for scan in turn:
        mark = marks.get(scan.enrollment.pk)
        if receipt := receipts.get(scan.number):
            taken[scan] = _known(scan, receipt, day, mark)
        elif mark and mark.letter == scan.letter and not scan.seen:
            taken[scan] = Taken(mark)  # it stands like that already, whoever set it
        elif because := _other_day(scan, day):
            taken[scan] = Taken(refusal=because)
        else:
            wanted[scan] = _wanted(scan, mark)
    taken |= _write(day, wanted, by, how)
    _keep_receipts(day, [scan for scan, each in taken.items() if each.mark and not each.again], by)
    return taken


def _known(scan, receipt, day, mark) -> Taken:
    is_it = (receipt.day_id, receipt.enrollment_id, receipt.letter) == (
        day.pk,
        scan.enrollment.pk,
        scan.letter,
    )
    return Taken(mark, again=True) if is_it else Taken(refusal=OtherScan())


def _other_day(scan, day) -> Refusal | None:
    if scan.at is None or scan.letter not in CAME or timezone.localdate(scan.at) == day.date:
        return None
    return BadValue(f"{scan.enrollment.cadet.full_name}: this was not scanned on {day.label}. Not saved.")


def _wanted(scan, mark) -> Wanted:
    """The mark with this letter and time; what a scan does not say stays as it stands."""
    seen = scan.seen if mark else 0  # what it was to replace is there no more
    mark = mark or AttendanceMark()
    time_in = _time_in(scan) or mark.time_in
    return Wanted(scan.enrollment, scan.letter, time_in, mark.time_out, mark.remarks, seen)


def _time_in(scan) -> time | None:
    if scan.at is None or scan.letter not in CAME:
        return None
    return timezone.localtime(scan.at).time().replace(second=0, microsecond=0)


def _write(day, wanted: dict[Scanned, Wanted], by, how) -> dict[Scanned, Taken]:
    outcome = write_marks(day, list(wanted.values()), by=by, how=how)
    of_cadet = {mark.enrollment_id: Taken(mark) for mark in outcome.same}
    of_cadet |= {mark.enrollment_id: Taken(mark, changed=True) for mark in outcome.saved}
    of_cadet |= {each.enrollment.pk: Taken(refusal=refusal) for each, refusal in outcome.refused}
    return {scan: of_cadet[scan.enrollment.pk] for scan in wanted}


def _keep_receipts(day, scans, by) -> None:
    Scan.objects.bulk_create(
        Scan(by=by, number=scan.number, day=day, enrollment=scan.enrollment, letter=scan.letter, at=scan.at)
        for scan in scans
    )
