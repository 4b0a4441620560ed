"""Whom an importer may import for. Decided at the door, taken along by everything behind it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from rotc.roster.models import Enrollment


@dataclass(frozen=True)
class Reach:
    """The enrollments that a file may touch, and whether a date may become a training day."""

    enrollments: QuerySet
    plans_days: bool = False


def everybody(term) -> Reach:
    """The reach of the command line: the whole term, but for archived cadets."""
    found = Enrollment.objects.filter(term=term, cadet__archived_at=None).select_related(
        "cadet", "unit__parent", "term"
    )
    return Reach(found, plans_days=True)
