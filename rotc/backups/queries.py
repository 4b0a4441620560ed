"""What there is in backups."""

from datetime import datetime

from rotc.backups import places
from rotc.web.store import StoreIsGone


def newest_at() -> datetime | None:
    """When the newest good backup was made; None where none is within reach."""
    try:
        return next((each.made_at for each in places.newest_first()), None)
    except StoreIsGone:
        return None
