"""The policies side by side, and who would change, as files."""

from rotc.roster.columns import named
from rotc.roster.models import Unit
from rotc.web.spreadsheets import FIGURE, NAME, REMARKS, Column


def side_by_side(page) -> list[Column]:
    """Columns of a row of the page: a column a policy."""
    return [
        Column("Group", lambda row: row.group, NAME),
        Column("Setting", lambda row: row.setting.label, NAME),
        *[Column(title, _said(place), NAME) for place, (title, _) in enumerate(page.columns)],
    ]


def _said(place):
    return lambda row: "; ".join(row.cells[place].lines)


def _of_place(kind):
    of = named(kind)
    return lambda pair: of(pair[1])


# Of a flip and its enrollment.
FLIPS = [
    Column("Student ID", lambda pair: pair[1].cadet.student_number),
    Column("Last Name", lambda pair: pair[1].cadet.last_name, NAME),
    Column("First Name", lambda pair: pair[1].cadet.first_name, NAME),
    Column("Company", _of_place(Unit.Kind.COMPANY)),
    Column("Platoon", _of_place(Unit.Kind.PLATOON)),
    Column("What Would Change", lambda pair: pair[0].words, NAME),
    Column("Rating Now", lambda pair: pair[0].was),
    Column("Total Now", lambda pair: pair[0].before.total, FIGURE),
    Column("Rating Then", lambda pair: pair[0].would_be),
    Column("Total Then", lambda pair: pair[0].after.total, FIGURE),
    Column("Why", lambda pair: pair[0].why, REMARKS),
]
