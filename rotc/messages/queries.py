"""Reading what a person was told."""

from datetime import timedelta

from django.utils import timezone

from rotc.messages.models import Notification

NEWS = timedelta(seconds=30)  # for so long a notification is said aloud on the page that is open


def of(person):
    """Newest first."""
    return Notification.objects.filter(person=person)


def unread(person) -> int:
    return of(person).filter(read_at=None).order_by().count()


def news(person) -> Notification | None:
    """What was told this very moment and is not read yet."""
    return of(person).filter(read_at=None, told_at__gte=timezone.now() - NEWS).first()
