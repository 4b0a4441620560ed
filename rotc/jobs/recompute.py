"""Computing every standing of a term again from its facts."""

from rotc import reactions
from rotc.roster.models import Term

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
