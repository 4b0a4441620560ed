"""Sealing the journal: every night's lines under a digest that is chained to the one before.

The database refuses to alter a line (``0003_journal_append_only``); whoever goes past that, with the database in
their own hands, leaves a seal that does not fit any more.
"""

import hashlib
import json
from datetime import UTC, timedelta

from django.utils import timezone

from rotc.journal.models import JournalEntry, JournalSeal

# Numbers are given before a change is committed: no change takes as long as this, so no line comes in below a seal.
MARGIN = timedelta(hours=2)
FIELDS = (
    "pk", "at", "actor_id", "actor", "how", "what", "subject", "term_id", "enrollment_id", "cadet_id", "changes", "reason", "act",
    "undoes",
)  # fmt: skip


def seal(now=None) -> JournalSeal | None:
    """Seal what came since the last seal and is older than ``MARGIN``; None where nothing did."""
    last = JournalSeal.objects.last()
    settled = JournalEntry.objects.filter(at__lt=(now or timezone.now()) - MARGIN)
    up_to = settled.order_by("-pk").values_list("pk", flat=True).first()
    if up_to is None or (last and up_to <= last.up_to):
        return None
    lines, digest = _digest(last, up_to)
    return JournalSeal.objects.create(up_to=up_to, lines=lines, digest=digest)


def holds(seal: JournalSeal, before: JournalSeal | None) -> bool:
    """Whether the lines under this seal are those that were sealed. ``before`` is the seal ahead of it."""
    return _digest(before, seal.up_to) == (seal.lines, seal.digest)


def _digest(before, up_to) -> tuple[int, str]:
    found = hashlib.sha256(before.digest.encode() if before else b"")
    lines = 0
    sealed = JournalEntry.objects.filter(pk__gt=before.up_to if before else 0, pk__lte=up_to).order_by("pk")
    for line in sealed.values_list(*FIELDS).iterator(chunk_size=2000):
        found.update(json.dumps(line, sort_keys=True, ensure_ascii=False, default=_plain).encode() + b"\n")
        lines += 1
    return lines, found.hexdigest()


def _plain(value) -> str:
    """A moment in UTC and an act by its number: the same text whatever the database."""
    return str(value) if not hasattr(value, "astimezone") else value.astimezone(UTC).isoformat()
