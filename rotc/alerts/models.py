"""Looks at how the system is, one a minute, and what was wrong for a while."""

from django.db import models
from django.db.models import F, Q


class Look(models.Model):
    """The look of a minute. There is one, so whoever writes it first has looked for everybody.

    ``found``: what was wrong, a sentence by the kind of alert. ``oldest`` is in seconds, ``database_size`` in bytes.
    """

    minute = models.DateTimeField()
    found = models.JSONField(default=dict)
    queue = models.PositiveIntegerField(default=0)
    oldest = models.PositiveIntegerField(default=0)
    database_size = models.PositiveBigIntegerField(default=0)
    connections = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["minute"]
        constraints = [models.UniqueConstraint(fields=["minute"], name="one_look_a_minute")]

    def __str__(self):
        return f"{self.minute:%Y-%m-%d %H:%M}"


class Alert(models.Model):
    """Something that was wrong from ``raised_at`` to ``cleared_at``. ``mailed_at`` and ``over_mailed_at``: when the
    administrators were written that it is so, and that it is over."""

    kind = models.CharField(max_length=20)
    measured = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    over_mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(cleared_at=None), name="one_open_alert_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(cleared_at__gte=F("raised_at")), name="cleared_after_raised"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.raised_at:%Y-%m-%d %H:%M}"

    @property
    def title(self) -> str:
        """What people call it."""
        from rotc.alerts.kinds import KINDS

        return KINDS[self.kind].title if self.kind in KINDS else self.kind.capitalize()
