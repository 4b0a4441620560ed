"""What happened: who changed which fact, from what to what, when and how. Append-only."""

from django.db import models

from rotc.journal.words import said


class JournalEntry(models.Model):
    """A change of a fact, written in the transaction that made it. The database refuses to alter it.

    ``subject`` names the fact: ``score:<enrollment>:<exam>``, ``mark:<day>:<enrollment>``,
    ``conduct:<entry>``, ``cadet:<cadet>``, ``enrollment:<enrollment>``, ``day:<day>``, ``term:<term>``,
    ``user:<user>``. ``changes`` maps a field to ``[before, after]``. It points by number, not by foreign
    key, so that the journal depends on nobody and outlives everything. ``act`` is what the lines of one change
    share, so that it is read, and taken back, as one; ``undoes`` is the act that a line takes back.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    how = models.CharField(max_length=20)
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, db_index=True)
    term_id = models.BigIntegerField(null=True, db_index=True)
    enrollment_id = models.BigIntegerField(null=True, db_index=True)
    cadet_id = models.BigIntegerField(null=True, db_index=True)
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    act = models.UUIDField(null=True)
    undoes = models.UUIDField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["act", "id"], name="journal_of_an_act"),
            models.Index(fields=["term_id", "what", "id"], name="journal_of_a_term_by_kind"),
        ]

    def __str__(self):
        return f"{self.what} by {self.actor}"

    @property
    def how_said(self) -> str:
        return said(self.how)

    @property
    def nothing(self) -> str:
        """How it says that there was nothing: a score is cleared to a blank."""
        return "blank" if self.subject.startswith("score:") else "–"


class JournalSeal(models.Model):
    """What the journal held up to line ``up_to``: a digest of the lines since the seal before, and of that seal's.

    A line that is altered, taken out or put in between, by whatever goes past the triggers, shows in the seal over it.
    """

    up_to = models.BigIntegerField(unique=True)
    lines = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["up_to"]
        constraints = [models.CheckConstraint(condition=models.Q(lines__gt=0), name="seal_covers_lines")]

    def __str__(self):
        return f"{self.lines:,} lines up to {self.up_to}, sealed {self.sealed_at:%d %b %Y}"
