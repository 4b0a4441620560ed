"""A policy in the making: begun, changed and withdrawn without consequences, and adopted with all of them."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from rotc import reactions
from rotc.grading import Policy
from rotc.journal import actions as journal
from rotc.policies import words
from rotc.policies.flips import flips
from rotc.policies.models import PolicyDraft
from rotc.policies.queries import adopted, open_draft, unknown_codes
from rotc.refusals import Clash, NotNow, Stale
from rotc.roster.actions import held_open, refuse_if_closed
from rotc.roster.models import Term
from rotc.standings.models import Standing
from rotc.verdicts.reasons import given

AS_OPENED = "As the term was opened."


def begin_draft(term: Term, base: Policy, *, source: str, by, how: str = "page") -> PolicyDraft:
    """Begin a draft from ``base``; ``source`` says in words what that is.

    The planned days and exams of a new term stay those of the policy in force. Raises ``NotNow`` when a draft is
    open already.
    """
    with transaction.atomic():
        refuse_if_closed(term)
        kept = {key: term.policy[key] for key in words.KEPT}
        try:
            with transaction.atomic():
                draft = PolicyDraft.objects.create(term=term, policy=base.to_dict() | kept, changed_by=by)
        except IntegrityError:
            raise _open_already(term) from None
        _journal("policy draft begun", term, {"from": (None, source)}, by=by, how=how)
    return draft


def _open_already(term) -> NotNow | Clash:
    draft = open_draft(term)
    if draft is None:
        return Clash()
    at = timezone.localtime(draft.changed_at)
    return NotNow(
        f"There is a draft already, last changed by {draft.changed_by.title} on {at:%Y-%m-%d at %H:%M}. "
        "Go on with that one, or withdraw it first. Nothing was changed."
    )


def change_draft(
    draft: PolicyDraft, policy: dict, *, seen_version: int, by, how: str = "page"
) -> PolicyDraft:
    """Store the settings of an open draft, typed over ``seen_version``.

    Raises ``Stale`` with the draft as it stands when somebody else has saved other settings meanwhile (the same
    twice is no conflict), ``NotNow`` when it was adopted or withdrawn, ``TermClosed``.
    """
    with transaction.atomic():
        refuse_if_closed(draft.term)
        now = _held_draft(draft)
        before, after = now.rules, Policy.from_dict(policy)
        if before == after:
            return now
        if now.version != seen_version:
            at = timezone.localtime(now.changed_at)
            raise Stale(
                f"{now.changed_by.title} saved other settings at {at:%H:%M}. Yours are not saved yet; "
                "both stand below.",
                now,
            )
        now.policy, now.version, now.changed_by = policy, now.version + 1, by
        now.save(update_fields=["policy", "version", "changed_by", "changed_at"])
        _journal("policy draft changed", now.term, words.changes(before, after), by=by, how=how)
    return now


def withdraw_draft(draft: PolicyDraft, *, seen_version: int, by, how: str = "page") -> None:
    """Put an open draft away. Raises ``NotNow`` when it was changed, adopted or withdrawn since it was seen."""
    with transaction.atomic():
        refuse_if_closed(draft.term)
        now = _held_draft(draft)
        _refuse_other_version(now, seen_version)
        now.withdrawn_at, now.withdrawn_by = timezone.now(), by
        now.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _journal("policy draft withdrawn", now.term, {}, by=by, how=how)


def adopt(
    draft: PolicyDraft, *, reason: str, seen_version: int, in_force: str, seen: str, by, how: str = "page"
) -> Term:
    """Grade the whole term under the draft from now on, exactly as it was shown.

    ``in_force`` is the mark of the policy that it was compared with, ``seen`` that of the list of cadets who would
    change. Raises ``NotNow`` when one of these, or the draft, is another by now, or codes are in force that the
    new policy does not know; ``BadValue`` without a reason; ``TermClosed``. Then nothing changed.
    """
    reason = given(reason)
    with transaction.atomic():
        term = _held(draft.term)
        now = _held_draft(draft)
        _refuse_other_version(now, seen_version)
        before, after = term.rules, now.rules
        _refuse_what_was_not_shown(term, before, after, in_force, seen)
        _keep_the_first(term, by)
        _put_in_force(term, now, reason, by)
        _journal("policy adopted", term, words.changes(before, after), by=by, how=how, reason=reason)
        reactions.term_changed(term)
    return term


def mark(policy: dict) -> str:
    """Changes whenever the policy does."""
    return hashlib.sha256(json.dumps(policy, sort_keys=True).encode()).hexdigest()[:24]


def _held(term) -> Term:
    """The term as it is now, and with it every standing: whoever saves a score at this moment waits, and is graded
    by what is adopted here, or has been graded before the list is made."""
    found = held_open(term)
    standings = Standing.objects.select_for_update(no_key=True).filter(enrollment__term=found)
    list(standings.order_by("pk").values_list("pk"))
    return found


def _held_draft(draft: PolicyDraft) -> PolicyDraft:
    """An open draft as it is now, held for the open transaction. Raises ``NotNow`` when it is open no more."""
    now = PolicyDraft.objects.select_for_update(of=("self",), no_key=True).select_related(
        "changed_by", "term"
    )
    found = now.get(pk=draft.pk)
    if found.adopted_at or found.withdrawn_at:
        done = "adopted" if found.adopted_at else "withdrawn"
        raise NotNow(f"This draft was {done} meanwhile. Nothing was changed.")
    return found


def _refuse_other_version(draft, seen_version) -> None:
    if draft.version != seen_version:
        raise NotNow(
            f"{draft.changed_by.title} changed the draft meanwhile. Nothing was done; look at it again."
        )


def _refuse_what_was_not_shown(term, before, after, in_force, seen) -> None:
    if mark(term.policy) != in_force:
        raise NotNow(
            "Another policy was adopted meanwhile. Nothing was changed; look again at who would change."
        )
    if not words.differences(before, after):
        raise NotNow("The draft is the policy in force. There is nothing to adopt.")
    if unknown := unknown_codes(term, after):
        raise NotNow(f"{unknown} Nothing was changed.")
    if flips(term, after).seen != seen:
        raise NotNow("Who would change is not what was shown any more. Nothing was changed; look again.")


def _keep_the_first(term, by) -> None:
    """The policy that the term was opened with stands in the list of adopted ones too, so that it can come back."""
    if not adopted(term).exists():
        PolicyDraft.objects.create(
            term=term, policy=term.policy, reason=AS_OPENED, adopted_at=term.opened_at, changed_by=by
        )


def _put_in_force(term, draft, reason, by) -> None:
    draft.adopted_at, draft.adopted_by, draft.reason = timezone.now(), by, reason
    draft.save(update_fields=["adopted_at", "adopted_by", "reason"])
    term.policy = draft.policy
    term.save(update_fields=["policy"])


def _journal(what, term, changes, **facts) -> None:
    journal.write(what, f"term:{term.pk}", term_id=term.pk, changes=changes, **facts)
