"""What there is in backups."""

from datetime import datetime

from rotc.backups import places


def newest_at() -> datetime | None:
    """When the newest good backup was made; None where there is none. Raises ``StoreIsGone``."""
    return next((each.made_at for each in places.newest_first()), None)
