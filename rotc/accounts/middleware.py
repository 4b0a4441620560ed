from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin

from rotc import access


class StaffNeedSecondFactor(MiddlewareMixin):
    """Where staff must use a second factor, they set one up before anything else opens."""

    open_paths = ("/accounts/", "/static/", "/api/live/")

    def process_view(self, request, view, args, kwargs):
        if not settings.STAFF_NEED_SECOND_FACTOR or request.path.startswith(self.open_paths):
            return None
        if not access.is_staff(request.user) or is_mfa_enabled(request.user):
            return None
        return redirect("mfa_activate_totp")
