"""The ways in that stand open to everybody: the first administrator's link and one-time codes;
and what everybody keeps right themselves."""

from allauth.account.utils import perform_login
from allauth.account.views import email as allauth_email
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rotc import access
from rotc.accounts import actions, codes, letting_in, queries, records, setup
from rotc.accounts import tokens as api_tokens
from rotc.accounts.adapter import TOO_MANY
from rotc.accounts.forms import ChoosePassword, EnterCode, FirstAdministrator
from rotc.accounts.models import sign_in_key
from rotc.accounts.record_forms import OwnRecord
from rotc.refusals import BadValue, Refusal
from rotc.web.answers import done

WRONG_CODE = (
    "That name and that code do not go together, or the code is used or too old. "
    "Check both, or ask for a new code."
)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def first_administrator(request, token):
    """Where the one-time link leads: the first administrator makes their account and is in."""
    if not setup.is_open(token):
        return render(request, "accounts/setup_over.html", status=410)
    form = FirstAdministrator(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.appoint_first_administrator(
                form.cleaned_data["username"], password=form.cleaned_data["password1"], **form.person()
            )
        except BadValue as refusal:
            form.add_error("username", str(refusal))
        else:
            return perform_login(request, user, redirect_url="/")
    return render(request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enter_code(request):
    """A name and its one-time code lead on to choosing a password."""
    form = EnterCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if not ratelimit.consume(request, action="access_code", key=sign_in_key(typed["name"])):
            form.add_error(None, TOO_MANY)
        elif code := queries.matching_code(typed["name"], typed["code"]):
            request.session["code_entered"] = codes.ticket(code.pk)
            return redirect("accounts:choose_password")
        else:
            form.add_error(None, WRONG_CODE)
    return render(request, "accounts/enter_code.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def choose_password(request):
    code = queries.code_still_open(codes.of_ticket(request.session.get("code_entered", "")))
    if code is None:
        messages.info(request, "Type your code first.")
        return redirect("accounts:enter_code")
    form = ChoosePassword(request.POST or None, user=code.user)
    if request.method == "POST" and form.is_valid():
        letting_in.redeem_code(code, password=form.cleaned_data["password1"], by=code.user)
        del request.session["code_entered"]
        return perform_login(request, code.user, redirect_url="/")
    return render(
        request,
        "accounts/choose_password.html",
        {"form": form, "person": code.user},
        status=422 if form.errors else 200,
    )


@require_GET
@never_cache
def signed_in(request):
    """Who is signed in here, and with which token their pages may send: for a page that was open all the while."""
    return render(request, "accounts/signed_in.html")


@require_http_methods(["GET", "POST"])
def own_record(request):
    """What somebody of the staff keeps right about themselves."""
    user = access.own_staff_account(request.user)
    facts = {"profile": queries.profile_of(user), "words": queries.listed_words()}
    form = OwnRecord(request.POST or None, person=user, **facts)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            records.change_record(user, form.altered(), by=user)
            return done(request, "Saved.", "accounts:own_record")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    return render(
        request, "accounts/own_record.html", {"form": form, "profile": facts["profile"]}, status=status
    )


@require_GET
def tokens(request):
    """The programs that are signed in in somebody's place."""
    return render(request, "accounts/tokens.html", {"tokens": queries.tokens_of(request.user)})


@require_POST
def revoke_token(request, pk):
    token = access.own_token(request.user, pk)
    api_tokens.revoke_token(token, by=request.user)
    return done(request, f"{token.name} is signed out.", "accounts:tokens")


def email(request):
    """allauth's page of one's e-mails; whatever changed there, the names to sign in with follow."""
    answer = allauth_email(request)
    if request.method == "POST":
        letting_in.keep_email_names(request.user, by=request.user)
    return answer
