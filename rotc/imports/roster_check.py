"""Rows of a roster file → what each would change. Nothing is written here."""

from collections import Counter, defaultdict

from django.utils import timezone

from rotc.accounts.models import sign_in_key
from rotc.imports.cells import Unfit
from rotc.imports.drafts import Draft, Given, Row
from rotc.imports.formation import Formation, UnknownUnit
from rotc.imports.roster_doubles import doubles
from rotc.imports.roster_fields import BY_NAME, UNIT_FIELDS, WORDS
from rotc.imports.roster_known import Known, Lists, compare
from rotc.imports.roster_rows import GROWING, RowReader
from rotc.roster.models import Enrollment

DOUBLES_SHOWN = 300  # the most alike; who has more has given another corps
MOVES_FIRST = ("unit", "last_name", "first_name", "middle_name", "suffix")


def check_roster(given: Given) -> Draft:
    """Hold a sheet against the roster of the term: rows new, changed or same, problems by row and column."""
    return RosterCheck(given).draft()


class RosterCheck:
    def __init__(self, given: Given):
        self.given, self.term, self.rows = given, given.term, given.rows
        self.formation = Formation(self.term, may_form=given.choices.create_units)
        self.known = Known(self.term, self._cells("student_number"), self._cells("username"))
        self.lists = Lists()
        self.reader = RowReader(given, self.lists, timezone.localdate())
        self.unknown_units = Counter()

    def draft(self) -> Draft:
        rows = self._once_each()
        for row in rows:
            self._understand(row)
        # Rows that name a unit in full come first: "Alpha" alone may mean the one they name.
        for row in sorted(rows, key=lambda row: -sum(name in row.cells for name in UNIT_FIELDS)):
            self._place(row)
        self._refuse_taken_names(rows)
        planned = [self._planned(row) for row in rows if not row.problems]
        planned = [row for row in planned if row]
        return Draft(
            rows=sorted(planned, key=_moves_first),
            problems=self.given.problems,
            absent=self._absent(),
            notes=self._notes(planned),
        )

    def _cells(self, name) -> list[str]:
        return [row.cells[name] for row in self.rows if name in row.cells]

    def _once_each(self) -> list[Row]:
        """Equal rows of one student number count once; differing ones are all problems."""
        same = defaultdict(list)
        for row in self.rows:
            if "student_number" in row.cells:
                same[row.cells["student_number"].lower()].append(row)
            else:
                self.reader.problem(row, "student_number", "is blank; every row needs a student number")
        for group in same.values():
            if any(row.cells != group[0].cells for row in group):
                self._refuse_differing(group)
        return [group[0] for group in same.values() if not group[0].problems]

    def _refuse_differing(self, group) -> None:
        names = [name for name in BY_NAME if len({row.cells.get(name) for row in group}) > 1]
        places = " and ".join(str(row.at) for row in group[:6])
        differing = ", ".join(self.given.match.column(BY_NAME[name]) for name in names[:3])
        for row in group:
            number = row.cells["student_number"]
            reason = f"rows {places} have the same student number {number} but differ ({differing})"
            self.reader.problem(row, "student_number", reason)

    def _understand(self, row) -> None:
        self.reader.understand(row, self.known)
        cadet, _, _ = self.known.of(row.cells["student_number"])
        if cadet:
            row.values["student_number"] = cadet.student_number

    def _place(self, row) -> None:
        _, enrollment, _ = self.known.of(row.cells["student_number"])
        standing = enrollment.unit.path if enrollment else None
        try:
            row.values["unit"] = self.formation.find(row.cells, standing)
        except Unfit as unfit:
            self.reader.problem(row, unfit.field, unfit)
            if isinstance(unfit, UnknownUnit):
                self.unknown_units[unfit.title] += 1

    def _refuse_taken_names(self, rows) -> None:
        """Student numbers and usernames are one namespace, over all accounts and over the file."""
        numbers = {sign_in_key(row.cells["student_number"]): row for row in rows}
        usernames = Counter(sign_in_key(row.values["username"]) for row in rows if "username" in row.values)
        for row in rows:
            _, _, user = self.known.of(row.cells["student_number"])
            if self.known.taken_by_another(row.cells["student_number"], user):
                self.reader.problem(row, "student_number", "somebody else already signs in under this name")
            name = row.values.get("username")
            if name is None:
                continue
            folded_name = sign_in_key(name)
            if usernames[folded_name] > 1 or numbers.get(folded_name, row) is not row:
                self.reader.problem(row, "username", f"“{name}” stands for two people in this file")
            elif self.known.taken_by_another(name, user):
                self.reader.problem(row, "username", f"somebody else already signs in as “{name}”")

    def _planned(self, row) -> dict | None:
        cadet, _, _ = self.known.of(row.cells["student_number"])
        state, changes = compare(row.values, self.known, self.formation)
        if state != "same" and cadet and cadet.archived_at:
            self.reader.problem(
                row, "student_number", f"is {cadet.short_name}'s, who is archived; restore the record first"
            )
            return None
        if state == "changed" and self._is_own(cadet):
            first = next(iter(changes))
            reason = f"{WORDS[first]} would change in your own record; somebody else must do that"
            self.reader.problem(row, "student_number", reason)
            return None
        return {
            "row": row.at,
            "state": state,
            "student_number": row.values["student_number"],
            "name": _full_name(row.values, cadet),
            "unit": self.formation.title(row.values["unit"]),
            "values": {} if state == "same" else row.values,
            "changes": changes,
        }

    def _is_own(self, cadet) -> bool:
        return bool(self.given.by and cadet and self.given.by.cadet_id == cadet.pk)

    def _absent(self) -> list[dict]:
        """Enrolled in the term and in no row of the file: listed, never touched."""
        cells = (row.cells.get("student_number", "") for row in self.given.every_row)
        named = {number.lower() for number in cells}
        enrolled = Enrollment.objects.filter(term=self.term, cadet__archived_at=None)
        return [
            {
                "row": None,
                "state": "absent",
                "student_number": each.cadet.student_number,
                "name": each.cadet.full_name,
                "unit": self.formation.title(each.unit.path),
                "values": {},
                "changes": {},
            }
            for each in enrolled.select_related("cadet", "unit")
            if each.cadet.student_number.lower() not in named
        ]

    def _notes(self, planned) -> dict:
        written = [row["values"] for row in planned if row["state"] != "same"]
        alike = doubles(self.term, self._strangers(planned), self.formation.title)
        return {
            "unknown_units": [{"title": title, "rows": rows} for title, rows in self.unknown_units.items()],
            "units": self._to_form(written),
            "doubles": alike[:DOUBLES_SHOWN],
            "more_doubles": len(alike[DOUBLES_SHOWN:]),
            "added": {name: self._to_add(name, written) for name in GROWING},
        }

    def _strangers(self, planned) -> list[dict]:
        """The rows that add somebody whom nobody knows yet."""
        return [row for row in planned if self.known.of(row["student_number"])[0] is None]

    def _to_form(self, written) -> list[dict]:
        places = {}
        for values in written:
            for place in self.formation.chain(values["unit"]):
                if not place.formed:
                    places[place.path] = place
        return [
            {"kind": place.kind, "name": place.name, "path": path, "title": self.formation.title(path)}
            for path, place in sorted(places.items())
        ]

    def _to_add(self, name, written) -> list[str]:
        """Words that the unit's list does not know yet, each once."""
        used = dict.fromkeys(values[name] for values in written if name in values)
        return [value for value in used if self.lists.is_new(GROWING[name], value)]


def _full_name(values, cadet) -> str:
    def part(name):
        return values.get(name) or (getattr(cadet, name) if cadet else "")

    given = " ".join(filter(None, map(part, ("first_name", "middle_name", "suffix"))))
    return f"{part('last_name')}, {given}"


def _moves_first(row) -> tuple:
    moved = next((n for n, name in enumerate(MOVES_FIRST) if name in row["changes"]), len(MOVES_FIRST))
    return (moved if row["state"] == "changed" else len(MOVES_FIRST), row["row"])
