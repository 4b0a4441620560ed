"""Many entries at once, as a file gives them. The standings are left to whoever calls."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from rotc.conduct.actions import as_given, entry_line
from rotc.conduct.models import Citation, ConductEntry
from rotc.journal import actions as journal
from rotc.refusals import BadValue
from rotc.roster.actions import refuse_if_closed

Tell = Callable[[int, int], None]
AT_ONCE = 1_000


class Catalogue:
    """The lines in force, to find the one that an entry was given from by its code or title."""

    def __init__(self):
        self._lines = {}
        for line in Citation.objects.filter(withdrawn_at=None):
            for words in {line.code.casefold(), line.title.casefold()}:
                self._lines.setdefault(words, []).append(line)

    def line_of(self, entry: ConductEntry) -> Citation | None:
        """The one line that fits reason, kind and points; what was written stays as it is."""
        fitting = [
            line
            for line in self._lines.get(entry.reason.casefold(), ())
            if line.kind == entry.kind and line.least_points <= entry.points <= line.most_points
        ]
        return fitting[0] if len(fitting) == 1 else None


def give_imported(term, entries: list[ConductEntry], *, by, how: str, tell: Tell) -> list[ConductEntry]:
    """Write entries of one term that came out of a file; they count at once. All of them or none."""
    catalogue, now = Catalogue(), timezone.now()
    with transaction.atomic():
        refuse_if_closed(term)
        for each in entries:
            if by is not None and by.cadet_id == each.enrollment.cadet_id:
                raise BadValue("This is your own record. Somebody else gives in it.")
            each.citation = catalogue.line_of(each)
            each.imported_at = each.approved_at = now
            each.given_by = each.approved_by = by
        for start in range(0, len(entries), AT_ONCE):
            tell(start, len(entries))
            some = ConductEntry.objects.bulk_create(entries[start : start + AT_ONCE])
            journal.write_all(
                entry_line("conduct entry given", each, as_given(each), by=by, how=how) for each in some
            )
    return entries
