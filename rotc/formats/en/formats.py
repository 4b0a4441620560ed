"""Dates and times as every page writes them: 7 Jun 2026, 07:30."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
