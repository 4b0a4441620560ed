from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rotc.accounts import actions, setup
from rotc.accounts.forms import FirstAdministrator
from rotc.refusals import BadValue


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
