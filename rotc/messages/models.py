"""What a person is told, kept until they have read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rotc.roster.models import Enrollment


class Notification(models.Model):
    """A sentence for one person, with the page where it goes on. ``read_at`` is set once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)  # within this site; nothing where it leads nowhere
    told_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  # in the morning letter of whoever asked for one

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="notification_says_something"),
            models.CheckConstraint(
                condition=Q(path="") | (Q(path__startswith="/") & ~Q(path__startswith="//")),
                name="notification_stays_here",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(read_at=None), name="unread_of_a_person")]

    def __str__(self):
        return self.text


class EarlyWarning(models.Model):
    """A cadet's standing is in danger since ``warned_at``; lifted as soon as it is not. One open row a danger."""

    class Danger(models.TextChoices):
        NO_PASS = "no_pass", "would not pass as things stand"
        NEAR_DROP = "near_drop", "one absence from a drop"
        DROP = "drop", "over the absences allowed"

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="early_warnings")
    danger = models.CharField(max_length=10, choices=Danger)
    warned_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "danger"], condition=Q(lifted_at=None), name="warned_once_of_a_danger"
            ),
            models.CheckConstraint(
                condition=Q(danger__in=["no_pass", "near_drop", "drop"]), name="danger_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.enrollment_id}: {self.get_danger_display()}"
