"""Times and moments in cells: when somebody came, and the day and time of a scan."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from django.utils.timezone import get_default_timezone

from rotc.imports.cells import Unfit, calendar_day

CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2})(?::[0-5]\d(?:[.,]\d+)?)?)?\s*(?:([ap])\.?m\.?|h|hrs?\.?)?")
MOMENT = re.compile(r"(.+?)(?:t|,?\s+)(\d{1,2}:\d{2}.*?)\s*(z|utc|[+-]\d{2}:?\d{2})?")
SHARE_OF_DAY = re.compile(r"0?\.\d{1,20}")  # as a spreadsheet keeps a time
NO_DAY = ("1899-", "1900-")  # a spreadsheet's date of a time alone
DAY_SECONDS = 24 * 60 * 60


def clock(text: str) -> time:
    """A time to the minute: ``07:31``, ``7:31 AM``, ``0731``, ``0731H``, or as a spreadsheet keeps it."""
    bare = text.casefold()
    if SHARE_OF_DAY.fullmatch(bare):
        return (datetime.min + timedelta(seconds=round(float(bare) * DAY_SECONDS) % DAY_SECONDS)).time()
    found = CLOCK.fullmatch(bare)
    hour, minute, half = found.groups() if found else (None, None, None)
    if not found or (minute is None and not half) or (half and not 1 <= int(hour) <= 12):
        raise Unfit(f"“{text}” is not a time; write 07:31")
    try:
        return time(int(hour) % 12 + 12 * (half == "p") if half else int(hour), int(minute or 0))
    except ValueError:
        raise Unfit(f"“{text}” is no time of the day") from None


def clock_of_day(text: str, order: str | None, day: date | None) -> time:
    """A time, or a date with one; a date that is not ``day`` is a contradiction."""
    if not MOMENT.fullmatch(text.casefold()):
        return clock(text)
    if text.startswith(NO_DAY):
        return clock(text.rsplit(maxsplit=1)[-1])
    on, at = moment(text, order)
    if day and on != day:
        raise Unfit(f"“{text}” names another day than {day.isoformat()}")
    return at


def moment(text: str, order: str | None) -> tuple[date, time | None]:
    """The day, and the time where one is written; what carries a time zone is read as it was in Manila."""
    found = MOMENT.fullmatch(text.casefold())
    if not found:
        return calendar_day(text, order), None
    on, at = calendar_day(found[1], order), clock(found[2])
    if not found[3]:
        return on, at
    try:
        here = datetime.combine(on, at, _zone(found[3])).astimezone(get_default_timezone())
    except (ValueError, OverflowError):
        raise Unfit(f"“{text}” is not a date with a time") from None
    return here.date(), here.time()


def _zone(text) -> timezone:
    if text in ("z", "utc"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))
