"""The backups as a file."""

from rotc.web.spreadsheets import COUNT, NAME, Column

BACKUPS = [
    Column("Backup", lambda backup: backup.name, NAME),
    Column("Made", lambda backup: backup.made_at),
    Column("Why", lambda backup: backup.why.label),
    Column("Bytes", lambda backup: backup.size, COUNT),
    Column("Checked", lambda backup: backup.checked),
]
