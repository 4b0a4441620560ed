from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access
from rotc.exams import actions, queries
from rotc.exams.forms import ExamForm, ScoreForm, SinceForm, typed_cells
from rotc.exams.pages import sheet_for
from rotc.refusals import BadValue, Refusal, StaleScore
from rotc.web.answers import done


@require_http_methods(["GET", "POST"])
@access.needs(access.SEE_GRADES)
def sheet(request):
    """The grade sheet; POST is the whole sheet sent as one form, where scripts are off."""
    page = sheet_for(request.user, request.GET)
    if page is None:
        return render(request, "exams/no_sheet.html")
    if request.method == "POST":
        access.check(access.may(request.user, access.ENTER_SCORES, page.unit))
        saved, page.refused, elsewhere = _save_all(request)
        if not page.refused and not elsewhere:
            return done(request, f"Saved {saved} scores.", f"{request.path}?{page.query}")
        messages.error(request, _said(saved, len(page.refused), elsewhere))
    status = 422 if request.method == "POST" else 200
    return render(request, "exams/sheet.html", {"sheet": page, "choices": queries.COLUMNS}, status=status)


def _save_all(request):
    """``(how many were saved, {cell: (what was typed, why it was refused)}, how many are not theirs any more)``.

    Each cell answers for itself: one that was moved away meanwhile takes no other along.
    """
    saved, refused, elsewhere = 0, {}, 0
    for enrollment, exam, version, _shown, typed in typed_cells(request.POST):
        try:
            actions.record_score(
                access.enrollment(request.user, enrollment, access.ENTER_SCORES),
                access.exam(request.user, exam),
                typed=typed,
                seen_version=version,
                by=request.user,
                how="form",
            )
            saved += 1
        except Refusal as refusal:
            refused[f"{enrollment}.{exam}"] = typed, str(refusal)
        except (Http404, PermissionDenied):
            elsewhere += 1
    return saved, refused, elsewhere


def _said(saved, refused, elsewhere) -> str:
    parts = [f"Saved {saved}."]
    if refused:
        parts.append(f"Not saved: {refused}, marked below.")
    if elsewhere:
        parts.append(f"Not saved: {elsewhere} no longer yours to enter.")
    return " ".join(parts)


@require_POST
def score(request, enrollment, exam):
    """Save one cell. 200 names the cell and its new version; 409 the value stored meanwhile; 422 why not."""
    enrolled = access.enrollment(request.user, enrollment, access.ENTER_SCORES)
    of = access.exam(request.user, exam)
    form = ScoreForm(request.POST)
    try:
        if not form.is_valid():
            raise BadValue("This is not a score. Not saved.")
        stored = actions.record_score(
            enrolled,
            of,
            typed=form.cleaned_data["value"],
            seen_version=form.cleaned_data["version"],
            by=request.user,
        )
    except StaleScore as refusal:
        return render(
            request, "exams/_stale.html", {"score": refusal.current, "refusal": refusal}, status=409
        )
    except Refusal as refusal:
        return render(request, "exams/_refused.html", {"refusal": refusal}, status=refusal.status)
    return render(request, "exams/_saved.html", {"score": stored, "enrollments": [enrolled]})


@require_GET
@access.needs(access.SEE_GRADES)
def changes(request):
    """What others changed on this sheet since it was last read, in the shape of a saved cell."""
    page, form = sheet_for(request.user, request.GET), SinceForm(request.GET)
    if page is None or not form.is_valid():
        raise BadValue("Open the sheet again.")
    stamp = page.stamp
    cells, enrollments = queries.changed_since(page.enrollments, form.cleaned_data["since"])
    facts = {
        "cells": cells,
        "enrollments": enrollments,
        "stamp": stamp,
        "progress": page.progress,
        "size": page.size,
    }
    return render(request, "exams/_changes.html", facts)


@require_http_methods(["GET", "POST"])
@access.needs(access.SET_EXAMS)
def new_exam(request):
    term = access.term(request.user, request.GET.get("term"))
    access.check(term is not None and access.may(request.user, access.SET_EXAMS, term=term))
    form = ExamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            exam = actions.add_exam(term, by=request.user, **form.cleaned_data)
            return done(request, f"{exam.name} added.", "terms:detail", term.name)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "exams/exam.html", {"form": form, "term": term})


@require_http_methods(["GET", "POST"])
def edit_exam(request, exam):
    of = access.exam(request.user, exam, access.SET_EXAMS)
    form = ExamForm(request.POST or None, instance=of)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_exam(
                access.exam(request.user, exam, access.SET_EXAMS), by=request.user, **form.cleaned_data
            )
            return done(request, f"{of.name} saved.", "terms:detail", of.term.name)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "exams/exam.html", {"form": form, "term": of.term, "exam": of})


@require_POST
def drop_exam(request, exam):
    of = access.exam(request.user, exam, access.SET_EXAMS)
    try:
        actions.drop_exam(of, by=request.user)
        messages.success(request, f"{of.name} dropped.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("terms:detail", of.term.name)
