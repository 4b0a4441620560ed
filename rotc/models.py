"""Every model of the one app, gathered for Django. Each lives in the package of its noun."""

from rotc.accounts.models import AccessCode, Appointment, SignInName, User
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.exams.models import Exam, Score
from rotc.imports.models import ImportPlan
from rotc.jobs.models import Job, ScheduledRun
from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead, Signatory
from rotc.roster.models import Cadet, Enrollment, ListedValue, Term, Unit
from rotc.standings.models import Standing

__all__ = [
    "AccessCode",
    "Appointment",
    "AttendanceMark",
    "Cadet",
    "Citation",
    "ConductEntry",
    "Enrollment",
    "Exam",
    "ImportPlan",
    "Job",
    "JournalEntry",
    "Letterhead",
    "ListedValue",
    "ScheduledRun",
    "Score",
    "SignInName",
    "Signatory",
    "Standing",
    "Term",
    "TrainingDay",
    "Unit",
    "User",
]
