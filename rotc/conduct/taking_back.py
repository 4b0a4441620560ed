"""Taking back entries that came out of a file. The standings are left to whoever calls."""

from collections.abc import Iterable

from django.db import transaction

from rotc.conduct.actions import entry_line, facts_of
from rotc.conduct.bulk import AT_ONCE, Tell
from rotc.conduct.models import ConductEntry
from rotc.journal import actions as journal
from rotc.roster.actions import refuse_if_closed


def take_back_imported(
    term, pks: Iterable[int], *, by, how: str, tell: Tell
) -> tuple[list[ConductEntry], list[ConductEntry]]:
    """Remove imported entries that nobody reversed since: ``(removed, staying)``. The journal keeps all of them."""
    wanted = list(pks)
    removed, staying = [], []
    with transaction.atomic():
        refuse_if_closed(term)
        for start in range(0, len(wanted), AT_ONCE):
            tell(start, len(wanted))
            some = _held(term, wanted[start : start + AT_ONCE])
            gone = [each for each in some if each.reversed_at is None]
            staying += [each for each in some if each.reversed_at is not None]
            journal.write_all(
                entry_line("conduct entry taken back", each, _gone(each), by=by, how=how) for each in gone
            )
            ConductEntry.objects.filter(pk__in=[each.pk for each in gone]).delete()
            removed += gone
    return removed, staying


def _held(term, pks):
    found = ConductEntry.objects.select_for_update(of=("self",), no_key=True).select_related("enrollment")
    return list(found.filter(pk__in=pks, enrollment__term=term, imported_at__isnull=False).order_by("pk"))


def _gone(entry) -> dict:
    return {name: (value, None) for name, value in facts_of(entry).items()}
