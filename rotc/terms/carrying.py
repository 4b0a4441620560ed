"""Enrolling cadets of an earlier term in a new one: exactly those who were ticked, as they were shown."""

from dataclasses import dataclass

from django.db import transaction

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Enrollment, Term
from rotc.terms import continuing
from rotc.terms.choosing import PROMOTE, Proposal, proposals

PLACING = ("ms_level", "rank", "year_level", "position")


@dataclass(frozen=True)
class Carried:
    """What came of it, in numbers."""

    promoted: int
    as_they_are: int
    already: int
    officers: int

    @property
    def said(self) -> str:
        many = self.promoted + self.as_they_are
        parts = [
            f"{many:,} cadet{'' if many == 1 else 's'} enrolled: {tally(self.promoted, self.as_they_are)}."
        ]
        if self.already:
            parts.append(f"{self.already:,} were enrolled already and stay as they are.")
        if self.officers:
            parts.append(f"{self.officers} cadet officer{'' if self.officers == 1 else 's'} appointed again.")
        return " ".join(parts)


def tally(promoted: int, as_they_are: int) -> str:
    """``300 promoted to MS2, 12 as they are``."""
    return f"{promoted:,} promoted to MS2, {as_they_are:,} as they are"


def carry(
    ticked: dict[int, str],
    enrollments,
    source: Term,
    into: Term,
    *,
    by,
    promote: str = PROMOTE,
    officers: bool = False,
    appointments=(),
    how: str = "page",
) -> Carried:
    """Enroll the cadets of the ticked ``enrollments`` of ``source`` in ``into``; all of them or none.

    ``ticked``: ``{enrollment: the stamp of the proposal as it was shown}``. Rank goes with them, the year level
    rises with the school year; with ``officers`` also their position, and their ``appointments`` (by number).
    Whoever is enrolled already is left as they are. Raises ``NotNow`` when facts have moved since they were shown.
    """
    with transaction.atomic():
        _lock(into)
        refuse_if_closed(into)
        chosen = enrollments.filter(term=source, pk__in=ticked)
        already = _already(chosen, into)
        found = proposals(chosen, source, into, promote)
        _refuse_moved(found, ticked, already)
        enrolled = _enroll(found, into, officers, source=source, by=by, how=how)
        leading = continuing.of_cadets(source, into, list(ticked))
        again = continuing.go_on(appointments, leading, into, by=by, how=how) if officers else 0
        reactions.facts_changed(into, enrolled)
    promoted = sum(each.promoted for each in found)
    return Carried(promoted, len(found) - promoted, len(already), again)


def carry_as_proposed(source: Term, into: Term, *, by, how: str = "page") -> Carried:
    """Enroll every cadet who goes on by default."""
    everybody = source.enrollments.exclude(cadet=by.cadet_id) if by and by.cadet_id else source.enrollments
    found = proposals(everybody.all(), source, into, PROMOTE)
    ticked = {each.enrollment.pk: each.stamp for each in found if each.goes_on}
    return carry(ticked, everybody.all(), source, into, by=by, how=how)


def _lock(into) -> None:
    # Two people who carry the same cadets wait for each other; the second finds them enrolled.
    Term.objects.select_for_update(no_key=True).get(pk=into.pk)


def _already(chosen, into) -> set[int]:
    inside = Enrollment.objects.filter(term=into).values("cadet")
    return set(chosen.filter(cadet__in=inside).values_list("pk", flat=True))


def _refuse_moved(found: list[Proposal], ticked, already) -> None:
    as_shown = {each.enrollment.pk for each in found if each.stamp == ticked[each.enrollment.pk]}
    moved = ticked.keys() - as_shown - already
    if moved:
        named = next((each.enrollment.cadet.full_name for each in found if each.enrollment.pk in moved), None)
        who = named or "a cadet"
        others = f" and {len(moved) - 1} others" if len(moved) > 1 else ""
        raise NotNow(
            f"The facts of {who}{others} changed since they were shown. Nobody was enrolled; look again."
        )


def _enroll(found: list[Proposal], into, officers, *, source, by, how) -> list[int]:
    made = Enrollment.objects.bulk_create(
        (
            Enrollment(
                cadet=each.enrollment.cadet,
                term=into,
                unit=each.unit,
                ms_level=each.level,
                rank=each.enrollment.rank,
                year_level=each.year_level,
                position=each.enrollment.position if officers else "",
            )
            for each in found
        ),
        batch_size=500,
    )
    journal.write_all(_line(each, source, by=by, how=how) for each in made)
    return [each.pk for each in made]


def _line(enrollment, source, *, by, how):
    placing = {name.replace("_", " "): getattr(enrollment, name) for name in PLACING}
    return journal.entry(
        "enrolled",
        f"enrollment:{enrollment.pk}",
        by=by,
        how=how,
        enrollment=enrollment,
        changes={"unit": (None, enrollment.unit.label)}
        | {word: (None, value) for word, value in placing.items() if value},
        reason=f"From {source.name}",
    )
