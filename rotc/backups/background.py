"""Backups in the background: made before and outside a job's transaction, which would keep writers waiting."""

from django.template.defaultfilters import filesizeformat

from rotc.backups.actions import back_up, tidy
from rotc.backups.places import Why
from rotc.jobs.actions import teller
from rotc.refusals import Refusal


def make(job):
    return _made(job, Why(job.arguments.get("why", Why.HOURLY)))


def make_daily(job):
    return _made(job, Why.DAILY)


def _made(job, why):
    backup, manifest = back_up(why, tell=teller(job))
    return backup, manifest, tidy(manifest)


def steps(job, made):
    backup, manifest, gone = made
    yield from ()
    said = f"{manifest.said}, {filesizeformat(backup.size)}; {backup.checked} and equal."
    return f"{said} {gone:,} older ones dropped." if gone else said


def before(why: Why, *, tell=None) -> str:
    """Back up before something large. It does not wait for a store that is away: empty, or what to say of it after."""
    try:
        back_up(why, tell=tell)
    except Refusal as refusal:
        return f" No backup could be made before it: {refusal}"
    return ""
