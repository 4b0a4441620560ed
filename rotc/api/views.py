"""What the API says of itself, to programs and to whoever writes one."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rotc.api import pages


@login_not_required
@require_safe
def document(request):
    """The OpenAPI document."""
    return JsonResponse(pages.document())


@login_not_required
@require_safe
def docs(request):
    """The same for people."""
    return render(
        request,
        "api/docs.html",
        {"operations": pages.operations(), "home": request.build_absolute_uri("../")},
    )
