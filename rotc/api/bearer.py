"""Who a program acts for: the token in its header says, and nothing else does."""

from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from rotc import access
from rotc.accounts import queries, tokens
from rotc.refusals import Refusal
from rotc.web.answers import in_json

WITHOUT_SECOND_STEP = (
    "This token was made without a second step, which the account needs by now. Sign in again with your code."
)


class Refused(Refusal):
    """A refusal that only programs hear. ``headers`` go with it."""

    def __init__(self, sentence, status, **headers):
        super().__init__(sentence)
        self.status, self.headers = status, headers


class Bearer(HttpBearer):
    """The good token of an open account makes its person the request's user."""

    def authenticate(self, request, token):
        found = queries.token_told(token)
        if found is None:
            return None
        if not found.second_step and _has_or_needs_one(found.user):
            raise Refused(WITHOUT_SECOND_STEP, 403)
        tokens.note_use(found)
        request.user = found.user
        return found


def _has_or_needs_one(user) -> bool:
    return is_mfa_enabled(user) or (settings.STAFF_NEED_SECOND_FACTOR and access.is_staff(user))


def by_token(view):
    """A view that no cookie opens and whose answers nobody keeps."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def opened(request, *args, **kwargs):
        request.user = AnonymousUser()
        answer = view(request, *args, **kwargs)
        if answer.status_code == 405:
            sentence = f"This address takes {answer['Allow']}, not {request.method}."
            answer = in_json(sentence, 405, allow=answer["Allow"])
        answer["Cache-Control"] = "no-store"
        return answer

    return opened
