"""Altering facts of a cadet and of their place in a term: only what was altered, and only as it was seen."""

from django.contrib.auth import get_user_model

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import Cadet, Enrollment, ListedValue
from rotc.web.altered import alter as altered_over

PLACING = ("unit", "ms_level", "rank", "year_level", "position", "status")


def locked(cadet_id: int, enrollment_id: int | None = None) -> tuple[Cadet, Enrollment | None]:
    """The cadet and their place as they stand now, held for the transaction that is open.

    Raises ``NotNow`` when one of them was erased meanwhile.
    """
    cadet = Cadet.objects.select_for_update(no_key=True).filter(pk=cadet_id).first()
    places = Enrollment.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "term")
    place = places.filter(pk=enrollment_id).first() if enrollment_id else None
    if cadet is None or (enrollment_id and place is None):
        raise NotNow("This record was erased meanwhile. Nothing was changed.")
    return cadet, place


def alter(cadet: Cadet, place: Enrollment | None, altered: dict[str, tuple], *, by, how: str) -> set[str]:
    """Write ``{field: (as it was seen, as it is wanted)}``; returns the fields that changed by it.

    Both things are ``locked``. Raises ``Stale`` when somebody has changed one of these fields since it was
    seen, ``BadValue`` when it cannot be; then none is changed.
    """
    changes = {Cadet: {}, Enrollment: {}}
    for name, (seen, wanted) in altered.items():
        thing = place if name in PLACING else cadet
        change = _alter(thing, name, seen, wanted)
        if change:
            changes[type(thing)][name] = change
    if "student_number" in changes[Cadet]:
        _refuse_taken_number(cadet)
    _keep(cadet, changes[Cadet], place, by=by, how=how)
    _keep(place, changes[Enrollment], place, by=by, how=how)
    _follow(cadet, changes[Cadet], by=by, how=how)
    return {*changes[Cadet], *changes[Enrollment]}


def _alter(thing, name, seen, wanted) -> tuple | None:
    if name == "unit" and wanted.term_id != thing.term_id:
        raise BadValue(f"{wanted.label} belongs to another term.")
    return altered_over(thing, name, seen, wanted)


def _refuse_taken_number(cadet) -> None:
    others = Cadet.objects.filter(student_number__iexact=cadet.student_number).exclude(pk=cadet.pk)
    if other := others.first():
        raise BadValue(f"{cadet.student_number} is {other.full_name}'s student number. Nothing was changed.")


def _keep(thing, changes, place, *, by, how) -> None:
    if not changes:
        return
    thing.save(update_fields=list(changes))
    kind = thing._meta.model_name
    whose = {"enrollment": place} if place else {"cadet_id": thing.pk}
    journal.write(
        f"{kind} changed",
        f"{kind}:{thing.pk}",
        by=by,
        how=how,
        changes={thing._meta.get_field(name).verbose_name: change for name, change in changes.items()},
        **whose,
    )


def _follow(cadet, changes, *, by, how) -> None:
    names = {name: getattr(cadet, name) for name in ("first_name", "last_name") if name in changes}
    if names:
        get_user_model().objects.filter(cadet=cadet).update(**names)
    if "student_number" in changes:
        reactions.student_number_changed(cadet, by=by, how=how)


def list_programme(name: str) -> None:
    """Add a degree programme to the unit's list when it is not there yet."""
    listed = ListedValue.objects.filter(list=ListedValue.List.PROGRAMME)
    if name and not listed.filter(value__iexact=name).exists():
        word = ListedValue(list=ListedValue.List.PROGRAMME, value=name, position=500)
        ListedValue.objects.bulk_create([word], ignore_conflicts=True)
