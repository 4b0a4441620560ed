"""An empty file of a kind with the headers that the import knows, to be filled in; and the list of problems."""

from rotc.web.spreadsheets import COUNT, REMARKS, Column, Sheet, to_marked_csv, to_xlsx

PROBLEMS = [
    Column("Row", lambda problem: problem["row"], COUNT),
    Column("Column", lambda problem: problem["column"]),
    Column("Reason", lambda problem: problem["reason"], REMARKS),
]


def blank_file(kind, term, suffix: str) -> bytes:
    """As ``csv`` or ``xlsx``; a workbook's columns are text, so that leading zeros of numbers stay."""
    fields = kind.shape(term).fields
    columns = [Column(each.label, of=None) for each in fields if each.name not in kind.unused_in_blank]
    if suffix == "csv":
        return to_marked_csv(columns, [])
    return to_xlsx([Sheet(kind.title, columns, [])])


def problems_csv(problems) -> bytes:
    """The problems of a plan."""
    return to_marked_csv(PROBLEMS, [[column.of(each) for column in PROBLEMS] for each in problems])
