from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.changes import columns, pages
from rotc.changes import sheet as from_sheet
from rotc.changes.forms import ConfirmForm
from rotc.exams.pages import sheet_for
from rotc.refusals import Refusal
from rotc.web.answers import done


@require_GET
@access.needs(access.SEE_GRADES)
def listed(request):
    """Changes of scores in a term, newest first."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "exams/no_sheet.html")
    changes = pages.Changes(request.user, term, request.GET)
    if downloads.asked(request):
        return downloads.answer(request, "Changes of scores", columns.ACTS, changes.every(), term=term)
    return render(request, "changes/list.html", {"changes": changes})


@require_GET
@access.needs(access.SEE_GRADES)
def act(request, act):
    """One change: each cell, from what to what, and what it is now."""
    found = pages.act_for(request.user, act, request.GET)
    if downloads.asked(request):
        about = found.whole.what
        return downloads.answer(request, "Change", columns.CELLS, found.cells, term=found.term, about=about)
    return render(request, "changes/act.html", {"act": found, "whole": found.whole})


@require_http_methods(["GET", "POST"])
@access.needs(access.ENTER_SCORES)
def undo(request, act):
    """Take a change back: what it would do first, then exactly that."""
    found = pages.act_for(request.user, act, request.GET)
    if found.opens_plan:
        return redirect("imports:plan", found.plan.pk)
    found.refuse_unless_open()
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = found.take_back(act, **form.cleaned_data)
            return done(request, pages.said("Took back", changed, found.left(changed)), found.back)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "changes/undo.html", {"act": found, "form": form}, status=status)


@require_POST
@access.needs(access.ENTER_SCORES)
def undo_last(request):
    """Take back one's own last change in this sheet: a single cell at once, many after a look."""
    # An open page names its reader: it takes nothing back as somebody who signed in there since.
    access.check(request.POST.get("reader") in (None, str(request.user.pk)))
    sheet = sheet_for(request.user, request.GET)
    access.check(sheet is not None and access.may(request.user, access.ENTER_SCORES, sheet.unit))
    back = f"{reverse('exams:sheet')}?{sheet.query}"
    try:
        line = from_sheet.last_of(sheet)
        if not from_sheet.is_single(line):
            return _go(request, f"{reverse('changes:undo', args=[line.act])}?{urlencode({'next': back})}")
        cell = from_sheet.take_back_cell(sheet, line)
    except Refusal as refusal:
        return _refused(request, refusal)
    if not request.htmx:
        return done(request, cell.said, back)
    facts = {"score": cell.score, "enrollments": [cell.enrollment], "said": cell.said}
    facts["figures"] = sheet.figures_of([cell.score.exam])
    return render(request, "exams/_saved.html", facts)


def _go(request, address):
    if not request.htmx:
        return redirect(address)
    return HttpResponse(headers={"HX-Redirect": address})


def _refused(request, refusal):
    if not request.htmx:
        raise refusal
    return render(request, "exams/_refused.html", {"refusal": refusal}, status=refusal.status)


@require_http_methods(["GET", "POST"])
@access.needs(access.ENTER_SCORES)
def fill(request):
    """Fill cells of one exam: what it would do first, then exactly that."""
    filling = from_sheet.filling_for(request.user, sheet_for(request.user, request.GET), request.GET)
    confirm = ConfirmForm(request.POST or None)
    if request.method == "POST" and filling.is_chosen and confirm.is_valid():
        try:
            return done(request, filling.said(filling.fill(**confirm.cleaned_data)), filling.back)
        except Refusal as refusal:
            confirm.add_error(None, str(refusal))
    bad = request.method == "POST" or (filling.form.is_bound and not filling.is_chosen)
    facts = {"filling": filling, "confirm": confirm}
    return render(request, "changes/fill.html", facts, status=422 if bad else 200)
