"""WHO: the one door to everything. Its loaders give a thing or refuse; the table of rights is ``rotc.rights``.

A thing that may not be seen does not exist (404); one that may be seen but not changed is refused (403).
Nobody changes their own record, whatever their role; a cadet fills in their own profile until it is locked.
What an archived cadet's record holds is read and not changed until it is restored.
"""

# ruff: noqa: F401 — every door and right is asked for as ``access.…``

from rotc.access.cadets import (
    cadet,
    chosen,
    enrolled_each,
    enrollment,
    enrollment_each,
    enrollments,
    enrollments_everywhere,
    enrollments_of,
    own_cadet,
    owns,
)
from rotc.access.doors import REFUSED, check, needs, number_asked
from rotc.access.facts import (
    citation,
    conduct_entries,
    conduct_entry,
    double_entries,
    double_entry,
    exam,
    training_day,
    training_days,
)
from rotc.access.people import (
    account,
    appointment,
    listed_value,
    notification,
    own_staff_account,
    own_token,
    signatory,
    signed_in,
    staff_account,
)
from rotc.access.terms import term, terms, unit, unit_asked, units, whole_term
from rotc.access.work import backup, import_plan, import_plans, import_reach, import_terms, job, schedule
from rotc.accounts.models import Role
from rotc.rights import (
    CADRE,
    CHANGE_CATALOGUE,
    CHANGE_ROSTER,
    CHANGE_SETTINGS,
    COMMAND,
    DECIDE_DROPS,
    ENTER_SCORES,
    GIVE_CONDUCT,
    IMPORTS,
    KEEP_BACKUPS,
    MAKE_REPORTS,
    MANAGE_ACCOUNTS,
    MARK_ATTENDANCE,
    OFFICE,
    OPEN_TERMS,
    PLAN_TRAINING,
    PROPOSE_CONDUCT,
    RANK_BY_NAME,
    READING,
    RIGHTS,
    SEE_GRADES,
    SEE_ROSTER,
    SET_CODES,
    SET_EXAMS,
    SET_POLICY,
    WATCH,
    WHOLE,
    appointments,
    holding,
    is_staff,
    may,
    may_import,
    reads_other_terms,
    within,
)
