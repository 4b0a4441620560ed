"""What people decide beside the engine: codes set by hand, and drops confirmed or waived."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rotc.roster.models import Enrollment


class Override(models.Model):
    """A code set by hand (INC, DO, DRP, T) with its reason; in force until it is lifted, never deleted."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="overrides")
    code = models.CharField(max_length=10)
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now_add=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(lifted_at=None), name="one_override_in_force"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(reason=""), name="override_says_why"),
        ]

    def __str__(self):
        return f"{self.code}: {self.reason}"


class DropDecision(models.Model):
    """What the Commandant decided of a recommendation to drop; in force until withdrawn, never deleted.

    Confirmed is a fact beside the verdict, which stays "dropped"; waived lets the cadet be graded by the figures.
    """

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        WAIVED = "waived", "Waived"

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="drop_decisions")
    decision = models.CharField(max_length=9, choices=Decision)
    reason = models.CharField(max_length=200)
    recommended = models.CharField(max_length=200)  # what the engine said when it was decided
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"], condition=Q(withdrawn_at=None), name="one_drop_decision_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="drop_decision_says_why"),
            models.CheckConstraint(
                condition=Q(decision__in=["confirmed", "waived"]), name="drop_decision_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.decision}: {self.reason}"
