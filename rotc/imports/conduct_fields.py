"""The columns of a list of merits and demerits and the headers that they come under."""

from rotc.imports.identity import IDENTITY, WAYS
from rotc.imports.matching import Field, Shape

SHAPE = Shape(
    (
        *IDENTITY,
        Field(
            "type",
            "Type",
            ("Record Type", "Merit Demerit", "Merit or Demerit", "M or D", "MD", "Kind", "Entry Type"),
        ),
        Field("points", "Points", ("Score", "Point", "Pts", "No of Points", "Number of Points")),
        Field(
            "reason",
            "Reason",
            (
                "Remarks",
                "Note",
                "Remark",
                "Notes",
                "Offense",
                "Offence",
                "Violation",
                "Description",
                "Particulars",
            ),
        ),
        Field("date", "Date", ("Date Given", "Date Committed", "Date of Offense", "Record Date", "Given On")),
        Field("state", "State"),
    ),
    needs=(WAYS, ("type",), ("points",), ("reason",)),
)


def conduct_shape(term) -> Shape:
    """The same columns in every term."""
    return SHAPE
