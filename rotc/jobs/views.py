from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rotc import access
from rotc.jobs import queries


@require_GET
@access.needs(access.OPEN_TERMS)
def jobs(request):
    page = Paginator(queries.newest_first(), 50).get_page(request.GET.get("page"))
    return render(request, "jobs/list.html#rows" if request.htmx else "jobs/list.html", {"page": page})


@require_GET
def detail(request, pk):
    facts = {"job": access.job(request.user, pk), "lists": access.may(request.user, access.OPEN_TERMS)}
    return render(request, "jobs/detail.html#state" if request.htmx else "jobs/detail.html", facts)
