"""Writing a plan of the roster in few trips, after looking again that it still is as the plan saw it."""

from rotc.accounts.actions import open_accounts
from rotc.accounts.models import User
from rotc.accounts.usernames import change_username
from rotc.imports.formation import Formation
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS
from rotc.imports.roster_known import Known, compare
from rotc.imports.roster_rows import GROWING
from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster.actions import form_unit
from rotc.roster.models import Cadet, Enrollment, ListedValue, Unit

NAMES = {"last_name", "first_name"}


def commit_roster(plan, *, by, how) -> list[int]:
    """Write the plan's new and changed rows; returns the enrollments touched. Inside a transaction.

    Raises ``NotNow`` when a row would no longer do what the plan shows.
    """
    return RosterCommit(plan, by, how).run()


class RosterCommit:
    def __init__(self, plan, by, how):
        self.plan, self.term, self.by, self.how = plan, plan.term, by, how
        self.rows = [row for row in plan.rows if row["state"] in ("new", "changed")]
        self.lines = []

    def run(self) -> list[int]:
        if not self.rows:
            return []
        self._lock_and_look_again()
        self._form_units()
        self._extend_lists()
        self._write_cadets()
        touched = self._write_enrollments()
        journal.write_all(self.lines)
        self._write_accounts()
        return touched

    def _lock_and_look_again(self) -> None:
        numbers = [row["student_number"] for row in self.rows]
        usernames = [row["values"]["username"] for row in self.rows if "username" in row["values"]]
        self.known = Known(self.term, numbers, usernames, for_update=True)
        formation = Formation(self.term, may_form=False)
        for place in self.plan.notes["units"]:
            formation.expect(place["kind"], place["name"], place["path"])
        for row in self.rows:
            if not self._still_true(row, formation):
                raise NotNow(
                    f"The roster changed since this file was checked (row {row['row']}, {row['name']}). "
                    "Nothing was written; check the file again."
                )

    def _still_true(self, row, formation) -> bool:
        values = row["values"]
        if values["unit"] not in formation.places:
            return False
        _, _, user = self.known.of(values["student_number"])
        free = not any(
            self.known.taken_by_another(name, user)
            for name in (values["student_number"], values.get("username"))
            if name
        )
        return free and compare(values, self.known, formation) == (row["state"], row["changes"])

    def _form_units(self) -> None:
        self.units = {unit.path: unit for unit in Unit.objects.filter(term=self.term)}
        for place in self.plan.notes["units"]:
            above = self.units[place["path"][: place["path"].rstrip("/").rfind("/") + 1]]
            unit = form_unit(self.term, place["kind"], place["name"], parent=above, by=self.by, how=self.how)
            self.units[unit.path] = unit

    def _extend_lists(self) -> None:
        words = [
            ListedValue(list=GROWING[name], value=value, position=500)
            for name, values in self.plan.notes["added"].items()
            for value in values
        ]
        ListedValue.objects.bulk_create(words, ignore_conflicts=True)

    def _write_cadets(self) -> None:
        new, changed = [], []
        for row in self.rows:
            cadet, _, _ = self.known.of(row["student_number"])
            wanted = {name: row["values"][name] for name in CADET_FIELDS if name in row["values"]}
            if cadet is None:
                cadet = Cadet(student_number=row["student_number"])
                self.known.cadets[row["student_number"].lower()] = cadet
                new.append(cadet)
            elif not row["changes"].keys() & wanted.keys():
                continue
            else:
                changed.append(cadet)
                self._note("cadet changed", row, wanted, cadet=cadet)
            for name, value in wanted.items():
                setattr(cadet, name, value)
            cadet.set_sort_name()
        Cadet.objects.bulk_create(new, batch_size=500)
        Cadet.objects.bulk_update(changed, [*CADET_FIELDS, "sort_name"], batch_size=200)
        self.lines += [self._added(cadet) for cadet in new]

    def _write_enrollments(self) -> list[int]:
        new, changed, known = [], [], []
        for row in self.rows:
            cadet, enrollment, _ = self.known.of(row["student_number"])
            wanted = {name: row["values"][name] for name in ENROLLMENT_FIELDS if name in row["values"]}
            if enrollment is None:
                enrollment = Enrollment(cadet=cadet, term=self.term)
                new.append(enrollment)
            else:
                known.append(enrollment)
                if not row["changes"].keys() & {*wanted, "unit"}:
                    continue
                changed.append(enrollment)
                self._note("enrollment changed", row, [*wanted, "unit"], enrollment=enrollment)
            for name, value in wanted.items():
                setattr(enrollment, name, value)
            enrollment.unit = self.units[row["values"]["unit"]]
        Enrollment.objects.bulk_create(new, batch_size=500)
        Enrollment.objects.bulk_update(changed, [*ENROLLMENT_FIELDS, "unit"], batch_size=200)
        self.lines += [self._enrolled(enrollment) for enrollment in new]
        return [each.pk for each in [*new, *known]]

    def _write_accounts(self) -> None:
        """New cadets get an account that opens with a code; a username of an account that is there changes."""
        opened, renamed = [], []
        for row in self.rows:
            cadet, _, user = self.known.of(row["student_number"])
            username = row["values"].get("username")
            if user is None:
                opened.append((cadet, username))
                continue
            if "username" in row["changes"]:
                change_username(user, username, by=self.by, how=self.how)
            if NAMES & row["changes"].keys():
                user.first_name, user.last_name = cadet.first_name, cadet.last_name
                renamed.append(user)
        User.objects.bulk_update(renamed, ["first_name", "last_name"], batch_size=200)
        open_accounts(opened, by=self.by, how=self.how)

    def _note(self, what, row, names, *, cadet=None, enrollment=None) -> None:
        changes = {_word(name): change for name, change in row["changes"].items() if name in names}
        subject = f"cadet:{cadet.pk}" if cadet else f"enrollment:{enrollment.pk}"
        if changes:
            of = {"cadet_id": cadet.pk, "term_id": self.term.pk} if cadet else {"enrollment": enrollment}
            self.lines.append(journal.entry(what, subject, by=self.by, how=self.how, changes=changes, **of))

    def _added(self, cadet):
        facts = {_word(name): (None, getattr(cadet, name)) for name in CADET_FIELDS if getattr(cadet, name)}
        return journal.entry(
            "cadet added",
            f"cadet:{cadet.pk}",
            by=self.by,
            how=self.how,
            cadet_id=cadet.pk,
            changes={"student number": (None, cadet.student_number)} | facts,
        )

    def _enrolled(self, enrollment):
        placing = {name: getattr(enrollment, name) for name in ENROLLMENT_FIELDS}
        facts = {_word(name): (None, value) for name, value in placing.items() if value}
        return journal.entry(
            "enrolled",
            f"enrollment:{enrollment.pk}",
            by=self.by,
            how=self.how,
            enrollment=enrollment,
            changes={"unit": (None, enrollment.unit.label)} | facts,
        )


def _word(name) -> str:
    """A field as the journal names it."""
    return name.replace("_", " ")
