"""The papers that can be made. A new one is a line here and a module with its columns."""

from collections.abc import Callable
from dataclasses import dataclass

from rotc.reports import class_record, computation
from rotc.reports.facts import Facts, Line
from rotc.reports.papers import Column


@dataclass(frozen=True, slots=True)
class Listing:
    slug: str
    title: str
    describes: str
    columns: Callable[[Facts], list[Column]]
    order: Callable[[Line], tuple]
    legend: Callable[[Facts], list[str]]


LISTINGS = [
    Listing(
        "computation-of-grades",
        "Computation of Grades",
        "Every day, entry and score of each cadet and the grade they come to, to be signed.",
        computation.columns,
        computation.order,
        computation.legend,
    ),
    Listing(
        "class-record",
        "Class Record",
        "One line a cadet with scores, points, total and rating, for the registrar or a spreadsheet.",
        class_record.columns,
        class_record.order,
        class_record.legend,
    ),
]
BY_SLUG = {listing.slug: listing for listing in LISTINGS}
