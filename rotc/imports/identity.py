"""Whose row it is: matched exactly, by student number, then username, then e-mail, then the full name.

The first of these that a row gives decides; a name that fits two cadets is a question to the importer.
"""

from collections import defaultdict

from rotc.accounts.models import SignInName, sign_in_key
from rotc.imports import cells
from rotc.imports.cells import Unfit
from rotc.imports.drafts import Given, Row
from rotc.imports.matching import Field
from rotc.imports.person_names import bare, fits_parts, spellings
from rotc.imports.roster_fields import BY_NAME
from rotc.roster.models import Enrollment

IDENTITY: tuple[Field, ...] = tuple(
    BY_NAME[name]
    for name in (
        "student_number", "username", "email", "last_name", "first_name", "middle_name", "suffix", "name",
    )
)  # fmt: skip
WAYS = ("student_number", "username", "email", "name", "last_name")
NAMES = {each.name for each in IDENTITY}
ASKED, FITS_SHOWN = 60, 20  # questions on a page, and cadets to choose from in each


class People:
    """The cadets that a file may be about, read in three trips however many rows it has."""

    def __init__(self, given: Given):
        self.given = given
        self.questions: list[dict] = []
        self._by = {way: defaultdict(list) for way in ("student_number", "username", "email", "name", "last")}
        places = {each.cadet_id: each for each in given.reach.enrollments}
        for each in places.values():
            self._remember(each)
        if {"username", "email"} & given.match.columns.keys():
            self._remember_sign_ins(places)
        self._by_id = {each.pk: each for each in places.values()}

    def __iter__(self):
        return iter(self._by_id.values())

    def _remember(self, each) -> None:
        cadet = each.cadet
        self._by["student_number"][cadet.student_number.casefold()].append(each)
        self._by["last"][bare(cadet.last_name)].append(each)
        if cadet.email:
            self._by["email"][cadet.email.casefold()].append(each)
        for spelling in spellings(cadet):
            self._by["name"][spelling].append(each)

    def _remember_sign_ins(self, places) -> None:
        kinds = (SignInName.Kind.USERNAME, SignInName.Kind.EMAIL)
        names = SignInName.objects.filter(kind__in=kinds, user__cadet__isnull=False)
        for name, kind, cadet_id in names.values_list("name", "kind", "user__cadet"):
            if cadet_id in places and places[cadet_id] not in self._by[kind][name]:
                self._by[kind][name].append(places[cadet_id])

    def of(self, row: Row) -> Enrollment | None:
        """Whose row it is. None: the row has a problem now, or a question too."""
        try:
            way, found = self._found(row.cells)
        except Unfit as unfit:
            self.given.problem(row, unfit.field, unfit)
            return None
        if len(found) == 1 and self._names_another(row, found[0], way):
            self.given.problem(row, way, f"is {found[0].cadet.full_name}'s, but the row names somebody else")
            return None
        return found[0] if len(found) == 1 else self._asked(row, way, found)

    def _found(self, given: dict) -> tuple[str, list[Enrollment]]:
        for way in ("student_number", "username", "email"):
            if way in given:
                return way, self._exactly(way, given[way])
        if "name" in given:
            return "name", self._by["name"].get(bare(given["name"]), []) or _nobody("name", given["name"])
        if "last_name" in given and "first_name" in given:
            return "last_name", self._by_parts(given)
        way = next(name for name in WAYS if name in self.given.match.columns)
        raise _in(way, "is blank; the row does not say whose it is")

    def _exactly(self, way, text) -> list[Enrollment]:
        try:
            key = cells.number_as_text(text).casefold() if way == "student_number" else sign_in_key(text)
        except Unfit as unfit:
            raise _in(way, unfit) from None
        return self._by[way].get(key) or self._own_or_nobody(way, text)

    def _own_or_nobody(self, way, text):
        own = self.given.by.cadet if self.given.by and self.given.by.cadet_id else None
        if own and text.casefold() in (own.student_number.casefold(), own.email.casefold()):
            raise _in(way, "is yourself; somebody else must enter this")
        return _nobody(way, text)

    def _by_parts(self, given) -> list[Enrollment]:
        namesakes = self._by["last"].get(bare(given["last_name"]), [])
        fitting = [each for each in namesakes if fits_parts(given, each.cadet)]
        return fitting or _nobody("last_name", f"{given['last_name']}, {given['first_name']}")

    def _names_another(self, row, found, way) -> bool:
        """Whether a row that says who it is by number also bears the name of others, and not theirs."""
        if way in ("name", "last_name"):
            return False
        others = []
        if "name" in row.cells:
            others = self._by["name"].get(bare(row.cells["name"]), [])
        elif "last_name" in row.cells and "first_name" in row.cells:
            namesakes = self._by["last"].get(bare(row.cells["last_name"]), [])
            others = [each for each in namesakes if fits_parts(row.cells, each.cadet)]
        return bool(others) and found not in others

    def _asked(self, row, way, found) -> Enrollment | None:
        """The cadet whom the importer chose of several; a question where they did not yet."""
        answer = self.given.choices.answers.get(str(row.at), "")
        found = sorted(found, key=lambda each: (each.unit.path, each.cadet.student_number))
        for each in found:
            if each.cadet.student_number == answer:
                return each
        fits = [
            {
                "student_number": each.cadet.student_number,
                "name": each.cadet.full_name,
                "unit": each.unit.place,
            }
            for each in (found[:FITS_SHOWN] if len(self.questions) < ASKED else ())
        ]
        said = row.cells.get("name") or row.cells.get(way, "")
        if way == "last_name":
            said = f"{row.cells['last_name']}, {row.cells['first_name']}"
        more = max(len(found) - FITS_SHOWN, 0)
        self.questions.append({"row": row.at, "name": said, "fits": fits, "more": more})
        self.given.problem(row, way, f"“{said}” fits {len(found)} cadets; say which one is meant")
        return None


def _nobody(way, text):
    what = BY_NAME["name" if way == "last_name" else way].label
    raise _in(way, f"nobody with the {what} “{text}” is enrolled here, or they are not yours to enter")


def _in(field, reason) -> Unfit:
    unfit = Unfit(reason)
    unfit.field = field
    return unfit
