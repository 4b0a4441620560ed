"""The API as django-ninja serves it: what it takes in, and how it refuses. Everything else it leaves to the house."""

import json

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from rotc.api import attendance, roster, sheet, signing_in, standing
from rotc.api.bearer import Bearer, Refused
from rotc.api.words import sentence
from rotc.web.answers import in_json

BODY_LIMIT = 256 * 1024  # bytes; 200 scans are a fifth of it
SIGN_IN_FIRST = "Sign in first: send a good token as “Authorization: Bearer …”."
NOT_JSON = "The body is not JSON. Nothing was changed."


class SmallJson(Parser):
    def parse_body(self, request):
        if len(request.body) > BODY_LIMIT:
            raise Refused(f"The body may have {BODY_LIMIT // 1024} KB at most. Nothing was changed.", 413)
        return json.loads(request.body)


api = NinjaAPI(
    title="ROTC Grading",
    version="1",
    description="Standings, grade sheets, rosters and attendance, to programs that act for a person.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=Bearer(),
    parser=SmallJson(),
)
for each in (signing_in, standing, sheet, roster, attendance):
    api.add_router("", each.router)


@api.exception_handler(Exception)
@api.exception_handler(Http404)
def of_the_house(request, error):
    """Refusals and mistakes are answered where those of pages are."""
    raise error


@api.exception_handler(AuthenticationError)
def without_token(request, error):
    return in_json(SIGN_IN_FIRST, 401, www_authenticate="Bearer")


@api.exception_handler(HttpError)
def not_read(request, error):
    # ninja hides why its parser raised behind a sentence of its own.
    if isinstance(error.__cause__, Refused):
        raise error.__cause__
    return in_json(NOT_JSON, 400)


@api.exception_handler(ValidationError)
def not_understood(request, error):
    # The first part of a place is where it stood (body, query), the second in the body our own name for all of it.
    errors = [each | {"loc": each["loc"][2 if each["loc"][0] == "body" else 1 :]} for each in error.errors]
    return in_json(f"{sentence(errors)} Nothing was changed.", 422)
