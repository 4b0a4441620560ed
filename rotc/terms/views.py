from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access
from rotc.jobs.actions import ask
from rotc.refusals import Refusal
from rotc.terms import actions, queries
from rotc.terms.forms import TermForm
from rotc.web.answers import done


@require_GET
@access.needs(access.OPEN_TERMS, access.SET_EXAMS)
def terms(request):
    return render(request, "terms/list.html", {"terms": queries.terms()})


@require_http_methods(["GET", "POST"])
@access.needs(access.OPEN_TERMS)
def new(request):
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            term, opened = actions.open_term(by=request.user, **form.cleaned_data)
            said = f"{term.title} is open." if opened else f"{term.title} was open already; nothing changed."
            return done(request, said, "terms:detail", term.name)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "terms/new.html", {"form": form})


@require_GET
@access.needs(access.OPEN_TERMS, access.SET_EXAMS)
def detail(request, name):
    term = access.term(request.user, name)
    facts = {
        "term": term,
        "rules": term.rules,
        "policy": queries.policy_lines(term.rules),
        "sets_exams": access.may(request.user, access.SET_EXAMS, term=term) and not term.closed_at,
    }
    return render(request, "terms/detail.html", facts)


@require_POST
@access.needs(access.OPEN_TERMS)
def recompute(request, name):
    """Grade the whole term again from its facts, as a job."""
    term = access.term(request.user, name)
    job = ask("recompute", by=request.user, term=term.pk)
    return redirect("jobs:detail", job.pk)
