"""The standing of an enrollment: what the engine said of its facts when they last changed."""

from django.db import models

from rotc.roster.models import Enrollment


class Standing(models.Model):
    """One row an enrollment. Derived: it can be thrown away and computed again from the facts."""

    enrollment = models.OneToOneField(Enrollment, models.PROTECT, related_name="standing")
    attendance = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    aptitude = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    proficiency = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    total = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    rating = models.CharField(max_length=8, blank=True)
    if_ended_today = models.CharField(max_length=8, blank=True)
    verdict = models.CharField(max_length=12)
    reasons = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.enrollment_id}: {self.total} {self.rating or self.verdict}"

    @property
    def remark(self) -> str:
        """The verdict in a few words, as a list shows it."""
        why = "; ".join(self.reasons)
        if self.verdict == "in_progress":
            return (
                f"In progress, {self.if_ended_today} if it ended today"
                if self.if_ended_today
                else "In progress"
            )
        return {
            "passed": "Passed",
            "failed": f"Failed: {why}",
            "incomplete": f"Incomplete: {why}",
            "dropped": f"For confirmation: {why}",
        }.get(self.verdict, why)
