"""Drops that the engine recommends: confirmed or waived by the Commandant, in force until withdrawn, never deleted.

A confirmed drop is a fact beside the verdict, which says "dropped" for as long as the figures do. A waiver lets the
cadet be graded by the figures, whatever absences come after it; those are shown, so that it can be decided anew.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.journal import actions as journal
from rotc.refusals import BadValue, Clash, NotNow
from rotc.roster.actions import refuse_if_closed
from rotc.roster.models import Enrollment
from rotc.verdicts.models import DropDecision
from rotc.verdicts.reasons import given

CONFIRMED, WAIVED = DropDecision.Decision.CONFIRMED, DropDecision.Decision.WAIVED
CHANGED = "This changed since you opened it. Look again; nothing was changed."


def confirm_drop(enrollment: Enrollment, **facts) -> DropDecision:
    """Confirm the drop that the engine recommends: the cadet stays dropped while the figures call for it.

    ``facts``: reason, by; ``recommended`` and ``seen`` are why, and the decision in force (None for none), as they
    were read; how may be given. A decision in force is replaced. Raises ``NotNow`` when either is another by now or
    nothing is recommended, ``BadValue`` without a reason or of one's own record, ``TermClosed``, ``Clash``.
    """
    return _decide(enrollment, CONFIRMED, **facts)


def waive_drop(enrollment: Enrollment, **facts) -> DropDecision:
    """Waive the drop that the engine recommends: the cadet is graded by the figures. As ``confirm_drop``."""
    return _decide(enrollment, WAIVED, **facts)


DEEDS = {CONFIRMED: confirm_drop, WAIVED: waive_drop}


def withdraw_decision(enrollment: Enrollment, *, seen: int, reason: str, by, how: str = "page") -> None:
    """End the decision that was ``seen``: what the engine recommends waits for confirmation again.

    Raises ``NotNow`` when it was withdrawn or replaced meanwhile, ``BadValue``, ``TermClosed``.
    """
    with transaction.atomic():
        _refuse(enrollment, by)
        held = _held(enrollment)
        if held is None or held.pk != seen:
            raise NotNow("This decision was withdrawn or replaced meanwhile. Nothing was changed.")
        _end(held, by)
        facts = {"reason": given(reason), "by": by, "how": how}
        _write("drop decision withdrawn", enrollment, {"drop": (held.decision, None)}, **facts)
        reactions.facts_changed(enrollment.term, [enrollment.pk])


def _decide(enrollment, decision, *, recommended, seen, reason, by, how="page") -> DropDecision:
    try:
        with transaction.atomic():
            _refuse(enrollment, by)
            reason = given(reason)
            held = _still_so(enrollment, decision, recommended, seen)
            if held:
                _end(held, by)
            made = DropDecision.objects.create(
                enrollment=enrollment,
                decision=decision,
                reason=reason,
                recommended=recommended,
                decided_by=by,
            )
            changes = {"drop": (held.decision if held else None, decision), "because": (None, recommended)}
            _write(f"drop {decision}", enrollment, changes, reason=reason, by=by, how=how)
            reactions.facts_changed(enrollment.term, [enrollment.pk])
    except IntegrityError:
        raise Clash from None
    return made


def _still_so(enrollment, decision, recommended, seen) -> DropDecision | None:
    """The decision in force, held, when all is as it was read."""
    now, held = _recommended(enrollment), _held(enrollment)
    if not now:
        raise NotNow(f"The figures of {enrollment.cadet.short_name} call for no drop. Nothing was changed.")
    if now != recommended or (held.pk if held else None) != seen:
        raise NotNow(CHANGED)
    if held and (held.decision, held.recommended) == (decision, now):
        raise BadValue(f"The drop is {decision} already, for these figures. Nothing was changed.")
    return held


def _recommended(enrollment) -> str:
    """What the engine says now. The standing is held, as whoever changes a fact holds it: it stays so until the end."""
    found = Enrollment.objects.filter(pk=enrollment.pk, standing__isnull=False).select_related("standing")
    place = found.select_for_update(of=["standing"], no_key=True).first()
    return place.standing.recommends if place else ""


def _held(enrollment) -> DropDecision | None:
    found = DropDecision.objects.filter(enrollment=enrollment, withdrawn_at=None)
    return found.select_for_update(no_key=True).first()


def _end(decision, by) -> None:
    DropDecision.objects.filter(pk=decision.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)


def _refuse(enrollment, by) -> None:
    refuse_if_closed(enrollment.term)
    if by.cadet_id == enrollment.cadet_id:
        raise BadValue("This is your own record. Somebody else decides in it.")


def _write(what, enrollment, changes, **facts) -> None:
    subject = f"enrollment:{enrollment.pk}"
    journal.write(what, subject, enrollment=enrollment, changes=changes, **facts)
