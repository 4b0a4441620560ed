"""Training days and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from rotc.roster.models import Enrollment, Term


class TrainingDay(models.Model):
    """A day of training of a term. It is *held* from the first mark on; a cancelled day never counts."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="training_days")
    date = models.DateField()
    subject = models.CharField(max_length=120, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["term", "date"], name="one_training_day_a_date"),
            models.CheckConstraint(
                condition=Q(held_at=None) | Q(cancelled_at=None), name="held_or_cancelled"
            ),
        ]

    def __str__(self):
        return f"{self.date:%Y-%m-%d}"

    @property
    def label(self) -> str:
        """The date as it is said: ``5 Dec 2026``."""
        return f"{self.date.day} {self.date:%b %Y}"


class Letter(models.TextChoices):
    PRESENT = "P", "Present"
    LATE = "L", "Late"
    EXCUSED = "E", "Excused"
    ABSENT = "A", "Absent"


class AttendanceMark(models.Model):
    """One cadet on one training day: a contested cell, so it carries a version. No letter: not marked."""

    day = models.ForeignKey(TrainingDay, models.PROTECT, related_name="marks")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="marks")
    letter = models.CharField(max_length=1, choices=Letter, blank=True)
    time_in = models.TimeField(null=True, blank=True)
    time_out = models.TimeField(null=True, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "enrollment"], name="one_mark_a_day"),
            models.CheckConstraint(
                condition=Q(letter__in=["", *Letter.values]), name="attendance_letter_is_known"
            ),
            models.CheckConstraint(
                condition=Q(time_in=None) | Q(time_out=None) | Q(time_out__gte=F("time_in")),
                name="out_not_before_in",
            ),
        ]

    def __str__(self):
        return f"{self.day}: {self.letter or 'not marked'}"

    @property
    def said(self) -> str:
        """The whole mark in words: ``Late, in 07:40, “bus broke down”``."""
        parts = [self.get_letter_display() or "not marked"]
        parts += [f"{word} {at:%H:%M}" for word, at in (("in", self.time_in), ("out", self.time_out)) if at]
        return ", ".join([*parts, f"“{self.remarks}”"] if self.remarks else parts)

    @property
    def set_by(self) -> str:
        return self.changed_by.title if self.changed_by else "The command line"

    @property
    def set_when(self) -> str:
        """``at 07:14``, with the date when it was another day."""
        at = timezone.localtime(self.changed_at)
        on = "" if at.date() == timezone.localdate() else f"on {at.day} {at:%b} "
        return f"{on}at {at:%H:%M}"


class Scan(models.Model):
    """The receipt of a mark that a program sent, under the number that it gave it: sent again, it is known.

    The mark is the fact; receipts go with the day or the enrollment that they are of.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    number = models.UUIDField()
    day = models.ForeignKey(TrainingDay, models.CASCADE, related_name="+")
    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="+")
    letter = models.CharField(max_length=1, choices=Letter)
    at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "number"], name="a_scan_is_taken_once"),
            models.CheckConstraint(condition=Q(letter__in=Letter.values), name="scan_letter_is_known"),
        ]

    def __str__(self):
        return f"{self.number}: {self.letter}"
