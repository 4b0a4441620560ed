"""What stands open to machines that watch the system."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rotc.operations.health import report


@never_cache
@login_not_required
@require_safe
def health(request):
    """200 while the system does its work, if not all of it; 503 without its database."""
    found = report()
    return JsonResponse(found, status=503 if found["status"] == "unhealthy" else 200)
