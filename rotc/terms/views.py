from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.jobs.actions import ask
from rotc.policies.words import in_short
from rotc.refusals import Refusal
from rotc.terms import actions, carrying, columns, pages, queries
from rotc.terms.forms import TermForm
from rotc.web.answers import done

MOVED = "Facts have changed since this list was shown. Nothing was written; look at the ticks again."


@require_GET
@access.needs(access.OPEN_TERMS, access.SET_EXAMS)
def terms(request):
    if downloads.asked(request):
        return downloads.answer(request, "Terms", columns.TERMS, queries.terms())
    return render(request, "terms/list.html", {"terms": queries.terms()})


@require_http_methods(["GET", "POST"])
@access.needs(access.OPEN_TERMS)
def new(request):
    """Open a term, from nothing or from an earlier one."""
    posted = request.method == "POST"
    asked = request.POST.get("from", "") if posted else request.GET.get("from")
    source = pages.begun_from(request.user, asked)
    everybody = request.GET.get("appointments") != "none"
    form = TermForm(request.POST or None, source=source, by=request.user, everybody=everybody)
    if posted and form.is_valid():
        try:
            term, opened = actions.open_term(by=request.user, **form.facts())
            said = f"{term.title} is open." if opened else f"{term.title} was open already; nothing changed."
            return done(request, said, "terms:cadets" if opened and source else "terms:detail", term.name)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"form": form, "source": source, "terms": queries.terms(), "everybody": everybody}
    facts |= queries.taken_over(source, request.user)
    return render(request, "terms/new.html", facts, status=422 if posted else 200)


@require_GET
@access.needs(access.OPEN_TERMS, access.SET_EXAMS)
def detail(request, name):
    term = access.term(request.user, name)
    facts = {
        "term": term,
        "policy": in_short(term.rules),
        "sets_policy": access.may(request.user, access.SET_POLICY, term=term) and not term.closed_at,
        "sets_exams": access.may(request.user, access.SET_EXAMS, term=term) and not term.closed_at,
        "enrolls": pages.may_enroll(request.user, term),
        "rooms_of_a_term": pages.ROOMS,
    }
    return render(request, "terms/detail.html", facts)


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_ROSTER)
def cadets(request, name):
    """Choose who goes on into this term; POST shows what is ticked before anything is written."""
    posted = request.method == "POST"
    page = pages.choosing_for(request.user, name, request.POST or request.GET, posted=posted)
    if page.source is None or page.term.closed_at:
        return render(request, "terms/no_cadets.html", {"page": page})
    if not posted or "again" in request.POST:
        return render(request, "terms/cadets.html", {"page": page})
    if not page.ticked:
        return _choose_again(request, page, "Nobody is ticked. Nothing was written.", status=422)
    if page.moved:
        return _choose_again(request, page, MOVED, status=409)
    return render(request, "terms/carry.html", {"page": page})


def _choose_again(request, page, problem, *, status):
    return render(request, "terms/cadets.html", {"page": page, "problem": problem}, status=status)


@require_POST
@access.needs(access.CHANGE_ROSTER)
def carry(request, name):
    """Enroll exactly those who were shown."""
    page = pages.choosing_for(request.user, name, request.POST, posted=True)
    if page.source is None or not page.ticked:
        return redirect("terms:cadets", page.term.name)
    try:
        carried = carrying.carry(
            page.ticked,
            page.enrollments,
            page.source,
            page.term,
            by=request.user,
            promote=page.promote,
            officers=page.officers_asked,
            appointments=page.appointments,
        )
    except Refusal as refusal:
        return _choose_again(request, page, str(refusal), status=refusal.status)
    return done(request, carried.said, f"/roster/?term={page.term.name}")


@require_POST
@access.needs(access.OPEN_TERMS)
def recompute(request, name):
    """Grade the whole term again from its facts, as a job."""
    term = access.term(request.user, name)
    job = ask("recompute", by=request.user, term=term.pk)
    return redirect("jobs:detail", job.pk)
