"""The staff and their appointments, and one-time codes for everybody. For administrators."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.accounts import actions, codes, columns, letters, letting_in, pages, queries, records, ways_in
from rotc.accounts.forms import AddStaff, Appoint, CadetOfficer
from rotc.accounts.record_forms import StaffRecord
from rotc.refusals import BadValue, NotNow, Refusal
from rotc.web.answers import done

A_PAGE = 50
FULL_SHEETS = 37 * 8  # slips: eight to a sheet


def _units(request):
    term = access.term(request.user)
    return term, access.units(request.user, access.MANAGE_ACCOUNTS, term)


def _slips(request, issued, enrollments=()):
    """The printed codes: shown this once, kept by nobody."""
    pages.note_shown(request)
    piles = ways_in.in_piles(issued, enrollments)
    shown = {"piles": piles, "many": len(issued), "until": codes.valid_until()}
    answer = render(request, "accounts/slips.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _form(request, template, form, status=422, **more):
    return render(request, template, {"form": form, **more}, status=status if form.errors else 200)


@access.needs(access.MANAGE_ACCOUNTS)
@require_GET
def people(request):
    term = access.term(request.user)
    search = request.GET.get("q", "").strip()[:100]
    staff = queries.staff(term, search)
    if downloads.asked(request):
        return downloads.answer(request, "People", columns.PEOPLE, staff, term=term)
    found = Paginator(staff, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": found, "term": term, "search": search})


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def add(request):
    _, units = _units(request)
    facts = {"units": units, "ranks": queries.staff_ranks(), "letters": settings.SENDS_LETTERS}
    form = AddStaff(request.POST or None, **facts)
    if request.method == "POST" and form.is_valid():
        try:
            user = letting_in.take_on(
                form.cleaned_data["username"], **form.appointment(), **form.person(), by=request.user
            )
        except BadValue as refusal:
            form.add_error("username", str(refusal))
        else:
            return _tell_code(request, user, by_letter=form.cleaned_data.get("by_letter"))
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
def cadets_codes(request):
    """How the cadets of a term stand with getting in; POST issues slips to those that are ticked."""
    choice = pages.Choice(request.user, request.POST or request.GET)
    posted = request.method == "POST"
    rows = choice.rows() if posted else []
    if rows:
        return _slips_of(request, rows)
    if downloads.asked(request):
        return downloads.answer(request, "Codes", columns.CODES, choice.found, term=choice.term)
    found = Paginator(choice.found, FULL_SHEETS).get_page(request.GET.get("page"))
    shown = {
        "choice": choice,
        "page": found,
        "tally": ways_in.tally(choice.here),
        "nobody": posted,
        "once": pages.once(),
        "newest": queries.newest_code(),
        "letters": settings.SENDS_LETTERS,
    }
    return render(request, "accounts/codes.html", shown, status=422 if posted else 200)


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def many_codes(request, deed):
    """What issuing or revoking many codes would mean; once that is confirmed, it is done."""
    newest = queries.newest_code()  # before the rows: a code between the two is one they do not show
    choice = pages.Choice(request.user, request.POST)
    rows = choice.rows()
    if not rows:
        raise NotNow("Nobody is ticked, or nobody is there. No code was touched.")
    if "confirmed" in request.POST:
        return MANY[deed](request, rows)
    shown = {"deed": deed, "choice": choice, "rows": rows, "outlook": ways_in.Outlook.of(rows)}
    shown |= {"once": pages.once(), "newest": newest}
    return render(request, "accounts/codes_confirm.html", shown)


def _slips_of(request, rows):
    pages.refuse_twice(request)
    newest = pages.newest_seen(request)
    issued = letting_in.issue_codes_to_cadets([row.cadet for row in rows], by=request.user, newest=newest)
    return _slips(request, issued, rows)


def _letters_to(request, rows):
    letting_in.refuse_overtaken([row.cadet for row in rows], pages.newest_seen(request))
    users = letting_in.accounts_of([row.cadet for row in rows if row.cadet.email], by=request.user)
    return redirect("jobs:detail", pages.ask_for_letters(request, users).pk)


def _take_back_of(request, rows):
    letting_in.refuse_overtaken([row.cadet for row in rows], pages.newest_seen(request))
    users = [row.cadet.user for row in rows if row.code_until]
    ended = letting_in.take_back_codes(users, by=request.user)
    return done(request, f"{ended:,} code{'' if ended == 1 else 's'} revoked.", "accounts:codes")


MANY = {"slips": _slips_of, "letters": _letters_to, "revoke": _take_back_of}


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
    told = {"once": pages.once(), "letters": settings.SENDS_LETTERS and not letters.why_no_letter(user)}
    return _form(request, "accounts/person.html", form, term=term, **queries.person(user), **told)


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
    """A code for one person: on a slip, or by e-mail."""
    user = access.account(request.user, pk)
    return _tell_code(request, user, by_letter="by_letter" in request.POST)


def _tell_code(request, user, *, by_letter):
    if by_letter:
        return redirect("jobs:detail", pages.ask_for_letters(request, [user]).pk)
    pages.refuse_twice(request)
    return _slips(request, letting_in.issue_codes([user], by=request.user))


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def revoke_code(request, pk):
    user = access.account(request.user, pk)
    ended = letting_in.take_back_codes([user], by=request.user)
    said = f"{user.title}'s code is revoked." if ended else f"{user.title} has no open code."
    return done(request, said, "accounts:person", pk)


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
def end_session(request, pk):
    session = access.signed_in(request.user, pk)
    actions.end_session(session, by=request.user)
    return done(request, f"{session.user.title} is signed out there.", "accounts:person", session.user_id)


@access.needs(access.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def record(request, pk):
    """All that the unit keeps about somebody of its staff, to correct it."""
    user = access.staff_account(request.user, pk)
    facts = {"profile": queries.profile_of(user), "words": queries.listed_words()}
    form = StaffRecord(request.POST or None, person=user, **facts)
    if form.is_valid():
        try:
            records.change_record(user, form.altered(), by=request.user)
            return done(request, f"{user.title} is saved.", "accounts:person", pk)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return _form(request, "accounts/record.html", form, person=user, status=refusal.status)
    return _form(request, "accounts/record.html", form, person=user)


@access.needs(access.MANAGE_ACCOUNTS)
@require_POST
def reset_second_factor(request, pk):
    user = access.account(request.user, pk)
    actions.reset_second_factor(user, by=request.user)
    return done(request, f"{user.title}'s second factor is taken off.", "accounts:person", pk)
