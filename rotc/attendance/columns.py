"""Training days and one day's sheet as files; the sheet has the headers that an import reads."""

from rotc.attendance.models import Letter
from rotc.web.spreadsheets import COUNT, NAME, REMARKS, Column

DAYS = [
    Column("No", lambda line: line.number, COUNT),
    Column("Date", lambda line: line.day.date),
    Column("Subject", lambda line: line.day.subject, NAME),
    Column("State", lambda line: line.state.capitalize()),
    Column("Marked", lambda line: line.marked, COUNT),
    Column("Not Marked", lambda line: line.missing, COUNT),
    Column("Cadets", lambda line: line.of, COUNT),
    Column("Cancelled Because", lambda line: line.day.cancelled_because, REMARKS),
]
DAY = [
    Column("Student ID", lambda row: row.enrollment.cadet.student_number),
    Column("Last Name", lambda row: row.enrollment.cadet.last_name, NAME),
    Column("First Name", lambda row: row.enrollment.cadet.first_name, NAME),
    Column("Status", lambda row: Letter(row.mark.letter).label if row.mark.letter else ""),
    Column("Time In", lambda row: row.mark.time_in),
    Column("Time Out", lambda row: row.mark.time_out),
    Column("Remarks", lambda row: row.mark.remarks, REMARKS),
]
