"""Every model of the one app, gathered for Django. Each lives in the package of its noun."""

from rotc.accounts.models import AccessCode, ApiToken, Appointment, SignInName, StaffProfile, User
from rotc.alerts.models import Alert, Look
from rotc.attendance.models import AttendanceMark, Scan, TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.double_entry.models import DoubleEntry
from rotc.exams.models import Exam, Score
from rotc.figures.models import Span
from rotc.imports.models import ImportPlan
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry, JournalSeal
from rotc.messages.models import EarlyWarning, Notification
from rotc.operations.models import Heartbeat, Letterhead, Maintenance, Signatory
from rotc.policies.models import PolicyDraft
from rotc.roster.models import Cadet, Enrollment, ListedValue, Term, Unit
from rotc.standings.models import Standing
from rotc.verdicts.models import DropDecision, Override

__all__ = [
    "AccessCode",
    "Alert",
    "ApiToken",
    "Appointment",
    "AttendanceMark",
    "Cadet",
    "Citation",
    "ConductEntry",
    "DoubleEntry",
    "DropDecision",
    "EarlyWarning",
    "Enrollment",
    "Exam",
    "Heartbeat",
    "ImportPlan",
    "Job",
    "JournalEntry",
    "JournalSeal",
    "Letterhead",
    "ListedValue",
    "Look",
    "Maintenance",
    "Notification",
    "Override",
    "PolicyDraft",
    "Scan",
    "Score",
    "SignInName",
    "Signatory",
    "Span",
    "StaffProfile",
    "Standing",
    "Term",
    "TrainingDay",
    "Unit",
    "User",
]
