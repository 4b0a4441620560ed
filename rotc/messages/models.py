"""What a person is told, kept until they have read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notification(models.Model):
    """A sentence for one person, with the page where it goes on. ``read_at`` is set once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)  # within this site; nothing where it leads nowhere
    told_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

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
