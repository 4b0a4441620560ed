"""What happened: who changed which fact, from what to what, when and how. Append-only."""

from django.db import models


class JournalEntry(models.Model):
    """A change of a fact, written in the transaction that made it. The database refuses to alter it.

    ``subject`` names the fact: ``score:<enrollment>:<exam>``, ``mark:<day>:<enrollment>``,
    ``conduct:<entry>``, ``cadet:<cadet>``, ``enrollment:<enrollment>``, ``day:<day>``, ``term:<term>``,
    ``user:<user>``. ``changes`` maps a field to ``[before, after]``. It points by number, not by foreign
    key, so that the journal depends on nobody and outlives everything.
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

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.what} by {self.actor}"
