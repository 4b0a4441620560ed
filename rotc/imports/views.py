from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.exams.pages import sheet_for
from rotc.imports import actions, columns, files, pasting, queries
from rotc.imports.blank_files import blank_file, problems_csv
from rotc.imports.forms import ChooseAgain, GiveFile, PasteBlock
from rotc.imports.kinds import KINDS
from rotc.messages.actions import read_about
from rotc.refusals import BadValue, UnreadableFile
from rotc.web.answers import as_file, refused


@require_GET
def past(request):
    kinds = [kind for kind in KINDS.values() if access.may_import(request.user, kind.name)]
    access.check(bool(kinds))
    plans = access.import_plans(request.user)
    if downloads.asked(request):
        return downloads.answer(request, "Imports", columns.PAST, queries.committed(plans))
    shown = {
        "kinds": kinds,
        "page": queries.past(plans, request.GET.get("page")),
        "unfinished": queries.unfinished(plans, request.user),
    }
    return render(request, "imports/past.html", shown)


@require_http_methods(["GET", "POST"])
def give(request, kind):
    access.check(access.may_import(request.user, kind))
    terms = access.import_terms(request.user, kind)
    form = GiveFile(
        request.POST or None,
        request.FILES or None,
        kind=KINDS[kind],
        terms=terms,
        initial={"term": request.GET.get("term")},
    )
    if form.is_valid():
        term, (name, data) = form.cleaned_data["term"], form.source()
        reach = access.import_reach(request.user, kind, term)
        try:
            plan = actions.give_file(kind, term, name, data, form.choices(), by=request.user, reach=reach)
            return redirect("imports:plan", plan.pk)
        except UnreadableFile as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "cells", str(refusal))
    shown = {"form": form, "kind": KINDS[kind], "has_terms": bool(terms)}
    return render(request, "imports/give.html", shown, status=422 if form.is_bound else 200)


@require_GET
def blank(request, kind, suffix):
    access.check(access.may_import(request.user, kind))
    term = access.import_terms(request.user, kind).first() or access.term(request.user)
    return as_file(blank_file(KINDS[kind], term, suffix), kind, suffix)


@require_POST
@access.needs(access.ENTER_SCORES)
def paste(request):
    """A block pasted into the grade sheet that the address names: a plan like that of a file."""
    sheet, form = sheet_for(request.user, request.GET), PasteBlock(request.POST)
    access.check(sheet is not None and access.may(request.user, access.ENTER_SCORES, sheet.unit))
    if sheet.too_long or not form.is_valid():
        raise BadValue("Open the sheet of a company or a platoon, copy some cells, and paste them there.")
    sheet.kept_rows = form.cleaned_data.pop("rows")
    reach = access.import_reach(request.user, "scores", sheet.term)
    block = pasting.plan_block(sheet, **form.cleaned_data, by=request.user, reach=reach)
    return redirect("imports:plan", block.pk)


@require_GET
def plan(request, pk):
    """Where an import stands: being worked on, unreadable, checked, or committed."""
    found = access.import_plan(request.user, pk)
    if found.job and found.job.open:
        return render(request, "imports/working.html", {"plan": found, "job": queries.progress(found)})
    read_about(request.path, by=request.user)
    if request.htmx and not request.htmx.boosted:
        return _look_again()
    if not found.checked_at:
        return render(request, "imports/unread.html", {"plan": found}, status=422)
    return _shown(request, found)


def _look_again():
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _shown(request, plan, status=200, **more):
    page = "imports/result.html" if plan.committed_at else "imports/check.html"
    may_print_codes = access.may(request.user, access.MANAGE_ACCOUNTS, term=plan.term)
    shown = queries.screen(plan, request.GET.get("show"), request.GET.get("page"))
    return render(
        request, page, shown | _forms(plan) | {"may_print_codes": may_print_codes} | more, status=status
    )


def _forms(plan) -> dict:
    return {"choices": ChooseAgain(plan=plan), "as_chosen": ChooseAgain(plan=plan, auto_id=False)}


@require_POST
def check_again(request, pk):
    found = access.import_plan(request.user, pk)
    if not found.checked_at:
        return redirect("imports:plan", pk)
    form = ChooseAgain(request.POST, plan=found)
    if not form.is_valid():
        return _shown(request, found, status=422, choices=form)
    reach = access.import_reach(request.user, found.kind, found.term)
    try:
        again = actions.check_again(found, form.choices(), by=request.user, reach=reach)
    except UnreadableFile as refusal:
        return refused(request, refusal)
    return redirect("imports:plan", again.pk)


@require_POST
def commit(request, pk):
    found = access.import_plan(request.user, pk)
    try:
        actions.confirm(found, reason=request.POST.get("reason", ""), by=request.user)
    except BadValue as refusal:
        return _shown(request, found, status=422, reason_refused=refusal)
    return redirect("imports:plan", pk)


@require_POST
def undo(request, pk):
    found = access.import_plan(request.user, pk)
    actions.ask_undo(found, by=request.user)
    return redirect("imports:plan", pk)


@require_GET
def file(request, pk):
    """The file as it was given."""
    found = access.import_plan(request.user, pk)
    answer = HttpResponse(files.kept(found), content_type="application/octet-stream")
    answer["Content-Disposition"] = files.disposition(found.file_name)
    return answer


@require_GET
def log(request, pk):
    """All that a committed import did, on paper."""
    found = access.import_plan(request.user, pk)
    if not found.committed_at:
        return redirect("imports:plan", pk)
    return render(request, "imports/log.html", queries.log(found))


@require_GET
def problems(request, pk):
    found = access.import_plan(request.user, pk)
    return as_file(problems_csv(found.problems), f"problems-{found.pk}", "csv")
