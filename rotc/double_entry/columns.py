"""Double entries as a file; nothing of what was typed."""

from rotc.web.spreadsheets import COUNT, NAME, Column


def _who(step):
    return Column(
        f"{step.capitalize()} By", lambda entry: _title(getattr(entry, f"{step.split()[0]}_by")), NAME
    )


def _title(user) -> str:
    return user.title if user else ""


DOUBLE_ENTRIES = [
    Column("Exam", lambda entry: entry.exam.name, NAME),
    Column("Unit", lambda entry: entry.unit.place, NAME),
    Column("Cadets", lambda entry: len(entry.order), COUNT),
    Column("State", lambda entry: entry.state, NAME),
    Column("Started", lambda entry: entry.started_at),
    _who("started"),
    Column("First Typed", lambda entry: entry.first_at),
    _who("first typed"),
    Column("Second Typed", lambda entry: entry.second_at),
    _who("second typed"),
    Column("Settled", lambda entry: entry.settled_at),
    _who("settled"),
    Column("Withdrawn", lambda entry: entry.withdrawn_at),
    _who("withdrawn"),
]
