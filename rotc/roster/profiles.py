"""A cadet's own profile: filled in by themselves until they confirm it, then locked until it is opened again."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import Archived, BadValue, NotNow
from rotc.roster import facts
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Cadet, Enrollment

# What a profile is not complete without, as a sentence names it.
REQUIRED = {
    "contact_number": "contact number",
    "email": "e-mail",
    "address": "address",
    "sex": "sex",
    "birthdate": "birthdate",
    "birthplace": "birthplace",
    "civil_status": "civil status",
    "programme": "programme",
    "year_level": "year level",
    "emergency_name": "emergency contact",
    "emergency_number": "number of the emergency contact",
}


def missing(cadet: Cadet, enrollment: Enrollment | None) -> list[str]:
    """What the profile still lacks, in words."""
    return [
        words
        for name, words in REQUIRED.items()
        if (thing := enrollment if name in facts.PLACING else cadet) and not getattr(thing, name)
    ]


def incomplete() -> Q:
    """Enrollments whose cadet's profile lacks something."""
    lacks = Q()
    for name in REQUIRED:
        of = name if name in facts.PLACING else f"cadet__{name}"
        lacks |= Q(**{f"{of}__isnull": True}) if name == "birthdate" else Q(**{of: ""})
    return lacks


def waits(user) -> bool:
    """Whether the user is a cadet who has not confirmed their profile yet."""
    if user.cadet_id is None:
        return False
    return Cadet.objects.filter(pk=user.cadet_id, profile_locked_at=None, archived_at=None).exists()


def own_place(cadet: Cadet) -> Enrollment | None:
    """The cadet's place in the newest open term, if they have one."""
    open_places = cadet.enrollments.filter(term__closed_at=None)
    return open_places.select_related("term", "unit__parent").order_by("-term__name").first()


def fill_in(cadet: Cadet, altered: dict[str, tuple], *, complete: bool, by, how: str = "own profile") -> None:
    """Keep what a cadet says about themselves; ``complete`` locks it, as they confirm that it is so.

    Raises ``NotNow`` when it is locked already, ``Stale`` when somebody changed the same fact meanwhile,
    ``BadValue`` when it is said to be complete and is not.
    """
    place = own_place(cadet)
    with transaction.atomic():
        cadet, place = facts.locked(cadet.pk, place.pk if place else None)
        if cadet.profile_locked_at:
            raise NotNow("Your profile was confirmed already. Nothing was changed.")
        if cadet.archived_at:
            raise Archived(cadet)
        if altered.keys() & set(facts.PLACING):
            _refuse_without_term(place)
        facts.alter(cadet, place, altered, by=by, how=how)
        if complete:
            _refuse_incomplete(cadet, place)
            _lock(cadet, by=by, how=how)
        if place:
            reactions.facts_changed(place.term, [place.pk])


def _refuse_without_term(place) -> None:
    if place is None:
        raise NotNow("Your term was closed meanwhile. Open the page again; nothing was changed.")
    refuse_if_closed(place.term)


def _refuse_incomplete(cadet, place) -> None:
    # What the form showed may be gone by now, or there is a place in a term since, with a year level.
    if lacks := missing(cadet, place):
        raise BadValue(f"Still needed: {', '.join(lacks)}. Open the page again; nothing was changed.")


def _lock(cadet, *, by, how) -> None:
    Cadet.objects.filter(pk=cadet.pk).update(profile_locked_at=timezone.now())
    _write("profile confirmed", [cadet], ("open", "locked"), by=by, how=how)


def unlock(cadets, *, by, how: str = "page") -> None:
    """Open the profiles of these cadets (locked by whoever calls) to themselves again."""
    with transaction.atomic():
        Cadet.objects.filter(pk__in=[each.pk for each in cadets]).update(profile_locked_at=None)
        _write("profile opened again", cadets, ("locked", "open"), by=by, how=how)
        reactions.cadets_changed([each.pk for each in cadets])


def _write(what, cadets, change, *, by, how) -> None:
    journal.write_all(
        journal.entry(what, f"cadet:{each.pk}", by=by, how=how, cadet_id=each.pk, changes={"profile": change})
        for each in cadets
    )
