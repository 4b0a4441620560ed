"""Forming units and enrolling cadets."""

from django.db import transaction

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import TermClosed
from rotc.roster.models import Enrollment, Term, Unit
from rotc.roster.naming import unit_key, unit_name


def refuse_if_closed(term) -> None:
    """Refuse when the term is closed *now*, whatever the object in hand remembers. Inside a transaction."""
    if Term.objects.filter(pk=term.pk, closed_at__isnull=False).exists():
        raise TermClosed(term)


def form_unit(term: Term, kind: str, name: str, *, parent: Unit | None = None, by, how: str = "page") -> Unit:
    """The unit of that name under ``parent`` (the corps by default), formed when it is not there yet."""
    parent = parent or term.units.get(kind=Unit.Kind.CORPS)
    path = f"{parent.path}{unit_key(name)}/"
    with transaction.atomic():
        refuse_if_closed(term)
        unit, formed = Unit.objects.get_or_create(
            term=term, path=path, defaults={"kind": kind, "name": unit_name(name), "parent": parent}
        )
        if formed:
            journal.write(
                "unit formed",
                f"unit:{unit.pk}",
                by=by,
                how=how,
                term_id=term.pk,
                changes={"unit": (None, unit.label)},
            )
    return unit


def enroll(cadet, term: Term, unit: Unit, *, by, how: str = "page", **placing) -> Enrollment:
    """Enroll a cadet in a term. ``placing``: ms_level, rank, year_level, position."""
    with transaction.atomic():
        refuse_if_closed(term)
        enrollment = Enrollment.objects.create(cadet=cadet, term=term, unit=unit, **placing)
        journal.write(
            "enrolled",
            f"enrollment:{enrollment.pk}",
            by=by,
            how=how,
            enrollment=enrollment,
            changes={"unit": (None, unit.label)},
        )
        reactions.facts_changed(term, [enrollment.pk])
    return enrollment
