from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.attendance import actions, columns, planning, queries
from rotc.attendance.forms import DayForm, MarkForm, PlanForm, ReasonForm, typed_muster
from rotc.attendance.pages import cell, muster_for, reading_right
from rotc.refusals import BadValue, Refusal, StaleMark
from rotc.web.answers import done


@require_GET
@access.needs(access.MARK_ATTENDANCE, access.SEE_GRADES)
def days(request):
    """The term's training days, what is missing first."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None or not access.may(request.user, access.SEE_ROSTER, term=term):
        return render(request, "attendance/no_days.html", {"term": term})
    lines = queries.days(request.user, term, reading_right(request.user, term))
    if downloads.asked(request):
        return downloads.answer(request, "Training days", columns.DAYS, lines, term=term)
    facts = {
        "term": term,
        "lines": lines,
        "may_plan": not term.closed_at and access.may(request.user, access.PLAN_TRAINING, term=term),
    }
    return render(request, "attendance/days.html", facts)


@require_http_methods(["GET", "POST"])
def muster(request, day):
    """One unit on one day; POST is the whole muster sent as one form."""
    of = access.training_day(request.user, day, access.SEE_ROSTER)
    page = muster_for(request.user, of, request.GET.get("unit"))
    if request.method == "POST":
        return _save(request, page)
    if downloads.asked(request):
        title, about = f"Attendance {of}", page.unit.place
        return downloads.answer(request, title, columns.DAY, page.whole, term=of.term, about=about)
    return render(request, "attendance/muster.html", {"muster": page})


@require_POST
def rest(request, day):
    """Everyone not marked is present: first what was typed is saved, then the blanks are filled."""
    of = access.training_day(request.user, day)
    return _save(request, muster_for(request.user, of, request.GET.get("unit")), fill=True)


def _save(request, page, *, fill=False):
    access.check(page.right == access.MARK_ATTENDANCE)
    typed = typed_muster(request.POST, page.enrollments)
    outcome = actions.mark_many(page.day, typed.wanted, by=request.user, how="form")
    after = page.after(typed, outcome)
    if after.trouble:
        messages.error(request, _said(outcome, after, fill))
        return render(request, "attendance/muster.html", {"muster": after}, status=after.status)
    saved = len(outcome.saved)
    if fill:
        filled = actions.mark_rest_present(page.day, page.enrollments, by=request.user, how="fill blanks")
        others = f" Saved {saved} other marks." if saved else ""
        return done(request, f"Marked {len(filled.saved)} present.{others}", _back_to(page))
    return done(request, f"Saved {saved} {'mark' if saved == 1 else 'marks'}.", _back_to(page))


def _said(outcome, after, fill) -> str:
    parts = [f"Saved {len(outcome.saved)}."]
    if after.refused:
        parts.append(f"Not saved: {len(after.refused)}, marked below.")
    if after.elsewhere:
        parts.append(f"Not saved: {after.elsewhere} no longer in {after.unit.label}.")
    return " ".join([*parts, "Nobody else was marked present."] if fill else parts)


def _back_to(page) -> str:
    return f"/attendance/{page.day.pk}/?{page.query}"


@require_POST
def mark(request, day, enrollment):
    """Save one mark. 200 names it and its new version; 409 the mark stored meanwhile; 422 why not."""
    enrolled = access.enrollment(request.user, enrollment, access.MARK_ATTENDANCE)
    of = access.training_day(request.user, day)
    form = MarkForm(request.POST, prefix=enrolled.pk)
    try:
        if not form.is_valid():
            raise BadValue(form.sentence)
        facts = form.cleaned_data | {"seen_version": form.cleaned_data["seen"]}
        del facts["seen"], facts["was"]
        stored = actions.mark(of, enrolled, by=request.user, **facts)
    except StaleMark as refusal:
        return JsonResponse({**cell(refusal.current), "sentence": str(refusal)}, status=refusal.status)
    except Refusal as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=refusal.status)
    return JsonResponse(cell(stored))


@require_GET
def marks(request, day):
    """The marks of the muster as they stand now, for an open page."""
    of = access.training_day(request.user, day, access.SEE_ROSTER)
    return JsonResponse({"marks": muster_for(request.user, of, request.GET.get("unit")).cells})


@require_http_methods(["GET", "POST"])
@access.needs(access.PLAN_TRAINING)
def plan(request):
    """Add a training day, or one a week."""
    term = access.term(request.user, request.GET.get("term"))
    access.check(term is not None and access.may(request.user, access.PLAN_TRAINING, term=term))
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planned = planning.plan_days(term, by=request.user, **form.cleaned_data)
            said = planned[0].label if len(planned) == 1 else f"{len(planned)} training days"
            return done(request, f"{said} planned.", f"/attendance/?term={term.name}")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "attendance/plan.html", {"form": form, "term": term}, status=status)


@require_http_methods(["GET", "POST"])
def change(request, day):
    """Change a planned day's date or subject; the page also cancels it or brings it back."""
    of = access.training_day(request.user, day, access.PLAN_TRAINING)
    form = DayForm(request.POST or None, initial={"date": of.date, "subject": of.subject})
    if request.method == "POST" and form.is_valid():
        try:
            changed = planning.change_day(of, by=request.user, **form.cleaned_data)
            return done(request, f"{changed.label} saved.", f"/attendance/?term={of.term.name}")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"day": of, "form": form, "cancel_form": ReasonForm()}
    return render(request, "attendance/change.html", facts, status=422 if form.errors else 200)


@require_POST
def cancel(request, day):
    of = access.training_day(request.user, day, access.PLAN_TRAINING)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise BadValue("Say in at most 200 characters why the training is cancelled.")
    planning.cancel_day(of, by=request.user, **form.cleaned_data)
    return done(request, f"The training of {of.label} is cancelled.", f"/attendance/?term={of.term.name}")


@require_POST
def bring_back(request, day):
    of = access.training_day(request.user, day, access.PLAN_TRAINING)
    planning.bring_back_day(of, by=request.user)
    return done(request, f"{of.label} is planned again.", f"/attendance/?term={of.term.name}")
