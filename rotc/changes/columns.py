"""The changes of scores as files."""

from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column

ACTS = [
    Column("When", lambda act: act.line.at, NAME),
    Column("Who", lambda act: act.line.actor, NAME),
    Column("How", lambda act: act.how.capitalize()),
    Column("What", lambda act: act.what, REMARKS),
    Column("Cells", lambda act: act.count, COUNT),
    Column("Lowered", lambda act: act.lowered if act.cells else None, COUNT),
    Column("Reason", lambda act: act.line.reason, NAME),
    Column("State", lambda act: act.state, NAME),
]

CELLS = [
    Column("Student ID", lambda cell: cell.enrollment.cadet.student_number),
    Column("Name", lambda cell: cell.enrollment.cadet.full_name, NAME),
    Column("Unit", lambda cell: cell.enrollment.unit.place, NAME),
    Column("Exam", lambda cell: cell.exam),
    Column("From", lambda cell: cell.before or "blank"),
    Column("To", lambda cell: cell.after or "blank"),
    Column("Now", lambda cell: cell.now or "blank"),
    Column("Changed since by", lambda cell: cell.since.actor if cell.since else "", NAME),
]
