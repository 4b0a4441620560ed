"""What is true of every answer: private ones are not kept, refusals are said in words."""

import logging

from csp.constants import SELF
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.deprecation import MiddlewareMixin

from rotc.refusals import Busy, Clash, Refusal
from rotc.web.answers import refused
from rotc.web.trouble import by_database

log = logging.getLogger(__name__)
HELD = ("database is locked", "deadlock detected", "lock timeout", "statement timeout")


class PlainAddresses(MiddlewareMixin):
    """No page has an address with a null byte, which no database would take as text."""

    def process_request(self, request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404


class PrivateAnswers(MiddlewareMixin):
    """Signed-in pages are not stored anywhere, unless a view says how; signing out clears what was."""

    def process_view(self, request, view, args, kwargs):
        # Whoever cancels the second step of signing in was not in, and clears nothing.
        signs_out = request.resolver_match.url_name == "account_logout" and request.method == "POST"
        request.signs_out = signs_out and request.user.is_authenticated

    def process_response(self, request, response):
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if getattr(request, "signs_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SignInWithinAPage(MiddlewareMixin):
    """An open page of this house may show the signing in within itself; nothing else is ever framed, by anybody."""

    pages = {"account_login", "mfa_authenticate", "signed_in"}

    def process_response(self, request, response):
        match = request.resolver_match
        if match and match.url_name in self.pages:
            response["X-Frame-Options"] = "SAMEORIGIN"
            response._csp_replace = {"frame-ancestors": [SELF]}
        return response


class RefusalsInWords(MiddlewareMixin):
    """An action's refusal that no view answered itself becomes its sentence, never a 500."""

    def process_exception(self, request, exception):
        if isinstance(exception, IntegrityError):
            # An action is one transaction, so nothing is half-written. Logged, as it may be a bug of ours.
            log.error("the database refused at %s", request.path, exc_info=exception)
            exception = Clash()
        if isinstance(exception, OperationalError) and any(word in str(exception) for word in HELD):
            log.warning("the database was held by others for too long at %s: %s", request.path, exception)
            return by_database(refused(request, Busy()))
        if isinstance(exception, Refusal):
            return refused(request, exception)
        return None
