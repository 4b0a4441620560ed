"""Settings of the unit: what stands at the head and foot of every paper. And who works beside the pages."""

from django.conf import settings
from django.db import models


class Letterhead(models.Model):
    """The one row of the unit's settings, made by a migration."""

    class Paper(models.TextChoices):
        A4 = "a4", "A4"
        LETTER = "letter", "Letter"
        FOLIO = "folio", "Folio (8.5 × 13 in)"

    unit_name = models.CharField(max_length=120, blank=True)
    university = models.CharField(max_length=120, blank=True)
    command_lines = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=160, blank=True)
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.A4)

    def __str__(self):
        return self.unit_name or "Letterhead"


class Signatory(models.Model):
    """Who signs papers: ``Prepared by`` and ``Certified correct``, with rank, name and title."""

    label = models.CharField(max_length=60)
    rank = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "signatories"

    def __str__(self):
        return f"{self.label} {self.name}"


class Heartbeat(models.Model):
    """When a part that works beside the pages last said that it is alive."""

    class Part(models.TextChoices):
        WORKER = "worker"
        SCHEDULER = "scheduler"

    part = models.CharField(max_length=9, primary_key=True, choices=Part)
    beat_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part__in=["worker", "scheduler"]), name="heartbeat_of_a_part"
            ),
        ]

    def __str__(self):
        return self.part


class Maintenance(models.Model):
    """A while in which the system is open to those who run it alone: until ``until``, or until it is ended before."""

    begun_at = models.DateTimeField(auto_now_add=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField()
    because = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("begun_at")), name="ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"until {self.until:%Y-%m-%d %H:%M}"
