"""A term's policy in the making. The policy in force stands in the term itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from rotc.grading import Policy
from rotc.roster.models import Term


class PolicyDraft(models.Model):
    """A changed copy of a term's policy; it grades nobody until it is adopted. One open draft a term."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="policy_drafts")
    policy = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)  # why it was adopted
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=Q(adopted_at=None, withdrawn_at=None), name="one_open_policy_draft"
            ),
            models.CheckConstraint(
                condition=Q(adopted_at=None) | ~Q(reason=""), name="adopted_policy_says_why"
            ),
        ]

    def __str__(self):
        return f"draft of {self.term_id}"

    @property
    def rules(self) -> Policy:
        """The draft as the engine takes it."""
        return Policy.from_dict(self.policy)
