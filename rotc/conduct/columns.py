"""The ledger and the catalogue as files; the ledger has the headers that an import reads, and its state."""

from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column

LEDGER = [
    Column("Student ID", lambda entry: entry.enrollment.cadet.student_number),
    Column("Last Name", lambda entry: entry.enrollment.cadet.last_name, NAME),
    Column("First Name", lambda entry: entry.enrollment.cadet.first_name, NAME),
    Column("Type", lambda entry: entry.get_kind_display()),
    Column("Points", lambda entry: entry.points, COUNT),
    Column("Reason", lambda entry: entry.reason, REMARKS),
    Column("Date", lambda entry: entry.date),
    Column("State", lambda entry: entry.state.capitalize()),
    Column("Code", lambda entry: entry.citation.code if entry.citation else ""),
    Column("Given By", lambda entry: entry.given_by.title if entry.given_by else "Command line", NAME),
]
CATALOGUE = [
    Column("Code", lambda line: line.code),
    Column("Entry", lambda line: line.title, REMARKS),
    Column("Type", lambda line: line.get_kind_display()),
    Column("Class", lambda line: line.offense_class),
    Column("Least Points", lambda line: line.least_points, COUNT),
    Column("Most Points", lambda line: line.most_points, COUNT),
    Column("In Force", lambda line: "Withdrawn" if line.withdrawn_at else "Yes"),
]
