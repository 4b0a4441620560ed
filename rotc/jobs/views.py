from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rotc import access, downloads
from rotc.jobs import columns, queries


@require_GET
@access.needs(access.OPEN_TERMS)
def jobs(request):
    if downloads.asked(request):
        return downloads.answer(request, "Background work", columns.JOBS, queries.newest_first())
    page = Paginator(queries.newest_first(), 50).get_page(request.GET.get("page"))
    return render(request, "jobs/list.html#rows" if request.htmx else "jobs/list.html", {"page": page})


@require_GET
def detail(request, pk):
    found = queries.with_progress(access.job(request.user, pk))
    facts = {"job": found, "lists": access.may(request.user, access.OPEN_TERMS)}
    return render(request, "jobs/detail.html#state" if request.htmx else "jobs/detail.html", facts)
