"""What stands open to machines that watch the system."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
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


@never_cache
@login_not_required
@require_safe
def metrics(request):
    """The figures for a collector that brings ``METRICS_TOKEN``; for anybody else there is nothing here."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    from rotc.operations.metrics import text  # loaded only where somebody collects

    return HttpResponse(text(), content_type="text/plain; version=0.0.4; charset=utf-8")
