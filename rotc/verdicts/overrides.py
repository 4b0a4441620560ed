"""Codes set by hand (INC, DO, DRP, T): set with a reason, in force until lifted, never deleted."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import BadValue, Clash, NotNow
from rotc.roster.actions import held_open, refuse_if_closed
from rotc.roster.models import Enrollment
from rotc.verdicts.models import Override
from rotc.verdicts.reasons import given

AS_IT_IS = -1


@dataclass(frozen=True)
class WantedCode:
    """The code that a cadet is to have; ``seen`` is the override in force when it was read, None for none."""

    enrollment: Enrollment
    code: str
    seen: int | None


def codes(term) -> list[str]:
    """The codes that the term's policy knows: dropped, incomplete, deferred."""
    rules = term.rules
    return list(dict.fromkeys([rules.code_dropped, rules.code_incomplete, rules.code_deferred]))


def in_force(enrollment_ids) -> dict[int, Override]:
    """The overrides in force, by enrollment."""
    found = Override.objects.filter(enrollment__in=enrollment_ids, lifted_at=None)
    return {each.enrollment_id: each for each in found.select_related("set_by")}


def set_override(
    enrollment: Enrollment, code: str, *, reason: str, by, seen: int | None = AS_IT_IS, how: str = "page"
) -> Override:
    """Give a cadet a code; one in force already is lifted by it. The same code again changes nothing.

    ``seen``, where it matters, is the override that was in force when the page was read, None for none. Raises
    ``NotNow`` when it is another by now, ``BadValue`` (a code that the policy does not know, no reason), ``TermClosed``.
    """
    with transaction.atomic():
        known = codes(held_open(enrollment.term))
        if code not in known:
            raise BadValue(f"“{code}” is no code of this term: {', '.join(known)}.")
        before = in_force([enrollment.pk]).get(enrollment.pk)
        held = before.pk if before else None
        if seen not in (AS_IT_IS, held):
            raise NotNow("A code was set or lifted since you opened this. Look again; nothing was changed.")
        if before and before.code == code and seen == held:
            raise BadValue(f"{code} is in force already. Nothing was changed.")
        if before and before.code == code:
            return before
        wanted = WantedCode(enrollment, code, held)
        try:
            with transaction.atomic():
                [override] = set_overrides([wanted], reason=given(reason), by=by, how=how)
        except IntegrityError:
            raise Clash from None
        reactions.facts_changed(enrollment.term, [enrollment.pk])
    return override


def set_overrides(wanted: list[WantedCode], *, reason: str, by, how: str) -> list[Override]:
    """Give several cadets their codes in the transaction that is open, whose owner ends with ``reactions``.

    Raises ``NotNow`` when another code was set or lifted since it was seen.
    """
    before = held_in_force([each.enrollment.pk for each in wanted])
    for each in wanted:
        override = before.get(each.enrollment.pk)
        if (override.pk if override else None) != each.seen:
            raise NotNow(f"The code of {each.enrollment.cadet.short_name} was changed meanwhile.")
    _end(before.values(), by)
    made = [Override(enrollment=each.enrollment, code=each.code, reason=reason, set_by=by) for each in wanted]
    Override.objects.bulk_create(made, batch_size=500)
    journal.write_all(
        _line(
            "code set by hand",
            each.enrollment,
            before.get(each.enrollment_id),
            each,
            reason=reason,
            by=by,
            how=how,
        )
        for each in made
    )
    return made


def lift_override(enrollment: Enrollment, *, seen: int, reason: str, by, how: str = "page") -> None:
    """End the code that was ``seen`` (an override): the cadet is graded by the facts again.

    Raises ``NotNow`` when it was lifted or changed meanwhile, ``BadValue`` without a reason, ``TermClosed``.
    """
    with transaction.atomic():
        refuse_if_closed(enrollment.term)
        held = held_in_force([enrollment.pk]).get(enrollment.pk)
        if held is None or held.pk != seen:
            raise NotNow("This code was lifted or changed meanwhile. Nothing was changed.")
        _end([held], by)
        line = _line("code lifted", enrollment, held, None, reason=given(reason), by=by, how=how)
        journal.write_all([line])
        reactions.facts_changed(enrollment.term, [enrollment.pk])


def take_back(made: list[Override], earlier: dict[int, Override], *, by, how: str) -> None:
    """Lift these codes again and put the ``earlier`` ones, by enrollment, back in force, in the open transaction.

    Its owner holds the codes in force and ends with ``reactions``.
    """
    _end(made, by)
    back = [earlier[each.enrollment_id] for each in made if each.enrollment_id in earlier]
    Override.objects.filter(pk__in=[each.pk for each in back]).update(lifted_at=None, lifted_by=None)
    journal.write_all(
        _line("code taken back", each.enrollment, each, earlier.get(each.enrollment_id), by=by, how=how)
        for each in made
    )


def held_in_force(enrollment_ids) -> dict[int, Override]:
    """The overrides in force, by enrollment, held for the open transaction."""
    found = Override.objects.filter(enrollment__in=enrollment_ids, lifted_at=None).order_by("pk")
    return {each.enrollment_id: each for each in found.select_for_update(no_key=True)}


def _end(overrides, by) -> None:
    ended = [each.pk for each in overrides]
    Override.objects.filter(pk__in=ended).update(lifted_at=timezone.now(), lifted_by=by)


def _line(what, enrollment, before, after, **facts):
    changes = {"code": (before.code if before else None, after.code if after else None)}
    return journal.entry(what, f"enrollment:{enrollment.pk}", enrollment=enrollment, changes=changes, **facts)
