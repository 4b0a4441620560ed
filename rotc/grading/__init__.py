"""The grading engine: what a cadet's days, entries and exams come to under a term's policy.

Pure: the standard library only, no clock, no files, no database. The same record and the same
policy give the same result, byte for byte.
"""

from rotc.grading.component import Component
from rotc.grading.need import Need, needed
from rotc.grading.policy import PlannedExam, Policy
from rotc.grading.ranking import Place, rank
from rotc.grading.record import CadetRecord, ExamScore
from rotc.grading.verdict import Result, Verdict, grade

__all__ = [
    "CadetRecord",
    "Component",
    "ExamScore",
    "Need",
    "Place",
    "PlannedExam",
    "Policy",
    "Result",
    "Verdict",
    "grade",
    "needed",
    "rank",
]
