from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from rotc import access
from rotc.web.answers import FOR_PROGRAMS


def lacks_second_factor(user) -> bool:
    """Whether this user must set up a second factor before anything else opens to them."""
    return settings.STAFF_NEED_SECOND_FACTOR and access.is_staff(user) and not is_mfa_enabled(user)


class StaffNeedSecondFactor(MiddlewareMixin):
    """Where staff must use a second factor, they set one up before anything else opens."""

    open_paths = ("/accounts/", "/static/", FOR_PROGRAMS)
    factor_paths = "/accounts/2fa/"

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith(self.factor_paths):
            request.session.pop("second_factor", None)  # It may be taken off there: ask again.
        if request.path.startswith(self.open_paths) or request.session.get("second_factor"):
            return None
        if lacks_second_factor(request.user):
            return redirect("mfa_activate_totp")
        self._remember(request)
        return None

    def _remember(self, request):
        # Asked once a session. Those who are no staff are asked each time: they may be appointed meanwhile.
        if settings.STAFF_NEED_SECOND_FACTOR and access.is_staff(request.user):
            request.session["second_factor"] = True
