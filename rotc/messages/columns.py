"""What a person was told, as a file."""

from rotc.web.spreadsheets import REMARKS, Column

NOTIFICATIONS = [
    Column("Told", lambda notification: notification.told_at),
    Column("Notification", lambda notification: notification.text, REMARKS),
    Column("Read", lambda notification: notification.read_at or ""),
]
