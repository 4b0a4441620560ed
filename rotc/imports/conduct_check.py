"""Rows of merits and demerits → the entries that they would give. Nothing is written here.

Entries have no key: the n equal rows of a file are the first n equal entries that came out of a file before,
and only the surplus is new.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from rotc.attendance.planning import said
from rotc.conduct.actions import refuse_date
from rotc.conduct.models import MOST_POINTS, ConductEntry, Kind
from rotc.imports import cells
from rotc.imports.cells import Unfit
from rotc.imports.clocks import moment
from rotc.imports.drafts import Draft, Given, Row
from rotc.imports.identity import People
from rotc.refusals import BadValue
from rotc.roster.models import Enrollment
from rotc.web.spreadsheets import as_typed

KINDS = {
    word: kind
    for kind, words in {
        Kind.MERIT: ("merit", "merits", "m", "+"),
        Kind.DEMERIT: ("demerit", "demerits", "d", "-", "–", "—", "−"),
    }.items()
    for word in words
}
WHOLE = re.compile(r"(\d{1,9})(?:\.0{1,9})?", re.ASCII)
MOST_REASON = 200
UNCOUNTED = ("reversed", "declined", "proposed")  # as our own ledger says it


@dataclass(frozen=True)
class Said:
    row: Row
    enrollment: Enrollment
    kind: str
    points: int
    reason: str
    date: date

    @property
    def key(self) -> tuple:
        """What makes two entries equal."""
        return self.enrollment.pk, self.date.isoformat(), self.kind, self.points, self.reason


def check_conduct(given: Given) -> Draft:
    """Hold a list of merits and demerits against the entries that came out of files before."""
    return ConductCheck(given).draft()


class ConductCheck:
    def __init__(self, given: Given):
        self.given, self.people = given, People(given)
        self.order = given.choices.dates or None
        self.default = date.fromisoformat(given.choices.day) if given.choices.day else None

    def draft(self) -> Draft:
        read = [each for row in self.given.rows if (each := self._read(row, self.people.of(row)))]
        known = imported(self.given.term, self.given.reach)
        rows, used = [], Counter()
        for each in read:
            used[each.key] += 1
            is_known = used[each.key] <= known[each.key]
            if is_known or self._counts(each):
                rows.append(_planned(each, "same" if is_known else "new", known[each.key]))
        return Draft(
            rows=rows,
            problems=self.given.problems,
            questions=self.people.questions,
            notes={"says": _sums(rows)},
        )

    def _read(self, row, enrollment) -> Said | None:
        kind = self._of(row, "type", self._type(row), _kind)
        points = self._of(row, "points", row.cells.get("points", ""), _points)
        reason = self._of(row, "reason", row.cells.get("reason", ""), _reason)
        on = self._of(row, "date", row.cells.get("date", ""), self._date)
        if row.problems or enrollment is None:
            return None
        return Said(row, enrollment, kind, points, reason, on)

    def _of(self, row, name, text, understand):
        try:
            return understand(text)
        except (Unfit, BadValue) as why:
            self.given.problem(row, name, str(why).rstrip("."))
            return None

    def _type(self, row) -> str:
        """The cell as it stands: a dash, which is nothing elsewhere, is a demerit here."""
        place, line = self.given.match.columns["type"], self.given.sheet.rows[row.at - 1]
        return row.cells.get("type") or (as_typed(line[place].strip()) if place < len(line) else "")

    def _date(self, text) -> date:
        on = moment(text, self.order)[0] if text else self.default
        if on is None:
            raise Unfit("is blank, and no day is chosen for rows without a date")
        refuse_date(self.given.term, on)
        return on

    def _counts(self, each) -> bool:
        """An entry that our own ledger lists as reversed, declined or proposed is not given by a file."""
        state = each.row.cells.get("state", "").casefold()
        if state not in UNCOUNTED:
            return True
        self.given.problem(each.row, "state", f"is {state}; only entries that count are taken in")
        return False


def imported(term, reach) -> Counter:
    """How many equal entries came out of files so far, reversed ones too, of the cadets within reach."""
    found = ConductEntry.objects.filter(
        enrollment__in=reach.enrollments.order_by().values("pk"), imported_at__isnull=False
    ).order_by()
    return Counter(
        (enrollment, on.isoformat(), kind, points, reason)
        for enrollment, on, kind, points, reason in found.values_list(
            "enrollment", "date", "kind", "points", "reason"
        )
    )


def _kind(text) -> str:
    if not text:
        raise Unfit("is blank; write merit or demerit")
    kind = KINDS.get(text.casefold())
    if kind is None:
        raise Unfit(f"“{text}” is neither merit nor demerit")
    return kind.value


def _points(text) -> int:
    found = WHOLE.fullmatch(text)
    points = int(found[1]) if found else 0
    if not 1 <= points <= MOST_POINTS:
        said_as = f"“{text}” is not" if text else "is blank; give"
        raise Unfit(f"{said_as} a whole number from 1 to {MOST_POINTS}")
    return points


def _reason(text) -> str:
    if not text:
        raise Unfit("is blank; every entry says what it is for")
    return cells.fitting(text, MOST_REASON)


def _planned(said_row: Said, state, seen) -> dict:
    kind = Kind(said_row.kind)
    values = {"type": kind.label, "points": str(said_row.points), "reason": said_row.reason}
    return {
        "row": said_row.row.at,
        "state": state,
        "student_number": said_row.enrollment.cadet.student_number,
        "name": said_row.enrollment.cadet.full_name,
        "unit": said_row.enrollment.unit.place,
        "on": said(said_row.date),
        "values": values if state == "new" else {},
        "changes": {},
        "entry": list(said_row.key),
        "seen": seen,
    }


def _sums(rows) -> list[str]:
    """``Gives 3 merits (12 points) and 1 demerit (2 points).``"""
    points = defaultdict(list)
    for row in rows:
        if row["state"] == "new":
            points[row["entry"][2]].append(row["entry"][3])
    parts = [
        f"{_many(len(given), kind)} ({_many(sum(given), 'point')})" for kind, given in sorted(points.items())
    ]
    return [f"Gives {' and '.join(reversed(parts))}."] if parts else []


def _many(count, word) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
