from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.double_entry import actions, columns, pages, queries
from rotc.refusals import Refusal
from rotc.web.answers import done

A_PAGE = 60


@require_GET
@access.needs(access.SEE_GRADES)
def entries(request):
    """The double entries of a term, the open ones first."""
    term = access.term(request.user, request.GET.get("term"))
    if term is None:
        return render(request, "exams/no_sheet.html")
    found = queries.listed(access.double_entries(request.user, term))
    if downloads.asked(request):
        return downloads.answer(request, "Double entries", columns.DOUBLE_ENTRIES, found, term=term)
    may_enter = not term.closed_at and access.may(request.user, access.ENTER_SCORES, term=term)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "double_entry/list.html", {"term": term, "page": page, "may_enter": may_enter})


@require_http_methods(["GET", "POST"])
@access.needs(access.ENTER_SCORES)
def new(request):
    """Choose exam and unit; POST fixes the order of the paper."""
    page = pages.beginning_for(request.user, request.GET)
    if page is None:
        return render(request, "exams/no_sheet.html")
    if request.method == "POST" and page.is_chosen:
        entry = actions.start(page.exam, page.unit, enrollments=page.enrollments, by=request.user)
        return done(request, f"Started: {entry.title}. Print the paper.", "double_entry:detail", entry.pk)
    return render(request, "double_entry/new.html", {"page": page})


@require_GET
def detail(request, pk):
    """How it stands, and what is to be done next."""
    entry = access.double_entry(request.user, pk, access.SEE_GRADES)
    return render(
        request, "double_entry/detail.html", {"page": pages.Detail(entry, request.user), "entry": entry}
    )


@require_GET
def paper(request, pk):
    """The sheet on which scores are written by hand."""
    entry = access.double_entry(request.user, pk, access.SEE_GRADES)
    made = pages.Paper(entry, request.GET.get("size", ""))
    return render(
        request, "double_entry/paper.html", {"paper": made, "entry": entry, "letterhead": made.letterhead}
    )


@require_http_methods(["GET", "POST"])
def typing(request, pk):
    """The pass that is due, all of it as one form."""
    entry = access.double_entry(request.user, pk)
    page, status = pages.typing_for(request.user, entry, request.POST), 200
    if request.method == "POST":
        try:
            actions.hand_in(entry, page.which, page.typed, by=request.user, blanks_meant=page.blanks_meant)
            return done(request, f"The {page.which} pass is saved.", "double_entry:detail", pk)
        except Refusal as refusal:
            page, status = page.refused(refusal), refusal.status
    return render(request, "double_entry/type.html", {"page": page, "entry": page.entry}, status=status)


@require_http_methods(["GET", "POST"])
def compare(request, pk):
    """The lines that differ; then what storing would change; then, with ``seen``, storing it."""
    page = pages.comparing_for(request.user, access.double_entry(request.user, pk), request.POST)
    if page.is_settled and "seen" in request.POST:
        try:
            settled = page.settle()
            return done(request, settled.said, "double_entry:detail", pk)
        except Refusal as refusal:
            page = page.refused(refusal)
    return render(
        request, "double_entry/compare.html", {"page": page, "entry": page.entry}, status=page.status
    )


@require_POST
def withdraw(request, pk):
    entry = access.double_entry(request.user, pk)
    actions.withdraw(entry, by=request.user)
    return done(request, f"Withdrawn: {entry.title}. Nothing was stored.", "double_entry:list")
