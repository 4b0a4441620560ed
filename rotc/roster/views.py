from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rotc import access, downloads
from rotc.refusals import BadValue, Refusal
from rotc.roster import actions, columns, erasing, photos, profiles, queries
from rotc.roster.adding import Adding
from rotc.roster.answers import picture
from rotc.roster.archiving import serving
from rotc.roster.fact_forms import ChangeFacts
from rotc.roster.forms import Erase, FormUnit, Photo
from rotc.roster.pages import Bulk, Roster
from rotc.web.answers import done


@require_GET
@access.needs(access.SEE_ROSTER)
def cadets(request):
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "roster/no_term.html")
    roster = Roster(request.user, term, request.GET)
    if downloads.asked(request):
        return downloads.answer(request, "Roster", roster.columns, roster.whole, term=term)
    return render(request, "roster/cadets.html", {"roster": roster, "term": term, "page": roster.page})


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
    branches = queries.tree(seen, reached.filter(serving(term)))
    if downloads.asked(request):
        return downloads.answer(request, "Units", columns.UNITS, branches, term=term)
    facts = {"term": term, "branches": branches, "form": form, "may_change": may_change}
    facts["sees_facts"] = access.may(request.user, access.SEE_GRADES, term=term)
    return render(request, "roster/units.html", facts, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_ROSTER)
def add(request):
    """Enroll one cadet by hand: a new one, or one of an earlier term whose student number is known."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "roster/no_term.html")
    access.check(access.may(request.user, access.CHANGE_ROSTER, term=term) and term.closed_at is None)
    adding = Adding(request.user, term, request.POST or None)
    if adding.is_decided:
        try:
            added = adding.add()
            return done(request, f"{added.cadet.full_name} is enrolled.", "roster:cadet", added.pk)
        except Refusal as refusal:
            adding.form.add_error(None, str(refusal))
    status = 422 if adding.form.is_bound else 200
    return render(request, "roster/add.html", {"adding": adding, "term": term}, status=status)


@require_GET
def cadet(request, pk):
    enrollment = access.enrollment(request.user, pk, access.SEE_ROSTER)
    may = {
        right: access.may(request.user, asked, enrollment.unit)
        for right, asked in (("change", access.CHANGE_ROSTER), ("see_all", access.SEE_GRADES))
    }
    others = queries.other_terms(enrollment)
    facts = {
        "enrollment": enrollment,
        "cadet": enrollment.cadet,
        "others": [each for each in others if access.may(request.user, access.SEE_ROSTER, each.unit)],
        "missing": profiles.missing(enrollment.cadet, enrollment),
        "may_change": may["change"] and not access.owns(request.user, enrollment),
        "may_see_all": may["see_all"],
        "photo": Photo(),
    }
    return render(request, "roster/cadet.html", facts)


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


@require_http_methods(["GET", "POST"])
def photo(request, pk):
    """The cadet's photo, to whoever reads their record; POST puts another in its place, or none."""
    if request.method == "GET":
        return picture(request, access.enrollment(request.user, pk).cadet)
    cadet = access.enrollment(request.user, pk, access.CHANGE_ROSTER).cadet
    form = Photo(request.POST, request.FILES)
    given = form.is_valid() and form.cleaned_data["photo"]
    if given:
        photos.keep_photo(cadet, given, by=request.user)
    elif "remove" in request.POST:
        photos.remove_photo(cadet, by=request.user)
    else:
        raise BadValue("No photo was chosen. Nothing was changed.")
    said = "The photo is saved." if given else "The photo is removed."
    return done(request, said, "roster:cadet", pk)


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_ROSTER)
def bulk(request):
    """What an act would do to many cadets; POST does what was shown."""
    term = access.term(request.user, request.GET.get("term"))
    access.check(term is not None and access.may(request.user, access.CHANGE_ROSTER, term=term))
    page = Bulk(request.user, term, request.GET)
    refusal = None
    if request.method == "POST" and page.is_chosen:
        try:
            now = page.confirm(request.POST.get("seen", ""))
            return done(request, _said(now), f"/roster/?term={term.name}")
        except Refusal as said:
            refusal, page = said, Bulk(request.user, term, request.GET)
    status = 422 if refusal or request.method == "POST" else 200
    return render(
        request, "roster/bulk.html", {"bulk": page, "term": term, "refusal": refusal}, status=status
    )


def _said(preview) -> str:
    many = len(preview.changes)
    said = f"{many} {'cadet is' if many == 1 else 'cadets are'} {preview.act.done}."
    return f"{said} {len(preview.left_out)} left out." if preview.left_out else said


@require_http_methods(["GET", "POST"])
def erase(request, pk):
    """Erase a record without grades, its student number typed to confirm."""
    enrollment = access.enrollment(request.user, pk, access.CHANGE_ROSTER, archived=True)
    cadet, because = enrollment.cadet, erasing.why_not(enrollment.cadet)
    form = Erase(request.POST or None, cadet=cadet)
    if form.is_valid():
        try:
            erasing.erase(cadet, by=request.user)
            return done(request, f"{cadet} is erased.", f"/roster/?term={enrollment.term.name}")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render(
        request,
        "roster/erase.html",
        {"form": form, "enrollment": enrollment, "because": because},
        status=status,
    )
