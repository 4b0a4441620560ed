"""Reading alerts and looks."""

from datetime import datetime

from rotc.alerts.models import Alert, Look


def opened():
    """What is wrong now, the newest first."""
    return Alert.objects.filter(cleared_at=None)


def over_since(moment: datetime):
    """What was wrong and is over, of those that began since then."""
    return Alert.objects.filter(cleared_at__isnull=False, raised_at__gte=moment)


def newest_look() -> Look | None:
    return Look.objects.last()


def queue_since(moment: datetime):
    """``(minute, jobs that waited)``, oldest first."""
    return Look.objects.filter(minute__gte=moment).values_list("minute", "queue")
