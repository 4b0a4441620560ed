"""Telling people, and what they have read."""

from django.db import transaction
from django.utils import timezone

from rotc.live.channels import user_channel
from rotc.live.nudges import nudge_after_commit
from rotc.messages.models import Notification

LONGEST = 300


def tell(people, text: str, *, path: str = "") -> None:
    """Tell each of these users ``text`` in the caller's transaction; their open pages hear of it after it.

    ``path`` is the page of this site where it goes on. A longer text is cut at ``LONGEST`` characters.
    """
    told = {person.pk: person for person in people}.values()
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    Notification.objects.bulk_create(
        [Notification(person=person, text=text, path=path) for person in told], batch_size=500
    )
    nudge_after_commit({user_channel(person.pk) for person in told}, "notifications-changed")


def mark_read(notification: Notification) -> None:
    """Its person has read it. A second time changes nothing."""
    _read(Notification.objects.filter(pk=notification.pk), notification.person_id)


def mark_all_read(*, by, up_to: int) -> int:
    """Everything that ``by`` was shown, up to the notification with this number; how many were unread."""
    return _read(Notification.objects.filter(person=by, pk__lte=up_to), by.pk)


def read_about(path: str, *, by) -> None:
    """``by`` has the page open that these lead to."""
    _read(Notification.objects.filter(person=by, path=path), by.pk)


def _read(notifications, person_id) -> int:
    with transaction.atomic():
        count = notifications.filter(read_at=None).update(read_at=timezone.now())
        if count:
            nudge_after_commit({user_channel(person_id)}, "notifications-changed")
    return count


def ask_for_digest(*, by, wanted: bool) -> None:
    """``by`` wants a morning letter of what they have not read from now on, or none any more."""
    by.digest_since = timezone.now() if wanted else None
    by.save(update_fields=["digest_since"])


def forget_read(*, before) -> int:
    """Drop what was read before this moment; how many went. What nobody read stays."""
    return Notification.objects.filter(read_at__lt=before).delete()[0]
