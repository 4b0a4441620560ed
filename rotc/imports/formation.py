"""The units of a term as a file names them, with those that it would form."""

from dataclasses import dataclass

from rotc.imports.cells import Unfit
from rotc.roster.models import Unit
from rotc.roster.naming import unit_key, unit_name

LONGEST_NAME, LONGEST_PATH = 60, 200
KINDS = (Unit.Kind.BATTALION, Unit.Kind.COMPANY, Unit.Kind.PLATOON)


@dataclass(frozen=True)
class Place:
    kind: str
    name: str
    path: str
    formed: bool = True

    @property
    def above(self) -> str:
        return self.path[: self.path.rstrip("/").rfind("/") + 1]

    @property
    def label(self) -> str:
        return Unit(kind=self.kind, name=self.name).label


class UnknownUnit(Unfit):
    """A unit that is not there and may not be formed. ``field`` is the column that names it."""

    def __init__(self, field, title):
        super().__init__(f"there is no {title} in this term")
        self.field, self.title = field, title


class Formation:
    """Finds the unit that a row names. ``may_form``: units not there yet are added instead of refused."""

    def __init__(self, term, *, may_form: bool):
        self.term, self.may_form = term, may_form
        known = Unit.objects.filter(term=term).order_by("path")
        self.places = {unit.path: Place(unit.kind, unit.name, unit.path) for unit in known}
        self._named, self._titles = {}, {}
        for place in self.places.values():
            self._remember(place)

    def title(self, path: str) -> str:
        """``1st Battalion, Alpha Company, 2nd Platoon``; the corps where nobody is placed yet."""
        if path not in self._titles:
            labels = [place.label for place in self.chain(path)]
            self._titles[path] = ", ".join(labels) or self.places[""].label
        return self._titles[path]

    def chain(self, path: str) -> list[Place]:
        """The places from under the corps down to ``path``."""
        chain = []
        while path:
            chain.insert(0, self.places[path])
            path = self.places[path].above
        return chain

    def find(self, names: dict[str, str], standing: str | None) -> str:
        """The path of the unit a row names. ``standing``: where the cadet stands now.

        A blank level erases nothing: a row that says less than is known leaves the cadet where they are.
        Raises ``UnknownUnit``, or ``Unfit`` with ``field`` set when a name fits several units.
        """
        under = ""
        for kind in KINDS:
            if not names.get(kind):
                continue
            if kind == Unit.Kind.PLATOON and not names.get(Unit.Kind.COMPANY):
                under = self._own_company(standing, names[kind], under)
            under = self._step(kind, names[kind], under, standing)
        return standing if standing is not None and standing.startswith(under) else under

    def expect(self, kind, name, path) -> None:
        """A unit that a plan will form; one that stands there by now stays as it is."""
        if path not in self.places:
            self.places[path] = Place(kind, name, path, formed=False)

    def _own_company(self, standing, platoon, under) -> str:
        for place in self.chain(standing or ""):
            within = place.path.startswith(under) and place.kind == Unit.Kind.COMPANY
            if within and (
                f"{place.path}{unit_key(platoon)}/" in self.places
                or not self._under(Unit.Kind.PLATOON, unit_key(platoon), under)
            ):
                return place.path
        return under

    def _step(self, kind, name, under, standing) -> str:
        name_key = unit_key(name)
        path = f"{under}{name_key}/"
        if not name_key or len(name) > LONGEST_NAME or len(path) > LONGEST_PATH:
            raise _in_column(kind, f"“{name}” cannot be the name of a {kind}")
        fits = self._under(kind, name_key, under)
        if len(fits) > 1:
            fits = [path for path in fits if standing and standing.startswith(self.places[path].above)]
            if len(fits) != 1:
                raise _in_column(
                    kind, f"“{name}” names several {self._many(kind)}; say which one they stand under"
                )
        if fits:
            return fits[0]
        return self._form(kind, name, path, under)

    def _form(self, kind, name, path, under) -> str:
        if path in self.places:
            raise _in_column(kind, f"“{name}” is a {self.places[path].kind} here, not a {kind}")
        place = Place(kind, unit_name(name), path, formed=False)
        if not self.may_form:
            above = f" in {self.title(under)}" if under else ""
            raise UnknownUnit(kind, f"{place.label}{above}")
        self.places[path] = place
        self._remember(place)
        return path

    def _remember(self, place) -> None:
        name_key = place.path.rstrip("/").rsplit("/", 1)[-1]
        self._named.setdefault((place.kind, name_key), []).append(place.path)

    def _under(self, kind, name_key, under) -> list[str]:
        return [path for path in self._named.get((kind, name_key), ()) if path.startswith(under)]

    def _many(self, kind) -> str:
        return {"battalion": "battalions", "company": "companies", "platoon": "platoons"}[kind]


def _in_column(field, reason) -> Unfit:
    unfit = Unfit(reason)
    unfit.field = field
    return unfit
