"""Reading the drafts of a term's policy, and those that were adopted."""

from rotc.grading import Policy
from rotc.policies import words
from rotc.policies.models import PolicyDraft
from rotc.roster.models import Term
from rotc.verdicts.models import Override


def open_draft(term: Term) -> PolicyDraft | None:
    """The one draft that is neither adopted nor withdrawn."""
    drafts = term.policy_drafts.filter(adopted_at=None, withdrawn_at=None)
    return drafts.select_related("changed_by", "term").first()


def adopted(term: Term):
    """The policies that were adopted for the term, the newest first; the last is the one it was opened with."""
    found = term.policy_drafts.filter(adopted_at__isnull=False)
    return found.select_related("adopted_by").order_by("-adopted_at", "-pk")


def history(term: Term) -> list[tuple[PolicyDraft, list]]:
    """Each adopted policy with what it changed in the one before it."""
    found = list(adopted(term))
    befores = [each.rules for each in found[1:]]
    return [
        (each, words.differences(befores[place], each.rules) if place < len(befores) else [])
        for place, each in enumerate(found)
    ]


def unknown_codes(term: Term, policy: Policy) -> str:
    """A sentence that names who has a code in force that ``policy`` does not know; blank where nobody has."""
    known = {policy.code_dropped, policy.code_incomplete, policy.code_deferred}
    held = Override.objects.filter(enrollment__term=term, lifted_at=None).exclude(code__in=known)
    held = held.select_related("enrollment__cadet").order_by(
        "code", "enrollment__unit__path", "enrollment__cadet__sort_name"
    )
    found = {}
    for each in held:
        found.setdefault(each.code, []).append(each.enrollment.cadet.short_name)
    if not found:
        return ""
    said = " and ".join(f"{code} of {_named(names)}" for code, names in found.items())
    return f"The draft has no code {' nor '.join(found)}, and it is in force: {said}. Lift it first, or keep the code."


def _named(names) -> str:
    if len(names) > 4:
        return f"{'; '.join(names[:3])} and {len(names) - 3} others"
    return "; ".join(names)
