from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.figures import columns
from rotc.messages.actions import read_about
from rotc.operations import actions, maintenance, pages, queries
from rotc.operations import lists as words
from rotc.operations.forms import AddValue, LetterheadForm, MaintenanceForm, SignatoryForm
from rotc.operations.queries import letterhead, letterhead_row
from rotc.refusals import Refusal
from rotc.web.answers import done

PAGE = "operations:settings"


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_SETTINGS)
def settings(request):
    form = LetterheadForm(request.POST or None, instance=letterhead_row())
    if not form.is_valid():
        return _page(request, head=form)
    changed = actions.change_letterhead(letterhead_row(), by=request.user, **form.cleaned_data)
    return done(request, "The letterhead is saved." if changed else "Nothing was different.", PAGE)


@require_POST
@access.needs(access.CHANGE_SETTINGS)
def add(request):
    form = SignatoryForm(request.POST)
    if not form.is_valid():
        return _page(request, new=form)
    actions.add_signatory(by=request.user, **form.cleaned_data)
    return done(request, "Added. Papers made from now on carry it.", PAGE)


@require_POST
def change(request, pk):
    signatory = access.signatory(request.user, pk)
    form = SignatoryForm(request.POST, instance=signatory)
    if not form.is_valid():
        return _page(request, changed=form)
    actions.change_signatory(signatory, by=request.user, **form.cleaned_data)
    return done(request, "Saved. Papers made from now on carry it.", PAGE)


@require_POST
def move_up(request, pk):
    actions.move_signatory_up(access.signatory(request.user, pk), by=request.user)
    return done(request, "The order is saved.", PAGE)


@require_POST
def remove(request, pk):
    actions.remove_signatory(access.signatory(request.user, pk), by=request.user)
    return done(request, "Removed. Papers made from now on leave it out.", PAGE)


@require_GET
@access.needs(access.WATCH)
def now(request):
    """Operations: what is wrong, how it is now, and how it was in the while asked for."""
    window = pages.window_asked(request.GET.get("over", ""))
    if downloads.asked(request):
        return downloads.answer(request, "Response times", columns.ROUTES, pages.routes(window))
    read_about(request.path, by=request.user)
    return render(request, "operations/now.html", pages.now(window))


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_SETTINGS)
def close(request):
    """Maintenance: how it stands; POST closes the system for a while."""
    form = MaintenanceForm(request.POST or None)
    if form.is_valid():
        try:
            begun = maintenance.begin(by=request.user, **form.cleaned_data)
            return done(request, f"Closed until {maintenance.said(begun.until)}.", "operations:maintenance")
        except Refusal as refusal:
            form.add_error("until", str(refusal))
    maintenance.look()
    now = maintenance.announced()
    shown = {"form": form, "maintenance": now, "until": now and maintenance.said(now.until)}
    return render(request, "operations/maintenance.html", shown, status=422 if form.is_bound else 200)


@require_POST
@access.needs(access.CHANGE_SETTINGS)
def end_maintenance(request):
    maintenance.end(by=request.user)
    return done(request, "The system is open to everybody.", "operations:maintenance")


@require_http_methods(["GET", "POST"])
@access.needs(access.CHANGE_SETTINGS)
def lists(request):
    """The unit's lists; POST adds a word to one of them."""
    form = AddValue(request.POST or None)
    if "list" in form.errors:
        raise Http404  # no list of the unit
    if form.is_valid():
        try:
            word = words.add_value(form.cleaned_data["list"], form.cleaned_data["value"], by=request.user)
            return _at_list(request, f"{word.value} is added.", word.list)
        except Refusal as refusal:
            form.add_error("value", str(refusal))
    open_list = form.data.get("list") or request.GET.get("list")
    shown = [
        (name, title, listed, form if form.is_bound and name == open_list else AddValue(name=name))
        for name, title, listed in queries.lists()
    ]
    context = {"lists": shown, "open": open_list}
    return render(request, "operations/lists.html", context, status=422 if form.is_bound else 200)


@require_POST
def move_value_up(request, pk):
    word = access.listed_value(request.user, pk)
    words.move_up(word, by=request.user)
    return _at_list(request, "The order is saved.", word.list)


@require_POST
def take_value_off(request, pk):
    word = access.listed_value(request.user, pk)
    words.take_off(word, by=request.user)
    return _at_list(request, f"{word.value} is offered no more. Records that hold it keep it.", word.list)


def _at_list(request, said, name):
    return done(request, said, f"{reverse('operations:lists')}?list={name}#{name}")


def _page(request, *, head=None, new=None, changed=None):
    """The settings page; a form that could not be taken stands in its place with what was typed."""
    kept = letterhead()
    forms = [
        changed if changed and changed.instance.pk == each.pk else SignatoryForm(instance=each)
        for each in kept.signatories
    ]
    context = {
        "empty": kept.blank,
        "head": head or LetterheadForm(instance=letterhead_row()),
        "signatories": forms,
        "new": new or SignatoryForm(),
        "watches": access.may(request.user, access.WATCH),
        "keeps_backups": access.may(request.user, access.KEEP_BACKUPS),
    }
    refused = any(form is not None and form.is_bound for form in (head, new, changed))
    return render(request, "operations/settings.html", context, status=422 if refused else 200)
