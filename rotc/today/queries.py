"""What is missing today, each line one click from being done."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from rotc import access
from rotc.accounts.models import AccessCode
from rotc.attendance.queries import missing_marks
from rotc.conduct.queries import proposals_waiting
from rotc.double_entry.queries import waiting_for
from rotc.exams.models import Score
from rotc.roster.archiving import serving
from rotc.roster.models import Unit
from rotc.verdicts.queries import waiting as drops_waiting

MOST_LINES = 12


@dataclass(frozen=True)
class Line:
    """Something to do: how many, of what, and where it is done."""

    count: int
    text: str
    url: str


def missing(user, term) -> list[Line]:
    """Everything that waits for this user in this term; a constant number of queries, nothing once it is closed."""
    lines = []
    if term.closed_at:
        return lines
    if access.may(user, access.MARK_ATTENDANCE, term=term):
        lines += _marks(user, term)
    if access.may(user, access.GIVE_CONDUCT, term=term):
        lines += _proposals(user, term)
    if access.may(user, access.ENTER_SCORES, term=term):
        lines += _scores(user, term)
        lines += _double_entries(user, term)
    if access.may(user, access.DECIDE_DROPS, term=term):
        lines += _drops(user, term)
    if access.may(user, access.CHANGE_ROSTER, term=term):
        lines += _unplaced(user, term)
    if access.may(user, access.MANAGE_ACCOUNTS):
        lines += _without_password(user, term)
    return lines


def _marks(user, term):
    found = missing_marks(user, term)
    lines = [
        Line(
            each.missing,
            f"not marked on {date_format(each.day.date, 'j M')} in {each.unit.place}",
            f"{reverse('attendance:muster', args=[each.day.pk])}?unit={each.unit.pk}",
        )
        for each in found[:MOST_LINES]
    ]
    if len(found) > MOST_LINES:
        rest = sum(each.missing for each in found[MOST_LINES:])
        lines.append(Line(rest, "not marked on earlier days", reverse("attendance:days")))
    return lines


def _scores(user, term):
    cadets = access.enrollments(user, access.ENTER_SCORES, term)
    sizes = dict(cadets.order_by("unit__path").values_list("unit").annotate(Count("pk")))
    filled = Score.objects.filter(enrollment__in=cadets.values("pk")).exclude(raw=None, absence="")
    counts = filled.order_by().values_list("exam", "enrollment__unit").annotate(Count("pk"))
    entered = {(exam, unit): count for exam, unit, count in counts}
    begun = {exam for exam, _ in entered}
    lines = []
    for exam in term.exams.all():
        blanks = {unit: size - entered.get((exam.pk, unit), 0) for unit, size in sizes.items()}
        first = next((unit for unit, blank in blanks.items() if blank), None)
        if exam.pk in begun and first:
            sheet = f"{reverse('exams:sheet')}?term={term.name}&unit={first}"
            lines.append(Line(sum(blanks.values()), f"without a {exam.name} score", sheet))
    return lines


def _proposals(user, term):
    count = proposals_waiting(user, term)
    address = f"{reverse('conduct:ledger')}?show=proposed"
    return [Line(count, "proposed merits or demerits to decide", address)] if count else []


def _double_entries(user, term):
    count = waiting_for(user, access.double_entries(user, term, access.ENTER_SCORES))
    said = "double entry waits for you" if count == 1 else "double entries wait for you"
    return [Line(count, said, f"{reverse('double_entry:list')}?term={term.name}")] if count else []


def _drops(user, term):
    waiting, again = drops_waiting(access.enrollments(user, access.DECIDE_DROPS, term))
    address = f"{reverse('verdicts:drops')}?term={term.name}&show="
    lines = [
        Line(waiting, f"{'drop' if waiting == 1 else 'drops'} to confirm or waive", f"{address}open"),
        Line(
            again, f"{'decision' if again == 1 else 'decisions'} on drops to look at again", f"{address}again"
        ),
    ]
    return [line for line in lines if line.count]


def _unplaced(user, term):
    count = access.enrollments(user, access.CHANGE_ROSTER, term).filter(unit__kind=Unit.Kind.CORPS).count()
    return [Line(count, "enrolled without a company", reverse("roster:list"))] if count else []


def _without_password(user, term):
    cadets = access.enrollments(user, access.SEE_ROSTER, term).filter(serving(term))
    count = (
        cadets.filter(cadet__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .exclude(cadet__user__access_codes__in=_open_codes())
        .count()
    )
    return [Line(count, "cadets who cannot sign in yet", reverse("accounts:codes"))] if count else []


def _open_codes():
    return AccessCode.objects.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now()).values(
        "pk"
    )


def days_around(term):
    """``(today's or the next training day, the last one held)``, either may be None; none once it is closed."""
    if term.closed_at:
        return None, None
    standing = term.training_days.filter(cancelled_at=None)
    return (
        standing.filter(date__gte=timezone.localdate()).first(),
        standing.filter(held_at__isnull=False).last(),
    )


def may_load_invented(user, term) -> bool:
    """An empty system outside production may be filled with an invented battalion."""
    return term is None and not settings.PRODUCTION and access.may(user, access.OPEN_TERMS)


def beginnings(user, term) -> dict:
    """What a term still lacks at its very start: ``{"no_cadets", "no_days"}``."""
    if term.closed_at:
        return {}
    return {
        "no_cadets": not access.enrollments(user, access.SEE_ROSTER, term).exists(),
        "no_days": not term.training_days.exists(),
    }


def this_day():
    return timezone.localdate()
