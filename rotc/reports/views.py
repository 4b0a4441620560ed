from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rotc import access
from rotc.operations.queries import letterhead
from rotc.reports.actions import make_paper
from rotc.reports.catalogue import BY_SLUG, LISTINGS
from rotc.reports.facts import ms_levels
from rotc.reports.forms import ChoicesForm
from rotc.reports.writers import page_context, to_marked_csv, to_xlsx
from rotc.roster.archiving import on_papers
from rotc.web.answers import as_file

FILES = {"csv": to_marked_csv, "xlsx": to_xlsx}


@require_GET
@access.needs(access.MAKE_REPORTS)
def papers(request):
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "reports/no_term.html")
    chosen = request.GET if "unit" in request.GET else None
    return _offer(request, term, _form(request, term, chosen))


@require_GET
@access.needs(access.MAKE_REPORTS)
def paper(request, slug):
    term, form = _asked(request, slug)
    if not form.is_valid():
        return _offer(request, term, form, status=422)
    made = _make(request, slug, term, form, "html")
    asked = request.GET.copy()
    asked.pop("size", None)
    context = page_context(made) | {
        "sizes": form.fields["size"].choices,
        "query": request.GET.urlencode(),
        "query_without_size": asked.urlencode(),
    }
    return render(request, made.page, context)


@require_GET
@access.needs(access.MAKE_REPORTS)
def download(request, slug, written_as):
    if written_as not in FILES:
        raise Http404
    term, form = _asked(request, slug)
    if not form.is_valid():
        return _offer(request, term, form, status=422)
    made = _make(request, slug, term, form, written_as)
    return as_file(FILES[written_as](made), made.file_name, written_as)


def _asked(request, slug):
    term = access.term(request.user, request.GET.get("term"))
    if slug not in BY_SLUG or term is None:
        raise Http404
    return term, _form(request, term, request.GET)


def _form(request, term, data):
    access.check(access.may(request.user, access.MAKE_REPORTS, term=term))
    units = access.units(request.user, access.MAKE_REPORTS, term)
    return ChoicesForm(data, units=units, ms_levels=ms_levels(term), size=letterhead().paper)


def _make(request, slug, term, form, written_as):
    reach = on_papers(access.enrollments(request.user, access.MAKE_REPORTS, term))
    return make_paper(BY_SLUG[slug], term, reach, form.choices, written_as=written_as, by=request.user)


def _offer(request, term, form, status=200):
    terms = access.terms(request.user, access.MAKE_REPORTS)
    context = {"term": term, "terms": terms, "form": form, "listings": LISTINGS}
    return render(request, "reports/papers.html", context, status=status)
