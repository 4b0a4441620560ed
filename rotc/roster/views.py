from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rotc import access
from rotc.refusals import Refusal
from rotc.roster import actions, queries
from rotc.roster.forms import ChangeFacts, FormUnit, Search
from rotc.web.answers import done


@require_GET
@access.needs(access.SEE_ROSTER)
def cadets(request):
    term = access.term(request.user, request.GET.get("term"))
    may_change = access.may(request.user, access.CHANGE_ROSTER, term=term)
    if term is None:
        return render(request, "roster/no_term.html")
    reached = access.enrollments(request.user, access.SEE_ROSTER, term)
    form = Search(request.GET, units=access.units(request.user, access.SEE_ROSTER, term))
    level = request.GET.get("ms")
    found = queries.search(reached, **form.chosen())
    return render(
        request,
        "roster/cadets.html",
        {
            "term": term,
            "form": form,
            "level": level,
            "levels": queries.ms_levels(found),
            "page": queries.page_of(queries.search(found, ms_level=level), request.GET.get("page")),
            "may_change": may_change,
        },
    )


@require_http_methods(["GET", "POST"])
@access.needs(access.SEE_ROSTER)
def units(request):
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "roster/no_term.html")
    seen = access.units(request.user, access.SEE_ROSTER, term)
    parents = access.units(request.user, access.CHANGE_ROSTER, term).exclude(kind="platoon")
    may_change = access.may(request.user, access.CHANGE_ROSTER, term=term) and term.closed_at is None
    form = FormUnit(request.POST or None, parents=parents)
    if request.method == "POST":
        access.check(may_change)
    if form.is_valid():
        unit = actions.form_unit(term, **form.cleaned_data, by=request.user)
        return done(request, f"{unit.label} is formed.", f"{request.path}?term={term.name}")
    reached = access.enrollments(request.user, access.SEE_ROSTER, term)
    return render(
        request,
        "roster/units.html",
        {"term": term, "branches": queries.tree(seen, reached), "form": form, "may_change": may_change},
        status=422 if form.is_bound else 200,
    )


@require_GET
def cadet(request, pk):
    enrollment = access.enrollment(request.user, pk, access.SEE_ROSTER)
    may = {
        right: access.may(request.user, asked, enrollment.unit)
        for right, asked in (("change", access.CHANGE_ROSTER), ("see_all", access.SEE_GRADES))
    }
    own = access.owns(request.user, enrollment)
    others = queries.other_terms(enrollment)
    return render(
        request,
        "roster/cadet.html",
        {
            "enrollment": enrollment,
            "cadet": enrollment.cadet,
            "others": [each for each in others if access.may(request.user, access.SEE_ROSTER, each.unit)],
            "may_change": may["change"] and not own and enrollment.term.closed_at is None,
            "may_see_all": may["see_all"],
        },
    )


@require_http_methods(["GET", "POST"])
def change(request, pk):
    enrollment = access.enrollment(request.user, pk, access.CHANGE_ROSTER)
    units = access.units(request.user, access.CHANGE_ROSTER, enrollment.term)
    form = ChangeFacts(request.POST or None, enrollment=enrollment, units=units)
    if form.is_valid():
        try:
            actions.change_facts(enrollment, form.altered(), by=request.user)
            return done(request, f"{enrollment.cadet} is saved.", "roster:cadet", pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render(request, "roster/change.html", {"form": form, "enrollment": enrollment}, status=status)
