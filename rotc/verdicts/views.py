from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rotc import access, downloads
from rotc.refusals import Refusal
from rotc.verdicts import columns, overrides, queries
from rotc.verdicts.drops import DEEDS, withdraw_decision
from rotc.verdicts.forms import LiftForm, WithdrawForm
from rotc.verdicts.pages import CodePage, DropPage
from rotc.web.answers import done

A_PAGE = 60


@require_http_methods(["GET", "POST"])
def set_code(request, enrollment):
    """Give a cadet a code by hand, or another one, with a reason."""
    of = access.enrollment(request.user, enrollment, access.SET_CODES)
    page, refusal = CodePage(of), None
    form = page.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            override = overrides.set_override(of, **form.cleaned_data, by=request.user)
            return done(request, f"{override.code} set for {of.cadet.short_name}.", "standings:of", of.pk)
        except Refusal as refused:
            refusal, page = refused, CodePage(of)
            form = page.form(kept=form.cleaned_data)
    return _decided_on(request, "verdicts/set_code.html", page, form, refusal)


def _decided_on(request, template, page, form, refusal):
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, template, {"page": page, "form": form, "refusal": refusal}, status=status)


@require_http_methods(["GET", "POST"])
def lift_code(request, enrollment):
    """End a code that was set by hand, with a reason."""
    of = access.enrollment(request.user, enrollment, access.SET_CODES)
    override = overrides.in_force([of.pk]).get(of.pk)
    if override is None:
        raise Http404
    form = LiftForm(request.POST or None, initial={"seen": override.pk})
    if request.method == "POST" and form.is_valid():
        overrides.lift_override(of, **form.cleaned_data, by=request.user)
        return done(request, f"{override.code} of {of.cadet.short_name} lifted.", "standings:of", of.pk)
    facts = {"form": form, "override": override, "enrollment": of}
    return render(request, "verdicts/lift_code.html", facts, status=422 if form.errors else 200)


@require_GET
@access.needs(access.SEE_GRADES)
def drops(request):
    """Whom the engine recommends to drop in a term, and what was decided."""
    term, show = access.term(request.user, request.GET.get("term")), request.GET.get("show", "")
    found = queries.drops(access.enrollments(request.user, access.SEE_GRADES, term), show)
    if downloads.asked(request) and term:
        return downloads.answer(request, "Drops", columns.DROPS, found, term=term)
    facts = {
        "term": term,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "shows": queries.SHOWS,
        "may_decide": term
        and not term.closed_at
        and access.may(request.user, access.DECIDE_DROPS, term=term),
    }
    return render(request, "verdicts/drops.html", facts)


@require_http_methods(["GET", "POST"])
@access.needs(access.SEE_GRADES)
def drop(request, enrollment):
    """One cadet's drop: read by whoever sees the grades, decided by the Commandant."""
    right = access.DECIDE_DROPS if request.method == "POST" else access.SEE_GRADES
    of = access.enrollment(request.user, enrollment, right)
    page, refusal = DropPage(request.user, of), None
    form = page.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made = DEEDS[facts.pop("decision")](of, **facts, by=request.user)
            return done(request, f"Drop of {of.cadet.short_name} {made.decision}.", "verdicts:drop", of.pk)
        except Refusal as refused:
            refusal, page = refused, DropPage(request.user, _read_again(request, of))
            form = page.form(kept=form.cleaned_data)
    return _decided_on(request, "verdicts/drop.html", page, form, refusal)


def _read_again(request, of):
    return access.enrollment(request.user, of.pk)


@require_http_methods(["GET", "POST"])
def withdraw_drop(request, enrollment):
    """End a decision on a drop, with a reason."""
    of = access.enrollment(request.user, enrollment, access.DECIDE_DROPS)
    page = DropPage(request.user, of)
    if not page.decision:
        raise Http404
    form = WithdrawForm(request.POST or None, initial={"seen": page.decision["id"]})
    if request.method == "POST" and form.is_valid():
        withdraw_decision(of, **form.cleaned_data, by=request.user)
        return done(request, f"Decision on {of.cadet.short_name} withdrawn.", "verdicts:drop", of.pk)
    return _decided_on(request, "verdicts/withdraw_drop.html", page, form, None)
