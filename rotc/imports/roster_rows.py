"""What the cells of a roster's row say."""

from rotc.imports import cells
from rotc.imports.cells import Unfit
from rotc.imports.drafts import Given, Row
from rotc.imports.person_names import same_name, split_name
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS, UNIT_FIELDS
from rotc.roster.models import Cadet, Enrollment, ListedValue

LISTED = {
    "ms_level": ListedValue.List.MS_LEVEL,
    "rank": ListedValue.List.CADET_RANK,
    "status": ListedValue.List.CADET_STATUS,
    "blood_type": ListedValue.List.BLOOD_TYPE,
    "civil_status": ListedValue.List.CIVIL_STATUS,
    "boots": ListedValue.List.BOOTS,
    "uniform": ListedValue.List.UNIFORM,
    "bullcap": ListedValue.List.BULLCAP,
}
GROWING = {
    "programme": ListedValue.List.PROGRAMME,
    "position": ListedValue.List.POSITION,
    "religion": ListedValue.List.RELIGION,
}
READ = {
    "student_number": cells.student_number,
    "email": cells.email,
    "username": cells.username,
    "sex": cells.sex,
    "contact_number": cells.number_as_text,
    "emergency_number": cells.number_as_text,
    "height_cm": cells.centimetres,
    "weight_kg": cells.kilograms,
    "blood_type": cells.blood_type,
    "year_level": cells.year_level,
}
MOST = {
    name: model._meta.get_field(name).max_length or 30
    for model, names in ((Cadet, CADET_FIELDS), (Enrollment, ENROLLMENT_FIELDS))
    for name in names
}


class RowReader:
    """Understands the cells of a row on their own, without looking at other rows."""

    def __init__(self, given: Given, lists, today):
        self.term, self.match, self.problem = given.term, given.match, given.problem
        self.lists, self.dates, self.today = lists, given.choices.dates or None, today

    def understand(self, row: Row, known) -> None:
        """Fill ``row.values`` from its cells; what cannot be understood becomes a problem."""
        self._sort_apart(row)
        for name, text in row.cells.items():
            if name in UNIT_FIELDS or name == "name":
                continue
            try:
                self._take(row, name, text)
            except Unfit as unfit:
                self.problem(row, name, unfit)
        cadet, _, _ = known.of(row.cells.get("student_number", ""))
        self._name(row, cadet)

    def _take(self, row, name, text) -> None:
        if name == "school_year":
            self._same_term(cells.school_year(text), self.term.school_year)
        elif name == "semester":
            self._same_term(cells.semester(text), self.term.semester)
        else:
            row.values[name] = cells.fitting(self._value(name, text), MOST.get(name, 200))

    def _value(self, name, text) -> str:
        if name == "birthdate":
            return cells.birthdate(text, self.dates, self.today)
        if name in LISTED:
            return self._listed(name, READ.get(name, str)(text))
        if name in GROWING:
            return self.lists.find_or_add(GROWING[name], text)
        return READ.get(name, str)(text)

    def _listed(self, name, text) -> str:
        found = self.lists.find(LISTED[name], text)
        if found is None and name == "ms_level":
            found = self.lists.find(LISTED[name], f"MS{text}")  # under a header "MS" people write 1
        if found is None:
            listed = ", ".join(self.lists.of(LISTED[name]))
            raise Unfit(f"“{text}” is not in the list of {LISTED[name].label}: {listed}")
        return found

    def _same_term(self, said, expected) -> None:
        if said != expected:
            raise Unfit(f"names another term than {self.term.title}")

    def _sort_apart(self, row) -> None:
        """Positions written among the battalions, and battalions among the positions, go where they belong."""
        battalion, position = row.cells.get("battalion", ""), row.cells.get("position", "")
        if listed := self.lists.find(ListedValue.List.POSITION, battalion):
            del row.cells["battalion"]
            if position and self.lists.find(ListedValue.List.POSITION, position) != listed:
                self.problem(row, "battalion", f"“{battalion}” is a position, and the row names another one")
            row.cells["position"] = listed
        elif not battalion and self._names_battalion(position):
            row.cells["battalion"] = row.cells.pop("position")

    def _names_battalion(self, position) -> bool:
        is_listed = self.lists.find(ListedValue.List.POSITION, position) is not None
        return position.casefold().endswith((" battalion", " bn")) and not is_listed

    def _name(self, row, cadet) -> None:
        whole = row.cells.get("name")
        has_parts = "last_name" in row.cells or "first_name" in row.cells
        if whole and not has_parts and not (cadet and same_name(whole, cadet)):
            try:
                for name, text in split_name(whole).items():
                    if text:
                        row.values[name] = cells.fitting(text, MOST[name])
            except Unfit as unfit:
                self.problem(row, "name", unfit)
                return
        if cadet is None:
            self._need_a_name(row)
        elif _is_initial(row.values.get("middle_name", ""), cadet.middle_name):
            del row.values["middle_name"]

    def _need_a_name(self, row) -> None:
        for name in ("last_name", "first_name"):
            if name not in row.values and name not in row.cells:
                column = "name" if "name" in self.match.columns and name not in self.match.columns else name
                self.problem(row, column, "is blank; a new cadet needs a last and a first name")
                return


def _is_initial(text, middle_name) -> bool:
    """An initial of the middle name that is kept says less than what is kept."""
    bare = text.rstrip(".").casefold()
    return len(bare) == 1 and len(middle_name) > 1 and middle_name.casefold().startswith(bare)
