from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from rotc import access, downloads
from rotc.journal import columns, queries


def _history(request, entries, of, *, term=None, **facts):
    if downloads.asked(request):
        return downloads.answer(request, "History", columns.HISTORY, entries, term=term, about=of)
    page = Paginator(entries, 60).get_page(request.GET.get("page"))
    return render(request, "journal/history.html", {"page": page, "of": of, **facts})


@require_GET
@access.needs(access.SEE_GRADES)
def enrollment(request, enrollment):
    found = access.enrollment(request.user, enrollment)
    return _history(
        request, queries.of_enrollment(found), found.cadet.full_name, term=found.term, lead=found.term.title
    )


@require_GET
@access.needs(access.SEE_GRADES)
def cadet(request, cadet):
    """Across terms, for those who may see the cadet's grades in one."""
    found = access.cadet(request.user, cadet, access.SEE_GRADES)
    reached = access.enrollments_of(request.user, found, access.SEE_GRADES)
    return _history(request, queries.of_cadet(found, reached), found.full_name, lead="All terms")


@require_GET
@access.needs(access.SEE_GRADES)
def score(request, enrollment, exam):
    found = access.enrollment(request.user, enrollment)
    of = access.exam(request.user, exam, access.SEE_GRADES)
    whose, lines = f"{of.name}, {found.cadet.short_name}", queries.of_score(found, of)
    may = access.enrollments(request.user, access.ENTER_SCORES, of.term).filter(pk=found.pk).exists()
    undo = queries.newest_act(lines) if may and not of.term.closed_at else None
    return _history(request, lines, whose, term=of.term, lead=of.term.title, undo=undo)


@require_GET
@access.needs(access.MARK_ATTENDANCE)
def day(request, day):
    found = access.training_day(request.user, day)
    reached = access.enrollments(request.user, access.MARK_ATTENDANCE, found.term)
    lead = f"Training day, {found.term.title}"
    return _history(
        request, queries.of_day(found, reached), date_format(found.date), term=found.term, lead=lead
    )


@require_GET
@access.needs(access.OPEN_TERMS, access.SET_EXAMS)
def term(request, name):
    found = access.whole_term(request.user, name, access.SEE_GRADES)
    return _history(request, queries.of_term(found), found.title, term=found, lead="Everything, newest first")
