"""Forming units, enrolling cadets, and correcting what is kept about them."""

from django.db import IntegrityError, transaction

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import Archived, BadValue, NotNow, TermClosed
from rotc.roster import archiving, facts
from rotc.roster.models import Cadet, Enrollment, Term, Unit
from rotc.roster.naming import unit_key, unit_name


def refuse_if_closed(term) -> None:
    """Refuse when the term is closed *now*, whatever the object in hand remembers. Inside a transaction."""
    if Term.objects.filter(pk=term.pk, closed_at__isnull=False).exists():
        raise TermClosed(term)


def held_open(term) -> Term:
    """The term as it is now, held: until the end of the transaction it stays open, and graded by the same policy."""
    found = Term.objects.select_for_update(no_key=True).get(pk=term.pk)
    if found.closed_at:
        raise TermClosed(found)
    return found


def form_unit(term: Term, kind: str, name: str, *, parent: Unit | None = None, by, how: str = "page") -> Unit:
    """The unit of that name under ``parent`` (the corps by default), formed when it is not there yet."""
    parent = parent or term.units.get(kind=Unit.Kind.CORPS)
    path = f"{parent.path}{unit_key(name)}/"
    with transaction.atomic():
        refuse_if_closed(term)
        unit, formed = Unit.objects.get_or_create(
            term=term, path=path, defaults={"kind": kind, "name": unit_name(name), "parent": parent}
        )
        if unit.kind != kind:
            raise BadValue(f"{unit.label} stands there already.")
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
    """Enroll a cadet in a term. ``placing``: ms_level, rank, year_level, position, status."""
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


def change_facts(enrollment: Enrollment, altered: dict[str, tuple], *, by, how: str = "page") -> Enrollment:
    """Change facts of a cadet and of their place in the term; nothing else is written.

    ``altered``: ``{field: (as it was seen, as it is wanted)}``. Raises ``Stale`` when somebody has changed one
    of these fields since it was seen; then none is changed.
    """
    with transaction.atomic():
        refuse_if_closed(enrollment.term)
        cadet, place = facts.locked(enrollment.cadet_id, enrollment.pk)
        if cadet.archived_at:
            raise Archived(cadet)
        changed = facts.alter(cadet, place, altered, by=by, how=how)
        if "programme" in changed:
            facts.list_programme(cadet.programme)
        reactions.facts_changed(enrollment.term, [place.pk] if changed else [])
    return place


def add_cadet(unit: Unit, person: dict, *, by, how: str = "page", **placing) -> Enrollment:
    """Enroll somebody whom nobody knows yet; their account opens with it, without a password.

    ``person``: facts of the cadet. Raises ``BadValue`` when the student number is somebody's already.
    """
    cadet = Cadet(**person)
    with transaction.atomic():
        refuse_if_closed(unit.term)
        try:
            with transaction.atomic():
                cadet.save(force_insert=True)
        except IntegrityError:
            raise BadValue(f"{cadet.student_number} is somebody's student number already.") from None
        journal.write(
            "cadet added",
            f"cadet:{cadet.pk}",
            by=by,
            how=how,
            cadet_id=cadet.pk,
            term_id=unit.term_id,
            changes={_word(name): (None, value) for name, value in person.items() if value},
        )
        facts.list_programme(cadet.programme)
        reactions.cadet_added(cadet, by=by, how=how)
        return enroll(cadet, unit.term, unit, by=by, how=how, **placing)


def enroll_known(cadet: Cadet, unit: Unit, *, by, how: str = "page", **placing) -> Enrollment:
    """Enroll a cadet of an earlier term; one who was archived is restored by it."""
    with transaction.atomic():
        cadet, _ = facts.locked(cadet.pk)
        if there := cadet.enrollments.filter(term=unit.term).select_related("unit__parent").first():
            raise NotNow(f"{cadet.full_name} is enrolled already, in {there.unit.place}.")
        if cadet.archived_at:
            archiving.restore([cadet], by=by, how=how)
        reactions.cadet_added(cadet, by=by, how=how)
        return enroll(cadet, unit.term, unit, by=by, how=how, **placing)


def _word(name) -> str:
    return Cadet._meta.get_field(name).verbose_name
