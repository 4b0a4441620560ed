"""Who of a corps can come in and who cannot yet, read in a constant number of trips."""

from collections import Counter
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, OuterRef, Q, Subquery, TextChoices, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from rotc.accounts.models import AccessCode, User
from rotc.roster.models import Cadet

SLIPS_A_SHEET = 8


class Way(TextChoices):
    """How a cadet stands with getting in; ``way`` of the rows below."""

    NONE = "none", "No code yet"
    OPEN = "open", "Open code"
    EXPIRED = "expired", "Code expired"
    PASSWORD = "password", "Has a password"
    CLOSED = "closed", "Deactivated"


def narrowed(enrollments, *, unit=None, ms_level: str = ""):
    """These enrollments by unit and name, each with its ``way``, and ``code_until`` and ``code_sent_to`` of a
    code that is not used yet."""
    if unit:
        enrollments = enrollments.filter(unit__path__startswith=unit.path)
    if ms_level:
        enrollments = enrollments.filter(ms_level=ms_level)
    unused = AccessCode.objects.filter(user__cadet=OuterRef("cadet"), used_at=None, revoked_at=None)
    no_account = Q(cadet__user=None)
    no_password = no_account | Q(cadet__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    with_codes = enrollments.select_related("cadet__user", "unit__parent").annotate(
        code_until=Subquery(unused.values("expires_at")[:1]),
        code_sent_to=Subquery(unused.values("sent_to")[:1]),
    )
    way = Case(
        When(cadet__user__is_active=False, then=Value(Way.CLOSED.value)),
        When(~no_password, then=Value(Way.PASSWORD.value)),
        When(code_until__gt=timezone.now(), then=Value(Way.OPEN.value)),
        When(code_until__isnull=False, then=Value(Way.EXPIRED.value)),
        default=Value(Way.NONE.value),
    )
    return with_codes.annotate(way=way).order_by("unit__path", "cadet__sort_name", "pk")


def tally(rows) -> list[tuple[Way, int]]:
    """How many of these rows stand each way."""
    counted = Counter(rows.order_by().values_list("way", flat=True))
    return [(way, counted[way]) for way in Way if counted[way]]


@dataclass(frozen=True)
class Outlook:
    """What issuing codes to some cadets, or revoking them, would mean."""

    closed: int  # deactivated: they get none
    sheets: int  # of slips
    replaced: int  # with an open code, which ends
    passwords: int  # who have a password already and keep it until they use the code
    reached: int  # whom a letter would reach
    without_email: int
    shared_email: int

    @classmethod
    def of(cls, rows) -> "Outlook":
        standing = [row for row in rows if row.way != Way.CLOSED]
        now = timezone.now()
        emails = [row.cadet.email.lower() for row in standing]
        shared = shared_emails({email for email in emails if email})
        return cls(
            closed=len(rows) - len(standing),
            sheets=sum(
                -(-many // SLIPS_A_SHEET)
                for many in Counter(company_of(row.unit).pk for row in standing).values()
            ),
            replaced=sum(1 for row in standing if row.code_until and row.code_until > now),
            passwords=sum(1 for row in standing if row.way == Way.PASSWORD),
            reached=sum(1 for email in emails if email and email not in shared),
            without_email=emails.count(""),
            shared_email=sum(1 for email in emails if email in shared),
        )

    @property
    def issued(self) -> int:
        return self.reached + self.without_email + self.shared_email

    @property
    def others(self) -> int:
        """Whom a letter would not reach."""
        return self.without_email + self.shared_email


def shared_emails(emails) -> set[str]:
    """Those of these e-mails (in small letters) that are kept for more than one person."""
    verified = EmailAddress.objects.filter(verified=True)
    kept = set()
    for keepers, cadet, user in (
        (Cadet.objects, "pk", "user"),
        (User.objects, "cadet", "pk"),
        (verified, "user__cadet", "user"),
    ):
        named = keepers.annotate(folded=Lower("email")).filter(folded__in=emails)
        # A cadet and the cadet's account are one person.
        kept |= {
            (email, f"cadet {of_cadet}" if of_cadet else f"user {of_user}")
            for email, of_cadet, of_user in named.values_list("folded", cadet, user)
        }
    times = Counter(email for email, _ in kept)
    return {email for email, people in times.items() if people > 1}


def company_of(unit):
    """The company that a unit belongs to as slips are handed out: a platoon's is above it."""
    return unit.parent if unit.kind == unit.Kind.PLATOON else unit


@dataclass(frozen=True)
class Slip:
    """One printed code; ``place`` is the unit of a cadet."""

    user: User
    code: str
    place: str = ""


def in_piles(issued, enrollments=()) -> list[tuple[str, list[Slip]]]:
    """The slips as they are cut: a pile a company, in the order of formation and of names.

    ``issued`` are pairs of a user and a code; ``enrollments`` say where cadets stand.
    """
    units = {each.cadet_id: each.unit for each in enrollments}
    piles = {}
    for user, code in issued:
        unit = units.get(user.cadet_id)
        company = company_of(unit) if unit else None
        key = (company.path, company.label) if company else ("", "")
        piles.setdefault(key, []).append(Slip(user, code, unit.place if unit else ""))
    return [(label, slips) for (_, label), slips in piles.items()]
