"""The ledger of merits and demerits, and the catalogue that they are given from."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rotc.roster.models import Enrollment

MOST_POINTS = 200


def points_said(least: int, most: int) -> str:
    """``1 point``, ``2 points`` or ``3 to 5 points``."""
    span = str(most) if least == most else f"{least} to {most}"
    return f"{span} {'point' if most == 1 else 'points'}"


class Kind(models.TextChoices):
    MERIT = "merit", "Merit"
    DEMERIT = "demerit", "Demerit"


class Citation(models.Model):
    """A line of the unit's catalogue. Entries keep the points that were in force when given."""

    code = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=7, choices=Kind)
    offense_class = models.CharField(max_length=5, blank=True)  # I, II, III; merits have none
    least_points = models.PositiveSmallIntegerField()
    most_points = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_points__gte=1)
                & Q(most_points__gte=F("least_points"))
                & Q(most_points__lte=MOST_POINTS),
                name="citation_points_make_sense",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="citation_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def points_said(self) -> str:
        return points_said(self.least_points, self.most_points)


class ConductEntry(models.Model):
    """Merits or demerits of a cadet in a term. Counts once approved and until reversed; never deleted."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="conduct")
    kind = models.CharField(max_length=7, choices=Kind)
    points = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    citation = models.ForeignKey(Citation, models.PROTECT, null=True, blank=True, related_name="+")
    date = models.DateField()
    given_at = models.DateTimeField(auto_now_add=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    declined_because = models.CharField(max_length=200, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversed_because = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)  # it came out of a file; a page never sets it
    request_id = models.UUIDField(null=True, blank=True, editable=False)  # of the form that gave it

    class Meta:
        ordering = ["-date", "-pk"]
        constraints = [
            # A form that arrives twice gives once; entries that came without a form have no request.
            models.UniqueConstraint(fields=["request_id", "enrollment"], name="given_once"),
            models.CheckConstraint(
                condition=Q(points__gte=1) & Q(points__lte=MOST_POINTS), name="conduct_points_make_sense"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="conduct_kind_is_known"),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None), name="approved_or_declined"
            ),
            models.CheckConstraint(
                condition=Q(reversed_at=None) | Q(approved_at__isnull=False),
                name="only_an_approved_entry_is_reversed",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at=None) | ~Q(reversed_because=""), name="a_reversal_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.points} {self.kind}: {self.reason}"

    @property
    def signed(self) -> str:
        """The points as they count: ``+3`` or ``−2``."""
        return f"{'+' if self.kind == Kind.MERIT else '−'}{self.points}"

    @property
    def counts(self) -> bool:
        return self.approved_at is not None and self.reversed_at is None

    @property
    def state(self) -> str:
        """``proposed``, ``declined``, ``reversed`` or ``given``."""
        if self.reversed_at:
            return "reversed"
        if self.declined_at:
            return "declined"
        return "given" if self.approved_at else "proposed"
