"""A plan: what a file would change, stored as it was shown, committed once or never."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from rotc.jobs.models import Job
from rotc.roster.models import Term


class ImportPlan(models.Model):
    """The checked rows of one file. ``rows`` is what was shown; confirm commits exactly that.

    ``rows``: a list of ``{"row", "state", "student_number", "name", "unit", "values", "changes"}`` where state is
    new, changed, same, or absent for who is in the term and not in the file; a kind may keep more in a row.
    ``problems``: a list of ``{"row", "column", "reason"}``. ``trail``: what the commit wrote, as its undo needs it.
    ``kept``: what the undo left as it is, a list of ``{"row", "name", "reason"}``.
    """

    kind = models.CharField(max_length=20)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    trail = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)  # why scores were lowered
    act = models.UUIDField(default=uuid4, editable=False)  # what its lines in the journal share
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(committed_at=None) | Q(checked_at__isnull=False), name="committed_as_checked"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(committed_at__isnull=False), name="undone_once_committed"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.file_name}"

    @property
    def title(self) -> str:
        """What kind of file it is, as people call it."""
        from rotc.imports.kinds import KINDS

        return KINDS[self.kind].title
