"""What the system's processes saw, kept for a week."""

from django.db import models
from django.db.models import Q


class Span(models.Model):
    """What one process saw in a minute; of an hour that is past, what all of its part saw.

    ``routes``: a packed ``Tally`` by the name of the address. ``queries``: count and longest seconds by the text of
    a slow query. ``streams`` are those open at once, ``memory`` bytes of a process, the disk's figures bytes of its
    data folder; of an hour the most, and the least that was free.
    """

    class Part(models.TextChoices):
        WEB = "web", "Web"
        WORKER = "worker", "Worker"

    begins_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=1)
    part = models.CharField(max_length=6, choices=Part)
    process = models.CharField(max_length=16, blank=True)
    routes = models.JSONField(default=dict)
    queries = models.JSONField(default=dict)
    database_errors = models.PositiveIntegerField(default=0)
    streams = models.PositiveIntegerField(default=0)
    memory = models.PositiveBigIntegerField(default=0)
    disk_free = models.PositiveBigIntegerField(default=0)
    disk_size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["begins_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["begins_at", "minutes", "part", "process"], name="one_span_a_process"
            ),
            models.CheckConstraint(
                condition=Q(minutes=60, process="") | (Q(minutes=1) & ~Q(process="")),
                name="a_minute_or_an_hour",
            ),
        ]

    def __str__(self):
        return f"{self.part} {self.begins_at:%Y-%m-%d %H:%M}"
