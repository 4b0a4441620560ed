"""Exams of a term and the scores in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rotc.roster.models import Enrollment, Term


class Exam(models.Model):
    """An exam of a term: how many items, how much it weighs beside the others."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="exams")
    name = models.CharField(max_length=40)
    items = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["term", "name"], name="one_exam_a_name"),
            models.CheckConstraint(condition=Q(items__gte=1), name="exam_has_items"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="exam_weighs_something"),
        ]

    def __str__(self):
        return self.name


class Score(models.Model):
    """A versioned cell: one cadet in one exam. No raw score and no absence: a blank, never a zero."""

    class Absence(models.TextChoices):
        NO_SHOW = "no-show", "No-show"
        EXCUSED = "excused", "Excused"

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="scores")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="scores")
    raw = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    absence = models.CharField(max_length=7, choices=Absence, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "exam"], name="one_score_an_exam"),
            models.CheckConstraint(condition=Q(raw=None) | Q(raw__gte=0), name="score_not_negative"),
            models.CheckConstraint(condition=Q(raw=None) | Q(absence=""), name="a_score_or_an_absence"),
            models.CheckConstraint(
                condition=Q(absence__in=["", "no-show", "excused"]), name="absence_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.exam_id}: {self.typed}"

    @property
    def typed(self) -> str:
        """The cell as an officer types it: ``87.5``, ``ABS``, ``EX`` or empty."""
        if self.absence:
            return {"no-show": "ABS", "excused": "EX"}[self.absence]
        return "" if self.raw is None else f"{self.raw.normalize():f}"
