"""Signing in by program: the names, limits and second step of the page, counted together with it."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from ninja import Router

from rotc.accounts import tokens
from rotc.accounts.adapter import TOO_MANY, WRONG
from rotc.accounts.middleware import lacks_second_factor
from rotc.api import schemas
from rotc.api.bearer import Refused
from rotc.messages.actions import tell

router = Router(tags=["Signing in"])
CODE_NEEDED = "A code is needed: send the six digits of your app, or a recovery code, as “code”."
WRONG_CODE = "This code is wrong, or it was used already. Wait for the next one and try again."
FIRST_SET_UP = "You hold an appointment and need a second step. Set it up first: sign in at {} in a browser."
REST = 300  # seconds


@router.post(
    "auth/login", auth=None, response={200: schemas.Token, **schemas.errors(400, 401, 403, 409, 422, 429)}
)
@sensitive_variables("typed", "token")
def login(request, typed: schemas.Credentials):
    """Sign in with a name and a password, and with a code where the account has a second step.

    Wrong passwords count together with those on the page: five within five minutes rest the account.
    """
    user, second_step = _who(request, typed)
    name = (typed.device or request.headers.get("User-Agent", ""))[:80].replace(
        "\0", ""
    ).strip() or "A program"
    made = tokens.make_token(user, name=name, second_step=second_step, by=user)
    if made is None:
        raise _wrong()
    token, told = made
    tell(
        [user],
        f"A program signed in as you: {token.name}. If that was not you, revoke it.",
        path=reverse("accounts:tokens"),
    )
    return schemas.Token(token=told, device=token.name, expires_at=token.expires_at)


@router.post("auth/logout", response={200: schemas.Done, **schemas.errors(401)})
def logout(request):
    """Revoke the token that this is sent with."""
    tokens.revoke_token(request.auth, by=request.user, how="api")
    return schemas.Done(done=True)


@sensitive_variables("typed")
def _who(request, typed):
    """Whose name, password and code these are, and whether there was a second step."""
    if not ratelimit.consume(request, action="login"):
        raise _too_many()
    try:
        user = get_adapter(request).authenticate(
            request, username=typed.username.strip(), password=typed.password
        )
    except ValidationError:
        raise _too_many() from None
    if user is None:
        raise _wrong()
    if is_mfa_enabled(user, ["totp", "webauthn"]):
        _check_code(user, typed.code)
        return user, True
    if lacks_second_factor(user):
        raise Refused(FIRST_SET_UP.format(request.build_absolute_uri(reverse("mfa_index"))), 403)
    return user, False


@sensitive_variables("code", "form")
def _check_code(user, code) -> None:
    if not code:
        raise Refused(CODE_NEEDED, 401, www_authenticate='Bearer error="code_needed"')
    form = AuthenticateForm(user=user, data={"code": code})
    if form.is_valid():
        form.authenticator.record_usage()
        return
    if form.has_error("code", "too_many_login_attempts"):
        raise _too_many()
    raise Refused(WRONG_CODE, 401, www_authenticate="Bearer")


def _wrong():
    return Refused(WRONG, 401, www_authenticate="Bearer")


def _too_many():
    return Refused(TOO_MANY, 429, retry_after=REST)
