"""What is true of every answer: private ones are not kept, refusals are said in words."""

import logging

from django.db import IntegrityError
from django.http import Http404
from django.utils.deprecation import MiddlewareMixin

from rotc.refusals import Clash, Refusal
from rotc.web.answers import refused

log = logging.getLogger(__name__)


class PlainAddresses(MiddlewareMixin):
    """No page has an address with a null byte, which no database would take as text."""

    def process_request(self, request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404


class PrivateAnswers(MiddlewareMixin):
    """Signed-in pages are not stored anywhere, unless a view says how; signing out clears what was."""

    def process_response(self, request, response):
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        match = request.resolver_match
        if match and match.url_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class RefusalsInWords(MiddlewareMixin):
    """An action's refusal that no view answered itself becomes its sentence, never a 500."""

    def process_exception(self, request, exception):
        if isinstance(exception, IntegrityError):
            # An action is one transaction, so nothing is half-written. Logged, as it may be a bug of ours.
            log.error("the database refused at %s", request.path, exc_info=exception)
            exception = Clash()
        if isinstance(exception, Refusal):
            return refused(request, exception)
        return None
