"""Computing standings again from their facts: a term's on demand, those of all open terms every night."""

from itertools import groupby

from rotc import reactions
from rotc.accounts.queries import administrators
from rotc.messages.actions import tell
from rotc.roster.models import Enrollment, Term

AT_ONCE = 200


def steps(job):
    """Grade a term's enrollments, ``AT_ONCE`` a step. Goes on from the job's progress."""
    term = Term.objects.get(pk=job.arguments["term"])
    ids = list(term.enrollments.order_by("pk").values_list("pk", flat=True))
    changed = job.result.get("changed", 0)
    for start in range(job.progress, len(ids), AT_ONCE):
        changed += reactions.facts_changed(term, ids[start : start + AT_ONCE])
        yield min(start + AT_ONCE, len(ids)), len(ids), {"changed": changed}
    return f"{len(ids):,} standings of {term.title} were computed again; {changed:,} changed."


def check_steps(job):
    """Grade whoever is enrolled in an open term, ``AT_ONCE`` a step. A standing that changes by that was wrong."""
    ids = list(Enrollment.objects.filter(term__closed_at=None).order_by("pk").values_list("pk", flat=True))
    wrong = job.result.get("wrong", 0)
    for start in range(job.progress, len(ids), AT_ONCE):
        some = Enrollment.objects.filter(pk__in=ids[start : start + AT_ONCE]).select_related("term")
        by_term = groupby(sorted(some, key=lambda each: each.term_id), key=lambda each: each.term)
        wrong += sum(reactions.facts_changed(term, [each.pk for each in found]) for term, found in by_term)
        yield min(start + AT_ONCE, len(ids)), len(ids), {"wrong": wrong}
    if not wrong:
        return f"{len(ids):,} standings agree with their facts."
    said = f"{wrong:,} of {len(ids):,} standings did not agree with their facts and were computed again."
    tell(administrators(), f"{said} Please report this: it should never be so.", path=job.path)
    return said
