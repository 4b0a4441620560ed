"""Paper exams typed twice, the second time blind."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rotc.exams.models import Exam
from rotc.roster.models import Unit


class DoubleEntry(models.Model):
    """A paper exam of one unit typed twice: once by one officer, once blind by another; only then is it stored.

    ``order`` is the lines of the paper: ``{"enrollment", "name", "number"}`` each. ``first`` and ``second`` are what
    each officer typed, line by line; None where the line is their own record.
    """

    class Due(models.TextChoices):
        """What is to be done next, as the list says it."""

        FIRST = "first", "Waits for a first officer"
        SECOND = "second", "Waits for a second officer"
        COMPARE = "compare", "Waits to be compared"

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="double_entries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    order = models.JSONField()
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    first = models.JSONField(null=True)
    first_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second = models.JSONField(null=True)
    second_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "unit"],
                condition=Q(settled_at=None, withdrawn_at=None),
                name="one_open_double_entry",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")), name="two_officers_type"
            ),
            models.CheckConstraint(
                condition=Q(second_at=None) | Q(first_at__isnull=False), name="first_before_second"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(second_at__isnull=False), name="settled_once_typed_twice"
            ),
        ]

    def __str__(self):
        return f"{self.exam_id}: {len(self.order)} cadets"

    @property
    def title(self) -> str:
        """``Prelim, Alpha Company · 1st Platoon``. Reads ``exam`` and ``unit.parent``."""
        return f"{self.exam.name}, {self.unit.place}"

    @property
    def due(self) -> Due | None:
        """What is to be done next; None once it is settled or withdrawn."""
        if self.settled_at or self.withdrawn_at:
            return None
        if self.second_at:
            return self.Due.COMPARE
        return self.Due.SECOND if self.first_at else self.Due.FIRST

    @property
    def state(self) -> str:
        if self.due:
            return self.due.label
        return "Withdrawn" if self.withdrawn_at else "Settled"
