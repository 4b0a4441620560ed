from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.conduct import actions, columns, queries
from rotc.conduct import catalogue as lines
from rotc.conduct.forms import CitationForm, EntryForm, NewCitationForm, ReasonForm
from rotc.conduct.pages import giving_for
from rotc.refusals import BadValue, Refusal
from rotc.web.answers import done

A_PAGE = 60


@require_GET
@access.needs(access.PROPOSE_CONDUCT, access.SEE_GRADES)
def ledger(request):
    """The term's merits and demerits, newest first."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None or not access.may(request.user, access.SEE_ROSTER, term=term):
        return render(request, "conduct/no_ledger.html", {"term": term})
    show, search = request.GET.get("show", ""), request.GET.get("q", "").strip()[:80]
    found = queries.ledger(request.user, term, show=show, search=search)
    if downloads.asked(request):
        return downloads.answer(request, "Ledger", columns.LEDGER, found, term=term)
    facts = {
        "term": term,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "search": search,
        "shows": queries.SHOWS,
        "waiting": queries.proposals_waiting(request.user, term),
        "may_enter": not term.closed_at and access.may(request.user, access.PROPOSE_CONDUCT, term=term),
        "may_decide": not term.closed_at and access.may(request.user, access.GIVE_CONDUCT, term=term),
    }
    return render(request, "conduct/ledger.html", facts)


@require_http_methods(["GET", "POST"])
@access.needs(access.PROPOSE_CONDUCT)
def new(request):
    """Give or propose an entry: find the cadet or take a platoon's cadets, then say what for."""
    term = access.term(request.user, request.GET.get("term"))
    access.check(term is not None)
    asked = request.POST if request.method == "POST" else request.GET
    page = giving_for(request.user, term, request.GET, asked.getlist("cadet"))
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _entered(request, page.enter(form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "conduct/new.html", {"giving": page, "form": form}, status=status)


def _entered(request, entries):
    first = entries[0]
    whom = first.enrollment.cadet.full_name if len(entries) == 1 else f"{len(entries)} cadets"
    what = f"{first.points} {first.get_kind_display().lower()}{'' if first.points == 1 else 's'}"
    said = (
        f"{what} given to {whom}." if first.counts else f"{what} proposed for {whom}, waiting for approval."
    )
    return done(request, said, f"/conduct/?term={first.enrollment.term.name}")


@require_GET
def entry(request, entry):
    """One entry with what may be done about it."""
    of = access.conduct_entry(request.user, entry)
    return render(request, "conduct/entry.html", {"entry": of, "form": ReasonForm()})


@require_POST
def approve(request, entry):
    of = actions.approve(access.conduct_entry(request.user, entry), by=request.user)
    return done(request, f"Approved: {of.signed} for {of.enrollment.cadet.full_name}.", "conduct:ledger")


@require_POST
def decline(request, entry):
    of = access.conduct_entry(request.user, entry)
    actions.decline(of, reason=_reason(request), by=request.user)
    return done(request, "Declined. It does not count.", "conduct:ledger")


@require_POST
def reverse(request, entry):
    of = access.conduct_entry(request.user, entry)
    actions.reverse(of, reason=_reason(request), by=request.user)
    return done(request, "Reversed. Its points no longer count.", "conduct:ledger")


def _reason(request) -> str:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise BadValue("Say why, in at most 200 characters. Nothing was changed.")
    return form.cleaned_data["reason"]


@require_GET
@access.needs(access.PROPOSE_CONDUCT, access.SEE_GRADES)
def catalogue(request):
    """The catalogue by class."""
    may_change = access.may(request.user, access.CHANGE_CATALOGUE)
    classes = queries.catalogue(withdrawn=may_change)
    if downloads.asked(request):
        listed = [line for _, of_class in classes for line in of_class]
        return downloads.answer(request, "Catalogue", columns.CATALOGUE, listed)
    return render(request, "conduct/catalogue.html", {"classes": classes, "may_change": may_change})


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_CATALOGUE)
def new_citation(request):
    form = NewCitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = lines.add_citation(by=request.user, **form.cleaned_data)
            return done(request, f"{added.code} added.", "conduct:catalogue")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "conduct/citation.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def citation(request, citation):
    """Change a line's words or points."""
    of = access.citation(request.user, citation)
    form = CitationForm(request.POST or None, initial=vars(of))
    if request.method == "POST" and form.is_valid():
        try:
            lines.change_citation(of, by=request.user, **form.cleaned_data)
            return done(request, f"{of.code} saved.", "conduct:catalogue")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"form": form, "citation": of}
    return render(request, "conduct/citation.html", facts, status=422 if form.errors else 200)


@require_POST
def withdraw(request, citation):
    of = lines.withdraw_citation(access.citation(request.user, citation), by=request.user)
    return done(request, f"{of.code} withdrawn. Entries given keep it.", "conduct:catalogue")


@require_POST
def restore(request, citation):
    of = lines.restore_citation(access.citation(request.user, citation), by=request.user)
    return done(request, f"{of.code} is in force again.", "conduct:catalogue")
