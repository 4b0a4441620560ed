from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access
from rotc.imports import actions, queries
from rotc.imports.blank_files import BLANK_FILES, CSV_TYPE, problems_csv
from rotc.imports.forms import ChooseAgain, GiveRoster
from rotc.refusals import UnreadableFile
from rotc.web.answers import done, refused


@require_GET
@access.needs(access.CHANGE_ROSTER)
def past(request):
    plans = access.import_plans(request.user)
    return render(
        request,
        "imports/past.html",
        {
            "page": queries.past(plans, request.GET.get("page")),
            "unfinished": queries.unfinished(plans, request.user),
        },
    )


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_ROSTER)
def give_roster(request):
    terms = access.whole_terms(request.user, access.CHANGE_ROSTER)
    form = GiveRoster(request.POST or None, request.FILES or None, terms=terms)
    if form.is_valid():
        name, data = form.source()
        try:
            plan = actions.make_plan(
                "roster", form.cleaned_data["term"], name, data, form.choices(), by=request.user
            )
            return redirect("imports:plan", plan.pk)
        except UnreadableFile as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "cells", str(refusal))
    status = 422 if form.is_bound else 200
    return render(request, "imports/give.html", {"form": form, "has_terms": bool(terms)}, status=status)


@require_GET
@access.needs(access.CHANGE_ROSTER)
def blank_roster(request, suffix):
    write, content_type = BLANK_FILES[suffix]
    return _download(write(), content_type, f"roster.{suffix}")


@require_GET
@access.needs(access.CHANGE_ROSTER)
def plan(request, pk):
    found = access.import_plan(request.user, pk)
    page = "imports/result.html" if found.committed_at else "imports/check.html"
    may_print_codes = access.may(request.user, access.MANAGE_ACCOUNTS, term=found.term)
    shown = queries.screen(found, request.GET.get("show"), request.GET.get("page"))
    return render(request, page, shown | _forms(found) | {"may_print_codes": may_print_codes})


@require_POST
@access.needs(access.CHANGE_ROSTER)
def check_again(request, pk):
    found = access.import_plan(request.user, pk)
    form = ChooseAgain(request.POST, plan=found)
    if not form.is_valid():
        shown = queries.screen(found, None, 1) | _forms(found) | {"choices": form}
        return render(request, "imports/check.html", shown, status=422)
    try:
        again = actions.check_again(found, form.choices(), by=request.user)
    except UnreadableFile as refusal:
        return refused(request, refusal)
    return redirect("imports:plan", again.pk)


@require_POST
@access.needs(access.CHANGE_ROSTER)
def commit(request, pk):
    found = access.import_plan(request.user, pk)
    actions.commit_plan(found, by=request.user)
    return done(request, f"{found.file_name} is committed.", "imports:plan", found.pk)


@require_GET
@access.needs(access.CHANGE_ROSTER)
def problems(request, pk):
    found = access.import_plan(request.user, pk)
    return _download(problems_csv(found.problems), CSV_TYPE, f"problems-{found.pk}.csv")


def _forms(plan) -> dict:
    return {"choices": ChooseAgain(plan=plan), "as_chosen": ChooseAgain(plan=plan, auto_id=False)}


def _download(data, content_type, name):
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
