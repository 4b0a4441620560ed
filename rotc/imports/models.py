"""A plan: what a file would change, stored as it was shown, committed once or never."""

from django.conf import settings
from django.db import models

from rotc.roster.models import Term


class ImportPlan(models.Model):
    """The checked rows of one file. ``rows`` is what was shown; confirm commits exactly that.

    ``rows``: a list of ``{"row", "state", "student_number", "name", "unit", "values", "changes"}`` where state is
    new, changed, same, or absent for who is in the term and not in the file. ``problems``: a list of ``{"row", "column", "reason"}``.
    """

    kind = models.CharField(max_length=20)
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    committed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.kind}: {self.file_name}"
