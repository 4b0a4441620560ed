"""Rows of an attendance file or a ROTCMIS export → what each would mark. Nothing is written here."""

from collections import defaultdict
from datetime import date, time

from rotc.attendance.actions import FACTS
from rotc.attendance.models import AttendanceMark, Letter
from rotc.attendance.planning import said as date_said
from rotc.imports.attendance_rows import MOST_REMARKS, Days, RowReader, Said
from rotc.imports.drafts import Draft, Given
from rotc.imports.identity import People

FIELD = {"letter": "status"} | {name: name for name in FACTS if name != "letter"}
NAMED = 8  # days in one sentence


def check_attendance(given: Given) -> Draft:
    """Hold a day's attendance, or that of several, against the marks that are there."""
    return AttendanceCheck(given, scans=False).draft()


def check_rotcmis(given: Given) -> Draft:
    """The same for an export, in which several scans of a cadet on a day are one mark."""
    return AttendanceCheck(given, scans=True).draft()


class AttendanceCheck:
    def __init__(self, given: Given, *, scans: bool):
        self.given, self.scans = given, scans
        self.people, self.days = People(given), Days(given)
        self.reader = RowReader(given, self.days, scans=scans)
        self.named = defaultdict(set)  # day → who is in the file

    def draft(self) -> Draft:
        read = [self.reader.read(row, self.people.of(row)) for row in self.given.rows]
        once = self._once_each([each for each in read if each])
        marks = self._marks()
        planned = [self._planned(each, marks) for each in once if not each.row.problems]
        rows = sorted((row for row in planned if row), key=lambda row: row["row"])
        return Draft(
            rows=rows,
            problems=self.given.problems,
            absent=self._absent(),
            questions=self.people.questions,
            notes=self._notes(rows),
        )

    def _once_each(self, said: list[Said]) -> list[Said]:
        """Equal rows of a cadet and day count once; differing ones are all problems."""
        groups = defaultdict(list)
        for each in said:
            groups[each.enrollment.pk, each.day].append(each)
            self.named[each.day].add(each.enrollment.pk)
        return [self._one_of(group) for group in groups.values()]

    def _one_of(self, group) -> Said:
        if len(group) > 1:
            if len({self._compared(each) for each in group}) > 1:
                self._refuse_differing(group)
            elif self.scans:
                return _merged(group)
        return group[0]

    def _compared(self, each):
        # A row that is not understood may say anything.
        if each.row.problems:
            return each.row.at
        return each.letter if self.scans else each.facts

    def _refuse_differing(self, group) -> None:
        places = ", ".join(str(each.row.at) for each in group[:6])
        for each in group:
            reason = f"rows {places} say different things about one cadet on {date_said(each.day)}"
            self.given.problem(each.row, "status", reason)

    def _marks(self) -> dict:
        days = {day.pk: on for on, day in self.days.known.items() if on in self.named}
        reached = self.given.reach.enrollments.order_by().values("pk")
        found = AttendanceMark.objects.filter(day__in=days, enrollment__in=reached)
        return {(days[mark.day_id], mark.enrollment_id): mark for mark in found}

    def _planned(self, said: Said, marks) -> dict | None:
        mark = marks.get((said.day, said.enrollment.pk)) or AttendanceMark(version=0)
        before = {name: getattr(mark, name) for name in FACTS}
        # A blank never erases.
        wanted = {name: getattr(said, name) or before[name] for name in FACTS}
        changes = {name: (before[name], wanted[name]) for name in FACTS if wanted[name] != before[name]}
        if self._cannot_be(said, wanted, changes):
            return None
        is_new = bool(changes) and not any(before.values())
        return {
            "row": said.row.at,
            "state": "new" if is_new else "changed" if changes else "same",
            "student_number": said.enrollment.cadet.student_number,
            "name": said.enrollment.cadet.full_name,
            "unit": said.enrollment.unit.place,
            "on": date_said(said.day),
            "values": _shown(wanted) if is_new else {},
            "changes": {} if is_new else _shown_changes(changes),
            "enrollment": said.enrollment.pk,
            "day": said.day.isoformat(),
            "version": mark.version,
            "before": _kept(before),
            "wanted": _kept(wanted),
        }

    def _cannot_be(self, said, wanted, changes) -> bool:
        if changes and not wanted["letter"]:
            reason = "is blank; the row does not say whether the cadet was there"
            self.given.problem(said.row, "status", reason)
        elif wanted["time_in"] and wanted["time_out"] and wanted["time_out"] < wanted["time_in"]:
            reason = f"{wanted['time_out']:%H:%M} is before the time in, {wanted['time_in']:%H:%M}"
            self.given.problem(said.row, "time_out" if said.time_out else "time_in", reason)
        elif len(wanted["remarks"]) > MOST_REMARKS:
            self.given.problem(said.row, "remarks", f"at most {MOST_REMARKS} characters are kept")
        return bool(said.row.problems)

    def _absent(self) -> list[dict]:
        """Within reach and in no row on a day of the file: listed, never touched."""
        days = {on: named for on, named in sorted(self.named.items()) if not self.days.why_not(on)}
        rows = []
        for each in self.people:
            missing = [on for on, named in days.items() if each.pk not in named]
            if missing:
                rows.append(
                    {
                        "row": None,
                        "state": "absent",
                        "student_number": each.cadet.student_number,
                        "name": each.cadet.full_name,
                        "unit": each.unit.place,
                        "on": _days_said(missing),
                        "values": {},
                        "changes": {},
                    }
                )
        return rows

    def _notes(self, rows) -> dict:
        marked = sorted({row["day"] for row in rows if row["state"] != "same"})
        known = {on.isoformat() for on in self.days.known}
        added = [on for on in marked if on not in known]
        says = [f"Marks {_counted(marked)}."] if marked else []
        says += [f"Adds {_counted(added)}."] if added else []
        return {"new_days": added, "says": says}


def _merged(scans: list[Said]) -> Said:
    """Several scans of a cadet on a day: the first says when they came. A later one is no leaving."""
    first = scans[0]
    first.time_in = min((each.time_in for each in scans if each.time_in), default=None)
    first.time_out = max((each.time_out for each in scans if each.time_out), default=None)
    first.remarks = "; ".join(dict.fromkeys(each.remarks for each in scans if each.remarks))
    return first


def _shown(facts) -> dict[str, str]:
    return {FIELD[name]: _text(name, value) for name, value in facts.items() if value}


def _shown_changes(changes) -> dict[str, list[str]]:
    return {FIELD[name]: [_text(name, each) for each in pair] for name, pair in changes.items()}


def _text(name, value) -> str:
    if name == "letter":
        return Letter(value).label if value else ""
    return f"{value:%H:%M}" if isinstance(value, time) else value or ""


def _kept(facts) -> dict:
    """The facts of a mark as a plan keeps them."""
    return {name: value.isoformat() if isinstance(value, time) else value for name, value in facts.items()}


def _counted(days: list[str]) -> str:
    return (
        f"{len(days)} training day{'s' if len(days) > 1 else ''}: {_days_said(map(date.fromisoformat, days))}"
    )


def _days_said(days) -> str:
    days = [date_said(on) for on in days]
    more = f" and {len(days) - NAMED} more" if len(days) > NAMED else ""
    return ", ".join(days[:NAMED]) + more
