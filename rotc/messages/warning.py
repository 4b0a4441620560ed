"""Early warnings: a cadet hears that their standing is in danger while something can still be done about it."""

from collections import Counter
from datetime import timedelta
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from rotc import rights
from rotc.accounts.models import User
from rotc.messages.actions import tell
from rotc.messages.models import EarlyWarning
from rotc.roster.models import Enrollment
from rotc.standings.queries import near_drop, records

AT_ONCE = 200
AGAIN_AFTER = timedelta(days=7)  # who goes in and out of danger from day to day is told once a week
Danger = EarlyWarning.Danger
# Without figures: a notification may go out by e-mail.
WORDS = {
    Danger.NO_PASS: "As your standing is now it would be no pass. Look at what is still needed.",
    Danger.NEAR_DROP: "One more unexcused absence and you would be dropped. Look at your training days.",
    Danger.DROP: "Your absences are over what is allowed, and the Commandant decides about a drop. Talk to your officer now.",
}


def steps(job):
    """Look at every cadet of the open terms, ``AT_ONCE`` a step; then tell officers of theirs."""
    ids = list(_in_open_terms().order_by("pk").values_list("pk", flat=True))
    for start in range(job.progress, len(ids), AT_ONCE):
        some = _in_open_terms().filter(pk__in=ids[start : start + AT_ONCE]).select_related("term", "standing")
        for term, found in groupby(some.order_by("term", "pk"), key=lambda each: each.term):
            _look_at(term, list(found))
        yield min(start + AT_ONCE, len(ids)), len(ids), {}
    warned = EarlyWarning.objects.filter(warned_at__gte=job.asked_at, lifted_at=None)
    for term in {each.enrollment.term for each in warned.select_related("enrollment__term")}:
        _tell_officers(term, warned)
    newly = warned.values("enrollment").distinct().count()
    return f"Cadets looked at: {len(ids):,}; newly in danger: {newly:,}."


def _in_open_terms():
    return Enrollment.objects.filter(term__closed_at=None, cadet__archived_at=None)


def _look_at(term, enrollments) -> None:
    ids = [each.pk for each in enrollments]
    found = set(_dangers(term, enrollments))
    open_ones = EarlyWarning.objects.filter(enrollment__in=ids, lifted_at=None)
    known = {(each.enrollment_id, each.danger): each.pk for each in open_ones}
    over = [pk for warning, pk in known.items() if warning not in found]
    EarlyWarning.objects.filter(pk__in=over).update(lifted_at=timezone.now())
    new = sorted(found - known.keys())
    told = _told_lately(ids)
    EarlyWarning.objects.bulk_create(EarlyWarning(enrollment_id=pk, danger=danger) for pk, danger in new)
    for danger, text in WORDS.items():
        _tell_cadets([pk for pk, each in new if each == danger and (pk, each) not in told], text, term)


def _dangers(term, enrollments):
    """``(enrollment id, danger)`` of those who are in danger; blank figures are no danger."""
    graded = [each for each in enrollments if hasattr(each, "standing")]
    for each in graded:
        standing = each.standing
        if standing.verdict == "dropped" and not standing.decision:
            yield each.pk, Danger.DROP.value
        if standing.verdict == "in_progress" and standing.total is not None and not standing.if_ended_today:
            yield each.pk, Danger.NO_PASS.value
    if term.rules.drop_rule:
        running = [each.pk for each in graded if each.standing.verdict == "in_progress"]
        near = (pk for pk, record in records(term, running) if near_drop(record, term.rules))
        yield from ((pk, Danger.NEAR_DROP.value) for pk in near)


def _told_lately(ids) -> set:
    since = timezone.now() - AGAIN_AFTER
    lately = EarlyWarning.objects.filter(enrollment__in=ids, warned_at__gte=since)
    return set(lately.values_list("enrollment_id", "danger"))


def _tell_cadets(ids, text, term) -> None:
    if ids:
        people = User.objects.filter(cadet__enrollments__in=ids, is_active=True)
        tell(people, text, path=f"{reverse('standings:own')}?term={term.name}")


def _tell_officers(term, warned) -> None:
    """Each officer of the cadre hears how many of their own cadets came into danger."""
    for officer in rights.holders(rights.ENTER_SCORES, term):
        theirs = Q(enrollment__term=term) & rights.within(
            officer, rights.ENTER_SCORES, term, "enrollment__unit__"
        )
        counts = Counter(warned.filter(theirs).values_list("danger", flat=True))
        if counts:
            # Whoever is only near a drop is below nothing yet: their attendance is what to look at.
            part = "show=below" if counts.keys() - {Danger.NEAR_DROP} else "columns=attendance"
            sheet = f"{reverse('exams:sheet')}?term={term.name}&{part}"
            tell([officer], f"Early warning of your cadets: {_counted(counts)}.", path=sheet)


def _counted(counts) -> str:
    return ", ".join(f"{counts[each]:,} {each.label}" for each in Danger if counts[each])
