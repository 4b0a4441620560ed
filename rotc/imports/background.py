"""Imports in the background: access is asked again when the work starts, for whoever asked for it."""

from rotc import access
from rotc.backups.background import before
from rotc.backups.places import Why
from rotc.imports.actions import check_kept, commit_plan, fill_plan, undo_plan
from rotc.jobs.actions import teller
from rotc.refusals import NotNow


def read_and_check(job):
    """Before any transaction: ``(plan, what its file would change)``."""
    plan, reach = _opened(job)
    return plan, check_kept(plan, by=job.asked_by, reach=reach)


def check_steps(job, found):
    plan, checked = found
    yield from ()
    fill_plan(plan, checked)
    return f"{plan.file_name} is checked."


def back_up_first(job):
    """Before any transaction: what to say of it in the end, where no backup could be made."""
    _opened(job)
    return before(Why.IMPORT, tell=teller(job))


def commit_steps(job, unsaved):
    plan, reach = _opened(job)
    yield from ()
    commit_plan(plan, by=job.asked_by, reach=reach, tell=teller(job))
    return f"{plan.file_name} is committed.{unsaved}"


def undo_steps(job):
    plan, reach = _opened(job)
    yield from ()
    plan = undo_plan(plan, by=job.asked_by, reach=reach, tell=teller(job))
    left = f" {len(plan.kept)} changed since and stayed." if plan.kept else ""
    return f"{plan.file_name} is taken back.{left}"


def _opened(job):
    """The plan of a job and the reach of its asker. Raises ``NotNow`` when they may not any more."""
    try:
        plan = access.import_plan(job.asked_by, job.arguments["plan"])
    except access.REFUSED:
        raise NotNow("You may not import this any more. Nothing was changed.") from None
    return plan, access.import_reach(job.asked_by, plan.kind, plan.term)
