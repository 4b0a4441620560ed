from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access, downloads
from rotc.policies import actions, columns, pages
from rotc.policies.forms import AdoptForm, DraftForm, WithdrawForm
from rotc.refusals import BadValue, Refusal, Stale
from rotc.web.answers import done


@require_GET
@access.needs(access.SEE_GRADES)
def policy(request, name):
    """What the term is graded under, beside the draft and both presets."""
    page = pages.policy_page(request.user, name)
    if downloads.asked(request):
        return downloads.answer(request, "Policy", columns.side_by_side(page), page.rows, term=page.term)
    return render(request, "policies/policy.html", {"page": page, "term": page.term})


@require_POST
@access.needs(access.SET_POLICY)
def begin(request, name):
    """Begin a draft from the policy in force, a preset or an earlier policy."""
    term = pages.settable(request.user, name)
    base, source = pages.base_of(term, request.POST.get("base", ""))
    actions.begin_draft(term, base, source=source, by=request.user)
    return done(request, f"The draft begins from {source}. It grades nobody yet.", "policies:draft", name)


@require_http_methods(["GET", "POST"])
@access.needs(access.SET_POLICY)
def draft(request, name):
    """The settings of the draft; a stale save answers 409 with both."""
    found = pages.draft_to_change(request.user, name)
    form = DraftForm(request.POST or None, base=found.rules, version=found.version)
    refusal, both = None, []
    if form.is_valid():
        try:
            seen = form.cleaned_data["version"]
            actions.change_draft(found, form.policy, seen_version=seen, by=request.user)
            return done(request, "The draft is saved. It grades nobody yet.", "policies:flips", name)
        except Stale as stale:
            refusal, both = stale, form.beside(stale.current)
            form = form.over(stale.current)
        except Refusal as said:
            refusal = said
    status = refusal.status if refusal else 422 if form.is_bound else 200
    facts = {"form": form, "draft": found, "term": found.term, "refusal": refusal, "both": both}
    return render(request, "policies/draft.html", facts, status=status)


@require_POST
@access.needs(access.SET_POLICY)
def withdraw(request, name):
    found = pages.draft_to_change(request.user, name)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise BadValue("Which draft this is about cannot be told. Look at it again; nothing was changed.")
    actions.withdraw_draft(found, seen_version=form.cleaned_data["version"], by=request.user)
    return done(request, "The draft is withdrawn. Nobody's grade has changed.", "policies:policy", name)


@require_http_methods(["GET", "POST"])
@access.needs(access.SET_POLICY)
def flips(request, name):
    """Who would change under the draft, a preset or an earlier policy; POST adopts the draft as it was shown."""
    posted, refusal = request.method == "POST", None
    form = AdoptForm(request.POST if posted else None)
    if form.is_valid():
        try:
            draft = pages.draft_to_change(request.user, name)
            actions.adopt(draft, **form.facts, by=request.user)
            return done(request, "Adopted: every cadet is graded under it now.", "policies:policy", name)
        except Refusal as said:
            refusal = said
    page = pages.what_if(request.user, name, request.GET)
    if downloads.asked(request):
        file = (request, "Who would change", columns.FLIPS, page.everybody)
        return downloads.answer(*file, term=page.term, about=page.about)
    form = form.again(page.marks) if posted else AdoptForm(initial=page.marks)
    facts = {"page": page, "term": page.term, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if posted else 200
    return render(request, "policies/flips.html", facts, status=status)
