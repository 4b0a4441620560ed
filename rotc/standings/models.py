"""The standing of an enrollment: what the engine said of its facts when they last changed."""

from django.db import models

from rotc.roster.models import Enrollment
from rotc.standings import remarks


class Standing(models.Model):
    """One row an enrollment. Derived: it can be thrown away and computed again from the facts.

    ``decision`` is what was decided of a drop, while it is in force: its ``id``, the ``decision`` (confirmed,
    waived), ``by`` whom, ``on`` which day, the ``reason``, and for what the engine recommends the drop ``now``:
    nothing when the figures do not back it any more. ``look_again`` says that they are not those of then.
    """

    enrollment = models.OneToOneField(Enrollment, models.PROTECT, related_name="standing")
    attendance = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    aptitude = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    proficiency = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    total = models.DecimalField(max_digits=11, decimal_places=8, null=True)
    rating = models.CharField(max_length=8, blank=True)
    if_ended_today = models.CharField(max_length=8, blank=True)
    verdict = models.CharField(max_length=12)
    reasons = models.JSONField(default=list)
    decision = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self):
        return f"{self.enrollment_id}: {self.total} {self.rating or self.verdict}"

    @property
    def remark(self) -> str:
        """The verdict in a few words, as a list shows it."""
        return remarks.remark(self)

    @property
    def is_confirmed(self) -> bool:
        """A drop that the figures call for and that the Commandant confirmed."""
        return self.verdict == "dropped" and self.decision.get("decision") == "confirmed"

    @property
    def recommends(self) -> str:
        """Why the engine recommends a drop, a waiver left aside; nothing where it does not."""
        if self.verdict == "overridden":
            return ""
        return "; ".join(self.reasons) if self.verdict == "dropped" else self.decision.get("now", "")

    @property
    def decided_on(self) -> str:
        return remarks.on(self.decision)
