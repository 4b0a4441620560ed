"""The unit's settings as papers show them."""

from dataclasses import dataclass

from django.db.models import Count, F, Value

from rotc.accounts.models import StaffProfile, User
from rotc.operations.models import Letterhead, Signatory
from rotc.roster.models import Cadet, Enrollment, ListedValue

List = ListedValue.List
# Where the words of a list stand on records.
STANDS = [
    (List.MS_LEVEL, Enrollment, "ms_level"),
    (List.CADET_RANK, Enrollment, "rank"),
    (List.STAFF_RANK, User, "rank"),
    (List.PROGRAMME, Cadet, "programme"),
    (List.POSITION, Enrollment, "position"),
    (List.CADET_STATUS, Enrollment, "status"),
    (List.RELIGION, Cadet, "religion"),
    *(
        (each, model, each.value)
        for each in (List.CIVIL_STATUS, List.BLOOD_TYPE, List.BOOTS, List.UNIFORM, List.BULLCAP)
        for model in (Cadet, StaffProfile)
    ),
]


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead of every paper and those who sign at its foot."""

    unit_name: str
    university: str
    command_lines: list[str]
    address: str
    paper: str
    signatories: list[Signatory]

    @property
    def blank(self) -> bool:
        return not (self.unit_name or self.university)


def letterhead() -> Head:
    """The unit's letterhead, blank where nothing was filled in yet."""
    row = letterhead_row()
    lines = [line.strip() for line in row.command_lines.splitlines() if line.strip()]
    return Head(row.unit_name, row.university, lines, row.address, row.paper, list(Signatory.objects.all()))


def letterhead_row() -> Letterhead:
    """The one row of the unit's settings."""
    return Letterhead.objects.order_by("pk").first() or Letterhead()


@dataclass(frozen=True, slots=True)
class Listed:
    """A word of a list and on how many records it stands."""

    word: ListedValue
    used: int


def lists() -> list[tuple[str, str, list[Listed]]]:
    """``(name, title, words)`` of every list of the unit; two trips."""
    used = _used()
    words = {name: [] for name in List.values}
    for word in ListedValue.objects.all():
        words[word.list].append(Listed(word, used.get((word.list, word.value.casefold()), 0)))
    return [(each.value, each.label, words[each.value]) for each in List]


def _used() -> dict[tuple[str, str], int]:
    counts = [
        model.objects.exclude(**{field: ""})
        .order_by()
        .values(of=Value(name.value), stands=F(field))
        .annotate(many=Count("pk"))
        .values_list("of", "stands", "many")
        for name, model, field in STANDS
    ]
    used = {}
    # From Django 6.1 on a union takes the order of its first model unless it is told to have none.
    for name, value, many in counts[0].union(*counts[1:], all=True).order_by():
        key = (name, value.casefold())
        used[key] = used.get(key, 0) + many
    return used


def longest(name: str) -> int:
    """How many characters a word of this list may have: as many as fit wherever it stands."""
    fields = [model._meta.get_field(field) for each, model, field in STANDS if each == name]
    return min([80, *(field.max_length for field in fields)])
