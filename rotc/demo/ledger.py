"""Merits and demerits of the invented battalion."""

from datetime import time
from random import Random

from rotc.attendance.models import AttendanceMark, Letter
from rotc.conduct.models import Citation, ConductEntry, Kind
from rotc.demo.formation import HOW, Company
from rotc.demo.training import at
from rotc.journal import actions as journal

REVERSALS = ["Entered for the wrong cadet", "Excuse letter accepted afterwards", "Given twice"]
PROPOSED = 6


def keep(days, marks: list[AttendanceMark], companies: list[Company], *, random: Random, commandant) -> None:
    """Write the ledger: what lateness earned, other entries, a few reversals, and proposals that wait."""
    catalogue = _catalogue()
    entries = _for_lateness(marks, companies, catalogue, random)
    for company in companies:
        for enrollment in company.enrollments:
            entries += _others(enrollment, days, company.officer, catalogue, random)
    for entry in random.sample(entries, min(len(entries), 1 + len(entries) // 60)):
        entry.reversed_at = at(days[-1].date, time(16))
        entry.reversed_by = commandant
        entry.reversed_because = random.choice(REVERSALS)
    entries += _proposals(days[-1], companies[0], catalogue, random)
    _write(entries, days)


def _catalogue() -> dict[str, list[Citation]]:
    found = list(Citation.objects.filter(withdrawn_at=None).order_by("code"))
    return {kind: [citation for citation in found if citation.kind == kind] for kind in Kind.values}


def _for_lateness(marks, companies, catalogue, random) -> list[ConductEntry]:
    late = next((each for each in catalogue[Kind.DEMERIT] if "Late" in each.title), None)
    officers = {each.pk: company.officer for company in companies for each in company.enrollments}
    return [
        _entry(mark.enrollment, late, mark.day, officers[mark.enrollment_id], random)
        for mark in marks
        if late and mark.letter == Letter.LATE and random.random() < 0.5
    ]


def _others(enrollment, days, officer, catalogue, random) -> list[ConductEntry]:
    kinds = random.choices(
        [[], ["demerit"], ["merit"], ["demerit", "merit"], ["demerit"] * 3], [54, 20, 14, 9, 3]
    )[0]
    given = []
    for kind in kinds:
        citations = catalogue[kind]
        if citations:
            citation = random.choices(citations, [_how_usual(each) for each in citations])[0]
            given.append(_entry(enrollment, citation, random.choice(days), officer, random))
    return given


def _how_usual(citation) -> int:
    return {"": 8, "I": 20, "II": 3}.get(citation.offense_class, 0) or 1


def _proposals(day, company, catalogue, random) -> list[ConductEntry]:
    """Entries that the cadet officer of ``company`` proposed and nobody has decided."""
    others = [each for each in company.enrollments if each.cadet_id != company.leader.cadet_id]
    usual = [each for each in catalogue[Kind.DEMERIT] if each.offense_class == "I"] or catalogue[Kind.MERIT]
    chosen = random.sample(others, min(PROPOSED, len(others))) if usual else []
    return [
        _entry(each, random.choice(usual), day, company.leader, random, approved=False) for each in chosen
    ]


def _entry(enrollment, citation, day, officer, random, *, approved=True) -> ConductEntry:
    return ConductEntry(
        enrollment=enrollment,
        kind=citation.kind,
        points=random.randint(citation.least_points, citation.most_points),
        reason=citation.title,
        citation=citation,
        date=day.date,
        given_by=officer,
        approved_at=at(day.date, time(12)) if approved else None,
        approved_by=officer if approved else None,
    )


def _write(entries, days) -> None:
    ConductEntry.objects.bulk_create(entries, batch_size=500)
    for day in days:  # bulk_create stamps its own moment
        given = ConductEntry.objects.filter(date=day.date, enrollment__term=day.term)
        given.update(given_at=at(day.date, time(12)))
    journal.write_all(line for entry in entries for line in _lines(entry))


def _lines(entry):
    state = "given" if entry.approved_at else "proposed"
    facts = {
        "kind": entry.get_kind_display(),
        "points": entry.points,
        "reason": entry.reason,
        "date": entry.date,
    }
    yield _line(entry, state, entry.given_by, {name: (None, value) for name, value in facts.items()})
    if entry.reversed_at:
        changes = {"state": ("given", "reversed")}
        yield _line(entry, "reversed", entry.reversed_by, changes, entry.reversed_because)


def _line(entry, state, by, changes, reason=""):
    return journal.entry(
        f"conduct entry {state}",
        f"conduct:{entry.pk}",
        by=by,
        how=HOW,
        enrollment=entry.enrollment,
        changes=changes,
        reason=reason,
    )
