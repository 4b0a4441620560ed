"""Writing a plan of the roster in few trips, after looking again that it still is as the plan saw it."""

from rotc.accounts.actions import open_accounts
from rotc.accounts.models import User
from rotc.accounts.usernames import change_usernames
from rotc.imports.formation import Formation
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS
from rotc.imports.roster_known import Known, compare
from rotc.imports.roster_rows import GROWING
from rotc.imports.writing import Written
from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster.actions import form_unit
from rotc.roster.models import Cadet, Enrollment, ListedValue, Unit

NAMES = {"last_name", "first_name"}
STEPS = 8  # the standings, which follow, are the last of them


def commit_roster(plan, *, by, how, reach, tell) -> Written:
    """Write the plan's new and changed rows. Inside a transaction.

    Raises ``NotNow`` when a row would no longer do what the plan shows.
    """
    return RosterCommit(plan, by, how, tell).run()


class RosterCommit:
    def __init__(self, plan, by, how, tell):
        self.plan, self.term, self.by, self.how, self.tell = plan, plan.term, by, how, tell
        self.rows = [row for row in plan.rows if row["state"] in ("new", "changed")]
        self.lines, self.before, self.formed, self.words = [], {}, [], []
        self.made = {"cadet": set(), "enrollment": set(), "account": set()}

    def run(self) -> Written:
        if not self.rows:
            return Written()
        for step, write in enumerate(self._steps()):
            self.tell(len(self.rows) * step // STEPS, len(self.rows))
            write()
        return Written(self.touched, self._trail())

    def _steps(self):
        yield self._lock_and_look_again
        yield self._form_units
        yield self._extend_lists
        yield self._write_cadets
        yield self._write_enrollments
        yield lambda: journal.write_all(self.lines)
        yield self._write_accounts

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
        cadet, _, user = self.known.of(values["student_number"])
        if cadet and cadet.archived_at:
            return False
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
            if unit.path not in self.units:
                self.units[unit.path] = unit
                self.formed.append(unit.pk)

    def _extend_lists(self) -> None:
        words = {
            (GROWING[name], value) for name, values in self.plan.notes["added"].items() for value in values
        }
        if words:
            known = set(ListedValue.objects.values_list("pk", flat=True))
            added = [ListedValue(list=name, value=value, position=500) for name, value in sorted(words)]
            ListedValue.objects.bulk_create(added, ignore_conflicts=True)
            listed = ListedValue.objects.exclude(pk__in=known)
            self.words = [each.pk for each in listed if (each.list, each.value) in words]

    def _write_cadets(self) -> None:
        new, changed = [], []
        for row in self.rows:
            cadet, _, _ = self.known.of(row["student_number"])
            wanted = {name: row["values"][name] for name in CADET_FIELDS if name in row["values"]}
            if cadet is None:
                cadet = Cadet(student_number=row["student_number"])
                self.made["cadet"].add(row["row"])
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
        if changed:
            Cadet.objects.bulk_update(changed, [*self._altered(CADET_FIELDS), "sort_name"], batch_size=200)
        self.lines += [self._added(cadet) for cadet in new]

    def _write_enrollments(self) -> None:
        new, changed, known = [], [], []
        for row in self.rows:
            cadet, enrollment, _ = self.known.of(row["student_number"])
            wanted = {name: row["values"][name] for name in ENROLLMENT_FIELDS if name in row["values"]}
            if enrollment is None:
                enrollment = Enrollment(cadet=cadet, term=self.term)
                self.known.enrollments[cadet.pk] = enrollment
                self.made["enrollment"].add(row["row"])
                new.append(enrollment)
            else:
                known.append(enrollment)
                if not row["changes"].keys() & {*wanted, "unit"}:
                    continue
                changed.append(enrollment)
                self.before[row["row"]] = {"unit": enrollment.unit_id}
                self._note("enrollment changed", row, [*wanted, "unit"], enrollment=enrollment)
            for name, value in wanted.items():
                setattr(enrollment, name, value)
            enrollment.unit = self.units[row["values"]["unit"]]
        Enrollment.objects.bulk_create(new, batch_size=500)
        if changed:
            altered = self._altered([*ENROLLMENT_FIELDS, "unit"])
            Enrollment.objects.bulk_update(changed, altered, batch_size=200)
        self.lines += [self._enrolled(enrollment) for enrollment in new]
        self.touched = [each.pk for each in [*new, *known]]

    def _altered(self, fields) -> list[str]:
        """Those of these fields that some row changes: an update writes no others."""
        changed = {name for row in self.rows for name in row["changes"]}
        return [name for name in fields if name in changed]

    def _write_accounts(self) -> None:
        """New cadets get an account that opens with a code; a username of an account that is there changes."""
        opened, renamed, usernames = [], [], []
        for row in self.rows:
            cadet, _, user = self.known.of(row["student_number"])
            username = row["values"].get("username")
            if user is None:
                self.made["account"].add(row["row"])
                opened.append((cadet, username))
                continue
            if "username" in row["changes"]:
                usernames.append((user, username))
            if NAMES & row["changes"].keys():
                self.before.setdefault(row["row"], {})["account"] = [user.first_name, user.last_name]
                user.first_name, user.last_name = cadet.first_name, cadet.last_name
                renamed.append(user)
        User.objects.bulk_update(renamed, ["first_name", "last_name"], batch_size=200)
        change_usernames(usernames, by=self.by, how=self.how)
        open_accounts(opened, by=self.by, how=self.how)

    def _trail(self) -> list[dict]:
        """For each row whom it is about, what it made, and the unit and name of the account before; then the
        units and words that came with the file."""
        trail = []
        for row in self.rows:
            cadet, enrollment, _ = self.known.of(row["student_number"])
            made = [thing for thing, rows in self.made.items() if row["row"] in rows]
            whom = {"row": row["row"], "cadet": cadet.pk, "enrollment": enrollment.pk, "made": made}
            trail.append(whom | {"before": self.before.get(row["row"], {})})
        return [*trail, {"units": self.formed, "words": self.words}]

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
