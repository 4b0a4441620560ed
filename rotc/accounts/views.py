"""The staff and their appointments, and one-time codes for everybody. For administrators."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access
from rotc.accounts import actions, codes, letting_in, queries
from rotc.accounts.forms import AddStaff, Appoint, CadetOfficer, WhoGetsCodes
from rotc.refusals import BadValue
from rotc.web.answers import done

A_PAGE = 50
FULL_SHEETS = 37 * 8  # slips: eight to a sheet


def _units(request):
    term = access.term(request.user)
    return term, access.units(request.user, access.MANAGE_ACCOUNTS, term)


def _slips(request, issued):
    """The printed codes: shown this once, kept by nobody."""
    answer = render(request, "accounts/slips.html", {"issued": issued, "until": codes.valid_until()})
    answer["Cache-Control"] = "no-store"
    return answer


def _form(request, template, form, **more):
    return render(request, template, {"form": form, **more}, status=422 if form.errors else 200)


@access.needs(access.MANAGE_ACCOUNTS)
@require_GET
def people(request):
    term = access.term(request.user)
    search = request.GET.get("q", "").strip()[:100]
    found = Paginator(queries.staff(term, search), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": found, "term": term, "search": search})


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def add(request):
    _, units = _units(request)
    form = AddStaff(request.POST or None, units=units, ranks=queries.staff_ranks())
    if request.method == "POST" and form.is_valid():
        try:
            issued = letting_in.add_staff(
                form.cleaned_data["username"], **form.appointment(), **form.person(), by=request.user
            )
        except BadValue as refusal:
            form.add_error("username", str(refusal))
        else:
            return _slips(request, [issued])
    return _form(request, "accounts/add.html", form)


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def officer(request):
    """Make a cadet a cadet officer."""
    term, units = _units(request)
    form = CadetOfficer(request.POST or None, term=term, units=units)
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        user = letting_in.appoint_cadet_officer(form.cadet, unit, by=request.user)
        return done(request, f"{form.cadet} leads {unit.place} now.", "accounts:person", user.pk)
    return _form(request, "accounts/officer.html", form, term=term)


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def code_slips(request):
    """Choose cadets by unit or MS level; POST issues a code to those that are ticked."""
    term, units = _units(request)
    enrolled = access.enrollments(request.user, access.MANAGE_ACCOUNTS, term)
    form = WhoGetsCodes(request.GET, units=units, levels=queries.ms_levels(enrolled))
    if request.method == "POST":
        ticked = queries.cadets_of(enrolled, request.POST.getlist("enrollment"))
        if ticked:
            return _slips(request, letting_in.issue_codes_to_cadets(ticked, by=request.user))
    rows = queries.to_let_in(enrolled, **form.chosen())
    page = Paginator(rows, FULL_SHEETS).get_page(request.GET.get("page"))
    shown = {"form": form, "term": term, "page": page, "waiting": rows.filter(waits=True).count()}
    posted = request.method == "POST"
    return render(request, "accounts/codes.html", shown | {"nobody": posted}, status=422 if posted else 200)


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def person(request, pk):
    """One account; POST appoints."""
    user = access.account(request.user, pk)
    term, units = _units(request)
    form = Appoint(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        appointed = actions.appoint(user, **form.appointment(), by=request.user)
        return done(request, f"{user.title} is {appointed} now.", "accounts:person", pk)
    return _form(request, "accounts/person.html", form, term=term, **queries.person(user, term))


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def relieve(request, pk):
    appointment = access.appointment(request.user, pk)
    actions.relieve(appointment, by=request.user)
    said = f"{appointment.user.title} is relieved as {appointment}."
    if appointment.user_id == request.user.pk:
        return done(request, said, "/")
    return done(request, said, "accounts:person", appointment.user_id)


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def issue_code(request, pk):
    user = access.account(request.user, pk)
    return _slips(request, letting_in.issue_codes([user], by=request.user))


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def deactivate(request, pk):
    user = access.account(request.user, pk)
    actions.deactivate(user, by=request.user)
    return done(request, f"{user.title}'s account is deactivated.", "accounts:person", pk)


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def reactivate(request, pk):
    user = access.account(request.user, pk)
    actions.reactivate(user, by=request.user)
    return done(request, f"{user.title} may sign in again.", "accounts:person", pk)


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def end_sessions(request, pk):
    user = access.account(request.user, pk)
    actions.end_sessions(user, by=request.user)
    return (
        redirect("accounts:people")
        if user == request.user
        else done(request, f"{user.title} is signed out everywhere.", "accounts:person", pk)
    )


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def reset_second_factor(request, pk):
    user = access.account(request.user, pk)
    actions.reset_second_factor(user, by=request.user)
    return done(request, f"{user.title}'s second factor is taken off.", "accounts:person", pk)
