"""Taking back an import of the roster, as far as nobody changed its rows since."""

from django.db.models import ProtectedError

from rotc import reactions
from rotc.accounts.models import Appointment, User
from rotc.accounts.usernames import change_usernames
from rotc.attendance.models import AttendanceMark
from rotc.double_entry.models import DoubleEntry
from rotc.exams.models import Score
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS
from rotc.imports.roster_since import Since
from rotc.imports.writing import Taken
from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster.models import Cadet, Enrollment, ListedValue, Unit
from rotc.standings.models import Standing

AT_ONCE = 500
STEPS = 8  # the standings, which follow, are the last of them
USED_IN = {
    "programme": (Cadet, "programme"),
    "religion": (Cadet, "religion"),
    "position": (Enrollment, "position"),
}


def undo_roster(plan, *, by, how, reach, tell) -> Taken:
    """Remove what the import added, give what it changed its old value back, and name the rows that stay.

    A row goes back as a whole or not at all. Inside a transaction.
    """
    return RosterUndo(plan, by, how, tell).run()


class RosterUndo:
    def __init__(self, plan, by, how, tell):
        self.plan, self.term, self.by, self.how, self.tell = plan, plan.term, by, how, tell
        *self.trail, self.along = plan.trail or [{"units": [], "words": []}]
        self.rows = {row["row"]: row for row in plan.rows if row["state"] in ("new", "changed")}
        self.kept, self.lines = [], []

    def run(self) -> Taken:
        for step, act in enumerate(self._steps()):
            self.tell(len(self.trail) * step // STEPS, len(self.trail))
            act()
        left = self._made("enrollment")
        return Taken([each["enrollment"] for each in self.back if each["enrollment"] not in left], self.kept)

    def _steps(self):
        yield self._look
        yield self._restore_cadets
        yield self._restore_enrollments
        yield self._restore_accounts
        yield self._remove
        yield self._disband
        yield self._unlist

    def _look(self) -> None:
        """Which rows are still as the import left them."""
        self.since = Since(self.term, self.trail)
        renamed = (
            row["changes"]["username"][0] for row in self.rows.values() if "username" in row["changes"]
        )
        self.since.look_up(renamed)
        self.back = []
        for trace in self.trail:
            row = self.rows[trace["row"]]
            if why := self._is_own(trace) or self.since.why_kept(row, trace):
                self.kept.append({"row": row["row"], "name": row["name"], "reason": why})
            else:
                self.back.append(trace)

    def _is_own(self, trace) -> str:
        own = self.by and self.by.cadet_id == trace["cadet"]
        return "is your own record; somebody else must take it back" if own else ""

    def _made(self, thing) -> set[int]:
        """What the import made of this kind and is still as it left it: enrollments, or cadets, by number."""
        key = "enrollment" if thing == "enrollment" else "cadet"
        return {each[key] for each in self.back if thing in each["made"]}

    def _restore_cadets(self) -> None:
        changed = []
        for trace in self.back:
            changes = self._changes(trace, CADET_FIELDS)
            if "cadet" not in trace["made"] and changes:
                cadet = self.since.cadets[trace["cadet"]]
                _give_back(cadet, changes)
                cadet.set_sort_name()
                changed.append(cadet)
                self._note(
                    "cadet changed", f"cadet:{cadet.pk}", changes, cadet_id=cadet.pk, term_id=self.term.pk
                )
        if changed:
            Cadet.objects.bulk_update(changed, [*CADET_FIELDS, "sort_name"], batch_size=100)

    def _restore_enrollments(self) -> None:
        changed = []
        for trace in self.back:
            changes = self._changes(trace, (*ENROLLMENT_FIELDS, "unit"))
            if "enrollment" not in trace["made"] and changes:
                place = self.since.enrollments[trace["enrollment"]]
                _give_back(place, {name: change for name, change in changes.items() if name != "unit"})
                if "unit" in changes:
                    place.unit = self.since.units[trace["before"]["unit"]]
                changed.append(place)
                self._note("enrollment changed", f"enrollment:{place.pk}", changes, enrollment=place)
        if changed:
            Enrollment.objects.bulk_update(changed, [*ENROLLMENT_FIELDS, "unit"], batch_size=200)

    def _changes(self, trace, names) -> dict:
        return {name: pair for name, pair in self.rows[trace["row"]]["changes"].items() if name in names}

    def _restore_accounts(self) -> None:
        usernames, renamed = [], []
        for trace in self.back:
            user, row = self.since.users.get(trace["cadet"]), self.rows[trace["row"]]
            if user is None or "account" in trace["made"]:
                continue
            if "username" in row["changes"]:
                usernames.append((user, row["changes"]["username"][0]))
            if "account" in trace["before"]:
                user.first_name, user.last_name = trace["before"]["account"]
                renamed.append(user)
        change_usernames(usernames, by=self.by, how=self.how)
        User.objects.bulk_update(renamed, ["first_name", "last_name"], batch_size=200)

    def _remove(self) -> None:
        """What the import added goes: the enrollment with its empty cells, the account, the cadet."""
        places, accounts, cadets = map(self._made, ("enrollment", "account", "cadet"))
        self._note_removed(places, accounts, cadets)
        journal.write_all(self.lines)
        reactions.enrollments_removed(places)
        users = [self.since.users[pk].pk for pk in accounts]
        try:
            _delete(AttendanceMark.objects.filter(letter=""), "enrollment__in", places)
            _delete(Score.objects.filter(raw=None, absence=""), "enrollment__in", places)
            _delete(Standing.objects, "enrollment__in", places)
            _delete(Enrollment.objects, "pk__in", places)
            _delete(User.objects, "pk__in", users)
            _delete(Cadet.objects, "pk__in", cadets)
        except ProtectedError:
            raise NotNow(
                "Somebody worked on these records just now. Nothing was changed; try again."
            ) from None

    def _note_removed(self, places, accounts, cadets) -> None:
        for trace in self.back:
            cadet, place = self.since.cadets[trace["cadet"]], self.since.enrollments[trace["enrollment"]]
            user = self.since.users.get(cadet.pk)
            if place.pk in places:
                self._note(
                    "enrollment removed",
                    f"enrollment:{place.pk}",
                    {"unit": (None, place.unit.label)},
                    enrollment=place,
                )
            if cadet.pk in accounts:
                self._note(
                    "account removed",
                    f"user:{user.pk}",
                    {"username": (None, user.username)},
                    cadet_id=cadet.pk,
                )
            if cadet.pk in cadets:
                who = {"student number": (None, cadet.student_number), "name": (None, cadet.full_name)}
                self._note("cadet removed", f"cadet:{cadet.pk}", who, cadet_id=cadet.pk)

    def _note(self, what, subject, changes, **of) -> None:
        """A line for what goes back: new → old."""
        back = {name.replace("_", " "): (new, old) for name, (old, new) in changes.items()}
        self.lines.append(journal.entry(what, subject, by=self.by, how=self.how, changes=back, **of))

    def _disband(self) -> None:
        """The units that came with the file go, the lowest first, unless somebody stands or serves in them."""
        units = list(Unit.objects.filter(pk__in=self.along["units"]))
        held = self._held_paths(units)
        gone = [unit for unit in units if not any(path.startswith(unit.path) for path in held)]
        why = "somebody stands in this unit by now"
        self.kept += [{"row": None, "name": unit.label, "reason": why} for unit in units if unit not in gone]
        for kind in (Unit.Kind.PLATOON, Unit.Kind.COMPANY, Unit.Kind.BATTALION):
            _delete(Unit.objects, "pk__in", [unit.pk for unit in gone if unit.kind == kind])
        journal.write_all(self._disbanded(unit) for unit in gone)

    def _held_paths(self, units) -> set[str]:
        """Where cadets stand, officers serve or a paper exam was begun, and whatever did not come with the file."""
        pks = [unit.pk for unit in units]
        held = set(Unit.objects.filter(term=self.term).exclude(pk__in=pks).values_list("path", flat=True))
        held |= set(Enrollment.objects.filter(unit__in=pks).order_by().values_list("unit__path", flat=True))
        held |= set(DoubleEntry.objects.filter(unit__in=pks).order_by().values_list("unit__path", flat=True))
        return held | set(
            Appointment.objects.filter(unit__in=pks).order_by().values_list("unit__path", flat=True)
        )

    def _disbanded(self, unit):
        change = {"unit": (unit.label, None)}
        return journal.entry(
            "unit removed", f"unit:{unit.pk}", by=self.by, how=self.how, term_id=self.term.pk, changes=change
        )

    def _unlist(self) -> None:
        """The words that came with the file go from the unit's lists, where nobody uses them."""
        for word in ListedValue.objects.filter(pk__in=self.along["words"]):
            model, name = USED_IN[word.list]
            if not model.objects.filter(**{f"{name}__iexact": word.value}).exists():
                word.delete()


def _give_back(thing, changes) -> None:
    for name, (old, _) in changes.items():
        field = thing._meta.get_field(name)
        setattr(thing, name, field.to_python(old) if old else (None if field.null else ""))


def _delete(found, lookup, ids) -> None:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        found.filter(**{lookup: ordered[start : start + AT_ONCE]}).delete()
