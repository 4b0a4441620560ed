from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from rotc import access, downloads
from rotc.standings import columns, pages, queries
from rotc.verdicts.pages import may_change
from rotc.web.styles import standing_style


@require_GET
def own(request):
    """The signed-in cadet's standing; nobody else's can be asked for here."""
    enrollment = pages.own_enrollment(request.user, request.GET.get("term"))
    if enrollment is None and (request.user.cadet_id is None or request.GET.get("term")):
        raise Http404
    if enrollment is None:
        return render(request, "standings/not_enrolled.html")
    return _answer(request, pages.standing_page(enrollment))


@require_GET
def of(request, enrollment):
    """A cadet's standing as an officer, or the cadet, reads it."""
    return _answer(request, pages.standing_page(access.enrollment(request.user, enrollment)))


def _answer(request, page):
    etag = page.etag(request.user)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        officer = access.may(request.user, access.SEE_GRADES, page.enrollment.unit)
        facts = {"page": page, "style": standing_style(), "officer": officer}
        facts["may_set_code"] = officer and may_change(request.user, page.enrollment, access.SET_CODES)
        answer = render(request, "standings/standing.html", facts)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_GET
@access.needs(access.RANK_BY_NAME)
def board(request):
    """The order of merit, for cadre only."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "standings/board.html")
    unit = access.unit_asked(request.user, request.GET.get("unit"), access.RANK_BY_NAME, term)
    within = access.enrollments(request.user, access.RANK_BY_NAME, term)
    if unit:
        within = within.filter(unit__path__startswith=unit.path)
    if downloads.asked(request):
        about, best_first = unit.place if unit else "", queries.board(within)
        return downloads.answer(request, "Order of merit", columns.BOARD, best_first, term=term, about=about)
    facts = {
        "term": term,
        "unit": unit,
        "units": access.units(request.user, access.RANK_BY_NAME, term),
        "page": Paginator(queries.board(within), 100).get_page(request.GET.get("page")),
        "unplaced": queries.unplaced(within),
    }
    return render(request, "standings/board.html", facts)
