from collections import Counter

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.exams import actions, columns, news, presence, queries, saving
from rotc.exams.forms import ExamForm, SinceForm, sent_cells, typed_cells
from rotc.exams.pages import sheet_for
from rotc.refusals import BadValue, Refusal
from rotc.web.answers import done

CELLS_AT_ONCE = 10


@csp_update({"frame-src": [SELF]})  # one signs in again within the page
@require_http_methods(["GET", "POST"])
@access.needs(access.SEE_GRADES)
def sheet(request):
    """The grade sheet; POST is the whole sheet sent as one form, where scripts are off."""
    page = sheet_for(request.user, request.GET)
    if page is None:
        return render(request, "exams/no_sheet.html")
    if downloads.asked(request):
        shown, about = columns.of_sheet(page), page.unit.place
        return downloads.answer(request, "Grade sheet", shown, page.rows, term=page.term, about=about)
    if request.method == "POST":
        access.check(access.may(request.user, access.ENTER_SCORES, page.unit))
        answers = saving.save_cells(request.user, typed_cells(request.POST), how="form")
        if all(answer.saved for answer in answers):
            return done(request, f"Saved {len(answers)} scores.", f"{request.path}?{page.query}")
        page.refused = {
            answer.key: (answer.cell.typed, getattr(answer.outcome, "of_cell", "") or answer.sentence)
            for answer in answers
            if not answer.saved
        }
        messages.error(request, _said(answers))
    status = 422 if request.method == "POST" else 200
    return render(request, "exams/sheet.html", {"sheet": page, "choices": queries.COLUMNS}, status=status)


def _said(answers) -> str:
    count = Counter(
        "saved" if answer.saved else "gone" if answer.enrollment is None else "refused" for answer in answers
    )
    parts = [f"Saved {count['saved']}."]
    if count["refused"]:
        parts.append(f"Not saved: {count['refused']}, marked below.")
    if count["gone"]:
        parts.append(f"Not saved: {count['gone']} no longer yours to enter.")
    return " ".join(parts)


@require_POST
@access.needs(access.ENTER_SCORES)
def cells(request):
    """Save a few cells, each of which is answered by itself: 200 with its new version; 409 with the value stored
    meanwhile; 422, 403 or 404 with why not."""
    _check_same_person(request)
    sent = sent_cells(request.POST)
    if not 0 < len(sent) <= CELLS_AT_ONCE:
        raise BadValue(f"Send 1 to {CELLS_AT_ONCE} cells at once. Nothing was saved.")
    answers = saving.save_cells(request.user, sent, how="typed")
    facts = {
        "answers": answers,
        "enrollments": saving.rows_of(answers),
        "figures": _figures(request, saving.exams_of(answers)),
    }
    return render(request, "exams/_cells.html", facts, status=saving.status_of(answers))


def _figures(request, exams):
    """What stands under these exams on the sheet of the cells; nothing where it is not theirs to see any more."""
    if not exams:
        return []
    try:
        page = sheet_for(request.user, request.GET)
    except access.REFUSED:
        return []
    return page.figures_of(exams) if page else []


def _check_same_person(request) -> None:
    # An open page names its reader: it sends and reads nothing as somebody who signed in there since.
    reader = request.POST.get("reader") or request.GET.get("reader")
    access.check(reader in (None, str(request.user.pk)))


@require_GET
@access.needs(access.SEE_GRADES)
def changes(request):
    """What others changed on this sheet since it was last read, in the shape of saved cells, and who is on it."""
    _check_same_person(request)
    page, form = sheet_for(request.user, request.GET), SinceForm(request.GET)
    if page is None or not form.is_valid():
        raise BadValue("Open the sheet again.")
    stamp = page.stamp
    scores, enrollments = news.changed_since(
        page.enrollments, form.cleaned_data["since"], form.cleaned_data["known"]
    )
    moved = scores or enrollments or "all" in request.GET
    facts = {
        "stamp": stamp,
        "present": presence.here(request.user, page.unit),
        "scores": scores,
        "enrollments": enrollments,
        "figures": page.figures if moved else [],
        "chips": page.chips if moved or "counts" in request.GET else [],
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
