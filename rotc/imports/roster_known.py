"""What the system knows that a roster file is held against, read in a few trips."""

from django.db.models.functions import Lower

from rotc.accounts.models import SignInName, User, sign_in_key
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS
from rotc.roster.models import Cadet, Enrollment, ListedValue, folded

CHUNK = 900


class Known:
    """The cadets that a file names, their enrollments of the term, their accounts, and every taken name.

    ``for_update`` locks the cadets and enrollments for the transaction that is open.
    """

    def __init__(self, term, numbers, names, *, for_update=False):
        self.term = term
        self.cadets = {each.student_number.lower(): each for each in self._cadets(numbers, for_update)}
        ids = [each.pk for each in self.cadets.values()]
        enrolled = Enrollment.objects.filter(term=term).select_related("unit")
        if for_update:
            enrolled = enrolled.select_for_update(of=("self",), no_key=True)
        self.enrollments = {each.cadet_id: each for each in chunked(enrolled, "cadet__in", ids)}
        self.users = {each.cadet_id: each for each in chunked(User.objects, "cadet__in", ids)}
        self.names = self._names({sign_in_key(name) for name in [*numbers, *names]})

    def _cadets(self, numbers, for_update):
        found = Cadet.objects.annotate(lower=Lower("student_number"))
        if for_update:
            found = found.select_for_update(no_key=True)
        return chunked(found, "lower__in", sorted({number.lower() for number in numbers}))

    def _names(self, wanted) -> dict[str, int]:
        """Whose each of these names is, as a username of an account or as any name it signs in with."""
        usernames = User.objects.annotate(lower=Lower("username"))
        held = {
            name.casefold(): pk
            for name, pk in chunked(usernames.values_list("username", "pk"), "lower__in", sorted(wanted))
        }
        names = SignInName.objects.values_list("name", "user_id")
        return held | dict(chunked(names, "name__in", sorted(wanted)))

    def of(self, student_number: str) -> tuple[Cadet | None, Enrollment | None, User | None]:
        cadet = self.cadets.get(student_number.lower())
        if cadet is None:
            return None, None, None
        return cadet, self.enrollments.get(cadet.pk), self.users.get(cadet.pk)

    def taken_by_another(self, name: str, user: User | None) -> bool:
        holder = self.names.get(sign_in_key(name))
        return holder is not None and (user is None or holder != user.pk)


def chunked(found, lookup, values):
    for start in range(0, len(values), CHUNK):
        yield from found.filter(**{lookup: values[start : start + CHUNK]})


def stored(thing, field: str) -> str:
    """A kept field as text; blank where nothing is kept."""
    value = getattr(thing, field)
    return "" if value is None else str(value)


def compare(values: dict, known: Known, formation) -> tuple[str, dict[str, list[str]]]:
    """``(state, changes)``: what writing ``values`` would do to what is known now, old → new."""
    cadet, enrollment, user = known.of(values["student_number"])
    if cadet is None:
        return "new", {}
    changes = _differing(cadet, CADET_FIELDS, values)
    if "username" in values and (user is None or user.username != values["username"]):
        changes["username"] = [user.username if user else "", values["username"]]
    if enrollment is None:
        return "new", changes
    changes |= _differing(enrollment, ENROLLMENT_FIELDS, values)
    if values["unit"] != enrollment.unit.path:
        changes["unit"] = [formation.title(enrollment.unit.path), formation.title(values["unit"])]
    return ("changed" if changes else "same"), changes


def _differing(thing, fields, values) -> dict[str, list[str]]:
    return {
        name: [stored(thing, name), values[name]]
        for name in fields
        if name in values and stored(thing, name) != values[name]
    }


class Lists:
    """The unit's lists, found however they are written: ``ms 1`` is ``MS1``."""

    def __init__(self):
        self._values, self._new = {}, set()
        for each in ListedValue.objects.all():
            self._values.setdefault(each.list, {})[_plain(each.value)] = each.value

    def of(self, list_name: str) -> list[str]:
        return list(self._values.get(list_name, {}).values())

    def find(self, list_name: str, text: str) -> str | None:
        return self._values.get(list_name, {}).get(_plain(text))

    def find_or_add(self, list_name: str, text: str) -> str:
        """The listed spelling of ``text``; a word not listed yet gets its first spelling."""
        if self.find(list_name, text) is None:
            self._new.add((list_name, text))
        return self._values.setdefault(list_name, {}).setdefault(_plain(text), text)

    def is_new(self, list_name: str, value: str) -> bool:
        return (list_name, value) in self._new


def _plain(text) -> str:
    """A word as it is compared: letters and digits, and the sign of a blood type."""
    bare = folded(text.replace("−", "-").replace("–", "-"))
    kept = "".join(sign for sign in bare if sign.isalnum() or sign == "+")
    return (f"{kept}-" if kept and bare.endswith("-") else kept) or text.casefold()
