"""Forming units and enrolling cadets."""

from django.contrib.auth import get_user_model
from django.db import transaction

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import BadValue, Stale, TermClosed
from rotc.roster.models import Cadet, Enrollment, Term, Unit
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


PLACING = ("unit", "ms_level", "rank", "year_level", "position")


def change_facts(enrollment: Enrollment, altered: dict[str, tuple], *, by, how: str = "page") -> Enrollment:
    """Change facts of a cadet and of their place in the term; nothing else is written.

    ``altered``: ``{field: (as it was seen, as it is wanted)}``. Raises ``Stale`` when somebody has changed one
    of these fields since it was seen; then none is changed.
    """
    with transaction.atomic():
        refuse_if_closed(enrollment.term)
        cadet = Cadet.objects.select_for_update(no_key=True).get(pk=enrollment.cadet_id)
        place = (
            Enrollment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("unit")
            .get(pk=enrollment.pk)
        )
        changes = {Cadet: {}, Enrollment: {}}
        for name, (seen, wanted) in altered.items():
            thing = place if name in PLACING else cadet
            change = _change(thing, name, seen, wanted)
            if change:
                changes[type(thing)][name] = change
        _keep_changes(cadet, changes[Cadet], place, by=by, how=how)
        _keep_changes(place, changes[Enrollment], place, by=by, how=how)
        _rename_account(cadet, changes[Cadet])
        reactions.facts_changed(enrollment.term, [place.pk] if any(changes.values()) else [])
    return place


def _change(thing, name, seen, wanted) -> tuple | None:
    """``(before, after)`` once set on the thing; None when it stands like that already."""
    current = getattr(thing, name)
    if current == wanted:
        return None
    if current != seen:
        word = thing._meta.get_field(name).verbose_name
        raise Stale(
            f"Somebody changed the {word} to “{current or 'nothing'}” meanwhile. Nothing of yours was written; "
            "open the page again.",
            current,
        )
    if name == "unit" and wanted.term_id != thing.term_id:
        raise BadValue(f"{wanted.label} belongs to another term.")
    setattr(thing, name, wanted)
    return current, wanted


def _keep_changes(thing, changes, enrollment, *, by, how) -> None:
    if not changes:
        return
    thing.save(update_fields=list(changes))
    kind = thing._meta.model_name
    journal.write(
        f"{kind} changed",
        f"{kind}:{thing.pk}",
        by=by,
        how=how,
        enrollment=enrollment,
        changes={thing._meta.get_field(name).verbose_name: change for name, change in changes.items()},
    )


def _rename_account(cadet, changes) -> None:
    names = {name: getattr(cadet, name) for name in ("first_name", "last_name") if name in changes}
    if names:
        get_user_model().objects.filter(cadet=cadet).update(**names)
