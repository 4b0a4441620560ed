"""Rows that would add somebody who looks like a cadet already known, or like another row.

They are shown side by side and decided by a person: nobody is ever merged on a likeness.
"""

from collections import defaultdict
from dataclasses import dataclass

from rotc.imports.near import rests, within
from rotc.imports.person_names import bare
from rotc.roster.models import Cadet, Enrollment

A_ROW = 3
LOOKED_AT = 12  # of those who are alike in the same way: a hundred namesakes tell no more than these
SHORT = 8  # letters of a name in which one letter apart is near and two are not

SAME_NAME, SAME_BUT_MIDDLE, BORN, NUMBER, SPELT, MAIL, PHONE = (
    "the same full name",
    "the same last and first name",
    "the same last name and birthdate",
    "the same last name and nearly the same student number",
    "nearly the same name",
    "the same e-mail",
    "the same phone number",
)
STRENGTH = {because: place for place, because in enumerate(
    (SAME_NAME, BORN, SAME_BUT_MIDDLE, NUMBER, SPELT, MAIL, PHONE)
)}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody known, or somebody a row would add (then with its ``row``)."""

    student_number: str
    name: str
    unit: str
    last: str
    first: str
    middle: str
    suffix: str
    birthdate: str
    email: str
    phone: str
    row: int | None = None

    @property
    def shown(self) -> dict:
        facts = {"student_number": self.student_number, "name": self.name, "unit": self.unit}
        return facts | {"row": self.row} if self.row else facts


def doubles(term, rows: list[dict], title) -> list[dict]:
    """For each of these rows, which add somebody new, whom it looks like, the most alike first.

    ``title(path)`` is a unit's place in words. Each is ``{"row", "name", "student_number", "unit", "like",
    "because"}``; two rows that look alike are shown once.
    """
    if not rows:
        return []
    new = [_of_row(row) for row in rows]
    known = _known(term, title)
    alike = Alike()
    for person in known:
        alike.remember(person)
    found = []
    for person in new:
        likes = sorted(alike.to(person).items(), key=lambda each: STRENGTH[each[1][0]])[:A_ROW]
        found += [(STRENGTH[because[0]], person, like, because) for like, because in likes]
        alike.remember(person)
    found.sort(key=lambda each: (each[0], each[1].row))
    return [
        person.shown | {"like": like.shown, "because": "; ".join(because)}
        for _, person, like, because in found
    ]


def _of_row(row) -> Person:
    values = {name: str(value) for name, value in row["values"].items()}
    return _person(values, name=row["name"], unit=row["unit"], row=row["row"])


def _known(term, title) -> list[Person]:
    paths = dict(Enrollment.objects.filter(term=term).order_by().values_list("cadet_id", "unit__path"))
    names = ("student_number", "last_name", "first_name", "middle_name", "suffix")
    facts = (*names, "birthdate", "email", "contact_number")
    return [
        _person(
            {name: "" if cadet[name] is None else str(cadet[name]) for name in facts},
            name=Cadet(**{name: cadet[name] for name in names}).full_name,
            unit=title(paths[cadet["pk"]]) if cadet["pk"] in paths else "not in this term",
        )
        for cadet in Cadet.objects.order_by("pk").values("pk", *facts)
    ]


def _person(values, **shown) -> Person:
    def of(name):
        return bare(values.get(name, ""))

    return Person(
        student_number=values["student_number"],
        last=of("last_name"), first=of("first_name"), middle=of("middle_name"), suffix=of("suffix"),
        birthdate=values.get("birthdate", ""),
        email=values.get("email", "").casefold(),
        phone="".join(filter(str.isdigit, values.get("contact_number", "")))[-10:],
        **shown,
    )  # fmt: skip


class Alike:
    """Finds who is alike among those whom it was told to remember."""

    def __init__(self):
        self._by = defaultdict(list)
        self._firsts, self._lasts, self._by_rest = defaultdict(set), defaultdict(set), defaultdict(set)

    def remember(self, person) -> None:
        for key in {*_keys(person), *_number_keys(person)}:
            self._by[key].append(person)
        if _is_word(person.last) and _is_word(person.first):
            self._firsts[person.last].add(person.first)
            self._lasts[person.first].add(person.last)
            for rest in rests(person.last):
                self._by_rest[rest].add(person.last)

    def to(self, person) -> dict[Person, list[str]]:
        """Whom they look like, and why."""
        found = defaultdict(list)
        for (because, *_), others in self._met(_keys(person)):
            for other in others:
                found[other].append(_namesake(person, other) if because == SAME_NAME else because)
        for _, others in self._met(_number_keys(person)):
            for other in others:
                if NUMBER not in found[other] and _near_numbers(person, other):
                    found[other].append(NUMBER)
        for other in self._nearly_named(person):
            found[other].append(SPELT)
        return {other: sorted(because, key=STRENGTH.get) for other, because in found.items() if because}

    def _met(self, keys):
        for key in keys:
            if key in self._by:
                yield key, self._by[key][:LOOKED_AT]

    def _nearly_named(self, person):
        for last, first in self._near_names(person.last, person.first):
            yield from self._by[SAME_NAME, last, first][:LOOKED_AT]

    def _near_names(self, last, first) -> set[tuple[str, str]]:
        """The names that are a letter or two apart: in the last name, in the first, or one in each."""
        most = 1 if len(last) + len(first) < SHORT else 2
        found = {(last, other) for other in self._firsts.get(last, ()) if within(first, other, most)}
        found |= {(other, first) for other in self._lasts.get(first, ()) if within(last, other, most)}
        if most == 2:
            lasts = {other for rest in rests(last) for other in self._by_rest.get(rest, ())}
            found |= {
                (other, near)
                for other in lasts
                if within(last, other, 1)
                for near in self._firsts[other]
                if within(first, near, 1)
            }
        return found - {(last, first)}


def _is_word(name) -> bool:
    """A name with a figure in it is a made-up one; figures that differ by one are no slip of the pen."""
    return bool(name) and not any(map(str.isdigit, name))


def _keys(person) -> list[tuple]:
    keys = [(SAME_NAME, person.last, person.first)]
    if person.birthdate:
        keys.append((BORN, person.last, person.birthdate))
    if person.email:
        keys.append((MAIL, person.email))
    if len(person.phone) > 6:
        keys.append((PHONE, person.phone))
    return keys


def _number_keys(person) -> set[tuple]:
    number = person.student_number.casefold()
    return {(NUMBER, person.last, person.first[:1], rest) for rest in rests(number)}


def _near_numbers(person, other) -> bool:
    return within(person.student_number.casefold(), other.student_number.casefold(), 1)


def _namesake(person, other) -> str:
    """A middle name or suffix that one of them lacks, or gives as an initial, makes no other name."""
    for one, two in ((person.middle, other.middle), (person.suffix, other.suffix)):
        if not (one.startswith(two) or two.startswith(one)):
            return SAME_BUT_MIDDLE
    return SAME_NAME
