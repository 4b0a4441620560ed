from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from rotc import access
from rotc.operations import maintenance
from rotc.web.answers import FOR_PROGRAMS
from rotc.web.trouble import notice


class ClosedForMaintenance(MiddlewareMixin):
    """While maintenance is announced only those who may end it get further than signing in, and no program."""

    open_pages = {"account_login", "account_logout", "mfa_authenticate", "alive", "health", "metrics"}

    def process_view(self, request, view, args, kwargs):
        going_on = maintenance.announced()
        if going_on is None or request.resolver_match.url_name in self.open_pages:
            return None
        if not request.path.startswith(FOR_PROGRAMS) and access.may(request.user, access.CHANGE_SETTINGS):
            return None
        told = (
            f"The system is being worked on. It is back at {maintenance.said(going_on.until)}, Manila time."
        )
        left = int((going_on.until - timezone.now()).total_seconds()) + 1
        answer = notice(request.path, "Back soon", f"{told} {going_on.because}".strip(), retry_after=left)
        answer.meant = True
        return answer
