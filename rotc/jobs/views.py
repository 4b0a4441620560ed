from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from rotc import access, downloads
from rotc.jobs import actions, columns, queries, schedules
from rotc.messages.actions import read_about
from rotc.web.answers import done


@require_GET
@access.needs(access.OPEN_TERMS)
def jobs(request):
    show = request.GET.get("show", "")
    found = queries.newest_first(show)
    if downloads.asked(request):
        return downloads.answer(request, "Background work", columns.JOBS, found)
    facts = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "shows": queries.SHOWS,
        "show": show,
    }
    return render(request, "jobs/list.html#rows" if request.htmx else "jobs/list.html", facts)


@require_GET
def detail(request, pk):
    found = queries.with_progress(access.job(request.user, pk))
    if not found.open:
        read_about(found.path, by=request.user)
    facts = {"job": found, "lists": access.may(request.user, access.OPEN_TERMS)}
    return render(request, "jobs/detail.html#state" if request.htmx else "jobs/detail.html", facts)


@require_GET
@access.needs(access.OPEN_TERMS)
def scheduled(request):
    return render(request, "jobs/schedules.html", {"lines": list(schedules.lines())})


@require_POST
@access.needs(access.OPEN_TERMS)
def run_now(request, kind):
    job = actions.ask(access.schedule(kind), by=request.user)
    return done(request, f"{job.title}: it starts in a moment.", "jobs:detail", job.pk)


@require_POST
def cancel(request, pk):
    found = access.job(request.user, pk)
    actions.cancel(found, by=request.user)
    return done(request, f"{found.title} cancelled.", "jobs:detail", pk)


@require_POST
def run_again(request, pk):
    found = access.job(request.user, pk)
    actions.run_again(found, by=request.user)
    return done(request, f"{found.title} is taken up again.", "jobs:detail", pk)
