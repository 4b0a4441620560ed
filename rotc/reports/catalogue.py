"""The papers that can be made. A new one is a line here and a module with its columns."""

from collections.abc import Callable
from dataclasses import dataclass

from rotc.reports import attendance_master, cards, class_record, computation, master_list
from rotc.reports.facts import Facts, Line
from rotc.reports.missing import missing, nobody, of_days
from rotc.reports.papers import Column, Summary
from rotc.reports.rows import by_formation


def _silent(facts: Facts) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Listing:
    """``missing`` says what a paper still lacks, ``legend`` how to read it; ``page`` is what it prints on.

    ``only_serving``: it is about people and not their grades, so while the term runs it leaves out the archived.
    """

    slug: str
    title: str
    describes: str
    columns: Callable[[Facts], list[Column]]
    order: Callable[[Line], tuple] = by_formation
    legend: Callable[[Facts], list[str]] = _silent
    missing: Callable[[Facts], list[str]] = missing
    summary: Callable[[Facts], Summary] | None = None
    page: str = "print.html"
    only_serving: bool = False


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
        legend=class_record.legend,
    ),
    Listing(
        "master-list",
        "Cadet Master List",
        "Who is enrolled, where, and how to reach them; the strength by MS level and sex.",
        master_list.columns,
        missing=nobody,
        summary=master_list.summary,
        only_serving=True,
    ),
    Listing(
        "attendance",
        "Attendance Master Sheet",
        "A column a training day held: 1, L, E, 0, and how often of each.",
        attendance_master.columns,
        legend=attendance_master.legend,
        missing=of_days,
    ),
    Listing(
        "id-cards",
        "Cadet ID Cards",
        "Cards of 85.6 × 54 mm with photo, unit and student number, eight or ten to a page, to be cut.",
        cards.columns,
        missing=cards.missing,
        page="reports/cards.html",
        only_serving=True,
    ),
]
BY_SLUG = {listing.slug: listing for listing in LISTINGS}
