"""The columns of a day's attendance and of a ROTCMIS export, with the headers that they come under."""

from rotc.imports.identity import IDENTITY, WAYS
from rotc.imports.matching import Field, Shape

STATUS = ("Attendance", "Attendance Status", "Present", "Mark", "Marked")
TIMES = (
    Field("time_in", "Time In", ("In", "Time of Arrival", "Arrival Time", "Arrival", "Arrived", "Check In", "Login")),
    Field(
        "time_out",
        "Time Out",
        ("Out", "Time of Departure", "Departure Time", "Departure", "Left", "Check Out", "Logout"),
    ),
    Field("remarks", "Remarks", ("Remark", "Notes", "Note", "Comments", "Comment", "Reason")),
)  # fmt: skip
ATTENDANCE = Shape(
    (
        *IDENTITY,
        Field("status", "Status", STATUS),
        *TIMES,
        Field(
            "date", "Date", ("Training Date", "Training Day", "Attendance Date", "Date of Training", "Day")
        ),
    ),
    needs=(WAYS, ("status",)),
)
NUMBER = Field(
    "student_number",
    "Student ID",
    (
        "Student Number", "Student No", "Student ID Number", "Student ID No", "USN", "SID", "Cadet ID",
        "Cadet Number", "Cadet No", "ID Number", "ID No", "ID", "QR", "QR Code",
    ),
)  # fmt: skip
SCANNED = (
    "Attendance Date", "Training Date", "Datetime", "Date Time", "Date and Time", "Timestamp", "Time Stamp",
    "Scanned At", "Scan Time",
)  # fmt: skip
ROTCMIS = Shape(
    (
        NUMBER,
        *(each for each in IDENTITY if each.name != "student_number"),
        Field("status", "Status", STATUS),
        *TIMES,
        Field("date", "Date", SCANNED),
    ),
    needs=(WAYS, ("status",)),
)


def attendance_shape(term) -> Shape:
    """The same columns in every term."""
    return ATTENDANCE


def rotcmis_shape(term) -> Shape:
    """As the 10RCDG's system exports it."""
    return ROTCMIS
