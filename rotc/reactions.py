"""THEN: what follows a fact. Every action ends with one call to this module.

It is the only one that looks downstream: standings are refreshed inside the transaction, open pages are
nudged after it, and heavier consequences are asked for as jobs.
"""

from rotc.live.channels import ALL_UNITS, cadet_channel, channels_above, user_channel
from rotc.live.nudges import nudge_after_commit
from rotc.roster.models import Enrollment
from rotc.standings import actions as standings

# Above this many cadets at once a page is told through its unit only.
MANY = 300


def facts_changed(term, enrollment_ids) -> int:
    """Facts of these enrollments changed: their standings follow now, open pages after the commit.

    Returns how many standings changed by it.
    """
    ids = sorted(set(enrollment_ids))
    if not ids:
        return 0
    changed = standings.refresh(term, ids)
    nudge_after_commit(_channels(ids), "standings-changed")
    return changed


def enrollments_removed(enrollment_ids) -> None:
    """These are about to go for good: pages that show them ask again after the commit."""
    if enrollment_ids:
        nudge_after_commit(_channels(enrollment_ids), "standings-changed")


def term_changed(term) -> None:
    """A fact of the whole term changed (a day cancelled, an exam's items): every standing follows now."""
    facts_changed(term, term.enrollments.values_list("pk", flat=True))


def cadets_changed(cadet_ids) -> None:
    """What holds for these cadets in every open term changed: its pages ask again after the commit."""
    places = Enrollment.objects.filter(cadet__in=cadet_ids, term__closed_at=None).select_related("term")
    by_term = {}
    for place in places:
        by_term.setdefault(place.term, []).append(place.pk)
    for term, ids in by_term.items():
        facts_changed(term, ids)


def cadet_added(cadet, *, by, how) -> None:
    """A cadet was enrolled by hand: their account opens with it, where they have none."""
    from rotc.accounts.actions import open_accounts  # accounts stand on the roster, which calls this

    if not hasattr(cadet, "user"):
        open_accounts([(cadet, None)], by=by, how=how)


def student_number_changed(cadet, *, by, how) -> None:
    """A cadet's student number was corrected: the name that they sign in with follows."""
    from rotc.accounts.letting_in import follow_student_number  # accounts stand on the roster

    follow_student_number(cadet, by=by, how=how)


def rights_changed(user) -> None:
    """What this user may do changed: their open pages hear of it after the commit."""
    nudge_after_commit({user_channel(user.pk)}, "rights-changed")


def _channels(enrollment_ids) -> set[str]:
    channels = {ALL_UNITS}
    places = Enrollment.objects.filter(pk__in=enrollment_ids)
    for cadet_id, term_id, path in places.values_list("cadet_id", "term_id", "unit__path"):
        channels |= channels_above(term_id, path)
        if len(enrollment_ids) <= MANY:
            channels.add(cadet_channel(cadet_id))
    return channels
