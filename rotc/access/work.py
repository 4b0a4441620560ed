"""Imports, background work and backups."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from rotc.access.cadets import enrollments
from rotc.access.doors import check
from rotc.access.terms import _reached_whole
from rotc.backups import places
from rotc.imports.models import ImportPlan
from rotc.imports.reach import Reach
from rotc.jobs.models import Job
from rotc.refusals import BadValue
from rotc.rights import IMPORTS, KEEP_BACKUPS, OPEN_TERMS, PLAN_TRAINING, may, may_import
from rotc.roster.models import Term, Unit


def import_terms(user, kind: str):
    """The open terms into which the user may import files of this kind, newest first."""
    found = [each.pk for each in Term.objects.filter(closed_at=None) if may_import(user, kind, each)]
    return Term.objects.filter(pk__in=found)


def import_reach(user, kind: str, of: Term) -> Reach:
    """Whom a file of theirs may touch, and whether a date in it may become a training day."""
    return Reach(enrollments(user, IMPORTS[kind], of), plans_days=may(user, PLAN_TRAINING, term=of))


def import_plans(user):
    """The imports that the user may read, newest first, without their rows: their own, or all of a corps."""
    reached = Q(made_by=user, kind__in=[kind for kind in IMPORTS if may_import(user, kind)])
    for kind, right in IMPORTS.items():
        reached |= Q(kind=kind, term__in=_reached_whole(user, right))
    plans = ImportPlan.objects.filter(reached).select_related("term", "made_by", "committed_by")
    return plans.defer("rows", "problems", "trail")


def import_plan(user, pk: int) -> ImportPlan:
    """An import to read, commit or take back: one's own, or anybody's by who holds its right over the corps."""
    found = get_object_or_404(
        ImportPlan.objects.select_related("term", "made_by", "committed_by", "undone_by", "job"), pk=pk
    )
    of_corps = may(user, IMPORTS[found.kind], Unit(term=found.term, path=""))
    own = found.made_by_id == user.pk and may_import(user, found.kind, found.term)
    if not (of_corps or own):
        raise Http404
    return found


def job(user, pk: int) -> Job:
    """A job to look at: one's own, or anybody's by who opens terms. They may cancel it or ask for it again as well."""
    found = get_object_or_404(Job.objects.select_related("asked_by", "cancelled_by"), pk=pk)
    if found.asked_by_id != user.pk and not may(user, OPEN_TERMS):
        raise Http404
    return found


def schedule(kind: str) -> str:
    """A kind of job, if the clock asks for such."""
    from rotc.tasks import SCHEDULES

    if kind not in SCHEDULES:
        raise Http404
    return kind


def backup(user, name: str) -> places.Backup:
    """A backup to take: every personal record is in it, so it is there for those alone who keep backups."""
    check(may(user, KEEP_BACKUPS))
    try:
        return places.named(name)
    except BadValue:
        raise Http404 from None
