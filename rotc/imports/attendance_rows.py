"""What the row of an attendance file says, held against its day."""

from dataclasses import dataclass
from datetime import date, time
from functools import cache

from django.utils import timezone

from rotc.attendance.models import Letter
from rotc.attendance.planning import refuse_outside, said
from rotc.imports import cells
from rotc.imports.cells import Unfit
from rotc.imports.clocks import clock_of_day, moment
from rotc.imports.drafts import Given, Row
from rotc.refusals import BadValue
from rotc.roster.models import Enrollment

STATUSES = {
    word: letter
    for letter, words in {
        Letter.PRESENT: ("p", "pres", "present", "1", "yes", "true"),
        Letter.LATE: ("l", "late"),
        Letter.EXCUSED: ("e", "exc", "excused"),
        Letter.ABSENT: ("a", "ab", "absent", "0", "no", "false"),
    }.items()
    for word in words
}
MOST_REMARKS = 200


@dataclass
class Said:
    """A row about a cadet on a day; ``None`` and blanks are what it does not say."""

    row: Row
    enrollment: Enrollment
    day: date
    letter: str = ""
    time_in: time | None = None
    time_out: time | None = None
    remarks: str = ""

    @property
    def facts(self) -> tuple:
        return self.letter, self.time_in, self.time_out, self.remarks


class Days:
    """The dates that a file may mark: training days of the term, and days that it would add."""

    def __init__(self, given: Given):
        self.term, self.may_add = given.term, given.reach.plans_days
        self.known = {day.date: day for day in given.term.training_days.all()}
        self.today = timezone.localdate()
        self.why_not = cache(self._why_not)

    def _why_not(self, on: date) -> str:
        """Why nobody can be marked on a date, as a reason beside its cell; blank where they can."""
        day = self.known.get(on)
        if day and day.cancelled_at:
            return f"the training of {day.label} is cancelled: {day.cancelled_because}"
        if on > self.today:
            return f"{said(on)} is still to come"
        return "" if day else self._why_not_added(on)

    def _why_not_added(self, on) -> str:
        try:
            refuse_outside(self.term, on)
        except BadValue as why:
            return str(why).rstrip(".")
        if not self.may_add:
            return f"{said(on)} is no training day of {self.term.title}; whoever plans the training adds it"
        return ""


class RowReader:
    """Understands rows one by one. ``scans``: the time of a date is when the cadet was scanned."""

    def __init__(self, given: Given, days: Days, *, scans: bool):
        self.given, self.days, self.scans = given, days, scans
        self.order = given.choices.dates or None
        self.default = date.fromisoformat(given.choices.day) if given.choices.day else None

    def read(self, row: Row, enrollment: Enrollment | None) -> Said | None:
        """What a row says; None where it does not say of whom or when. What is amiss becomes its problems."""
        on, scanned = self._of(row, "date", self._moment, (self.default, None))
        if on is None:
            if "date" not in row.cells:
                self.given.problem(row, "date", "is blank, and no day is chosen for rows without a date")
        elif why := self.days.why_not(on):
            self.given.problem(row, "date", why)
        letter = self._of(row, "status", _letter, "")
        if not (self.scans and letter in (Letter.PRESENT, Letter.LATE)):
            scanned = None  # of somebody who was not there it says when that was written down
        time_in = self._of(row, "time_in", lambda text: clock_of_day(text, self.order, on), scanned)
        time_out = self._of(row, "time_out", lambda text: clock_of_day(text, self.order, on), None)
        remarks = self._of(row, "remarks", lambda text: cells.fitting(text, MOST_REMARKS), "")
        if enrollment is None or on is None:
            return None
        return Said(row, enrollment, on, letter, time_in, time_out, remarks)

    def _of(self, row, name, understand, otherwise):
        if name not in row.cells:
            return otherwise
        try:
            return understand(row.cells[name])
        except Unfit as unfit:
            self.given.problem(row, name, unfit)
            return otherwise if name != "date" else (None, None)

    def _moment(self, text):
        on, at = moment(text, self.order)
        return on, at if at != time() else None  # midnight is a date that was written as a moment


def _letter(text) -> str:
    letter = STATUSES.get(text.casefold().rstrip("."))
    if letter is None:
        raise Unfit(f"“{text}” is not a status: P, L, E or A (present, late, excused, absent)")
    return letter.value
