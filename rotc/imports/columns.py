"""The imports that were committed, as a file."""

from rotc.web.spreadsheets import COUNT, NAME, Column


def _counted(state):
    return lambda plan: plan.notes["counts"].get(state)


PAST = [
    Column("File", lambda plan: plan.file_name, NAME),
    Column("Kind", lambda plan: plan.title, NAME),
    Column("Term", lambda plan: plan.term.name),
    Column("New", _counted("new"), COUNT),
    Column("Changed", _counted("changed"), COUNT),
    Column("Same", _counted("same"), COUNT),
    Column("Left Out", _counted("left_out"), COUNT),
    Column("Committed", lambda plan: plan.committed_at, NAME),
    Column("By", lambda plan: plan.committed_by.title if plan.committed_by else "command line", NAME),
    Column("Taken Back", lambda plan: plan.undone_at, NAME),
]
