"""The few answers every view gives."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from rotc.web.spreadsheets import CONTENT_TYPES

FOR_PROGRAMS = "/api/"
COME_BACK = 5  # seconds, told with a 503


def in_json(sentence: str, status: int, **headers) -> JsonResponse:
    """What a program is told when it is not given what it asked for: one sentence, always in this shape."""
    if status == 503:
        headers = {"retry_after": COME_BACK, **headers}
    named = {name.replace("_", "-").title(): str(value) for name, value in headers.items()}
    return JsonResponse({"error": sentence}, status=status, headers={"Cache-Control": "no-store", **named})


def refused(request, refusal):
    """The refusal's sentence: into ``#messages`` for htmx, as a page with a way back otherwise; in JSON to programs."""
    if request.path.startswith(FOR_PROGRAMS):
        return in_json(str(refusal), refusal.status, **getattr(refusal, "headers", {}))
    if request.htmx:
        answer = render(
            request, "_message.html", {"text": str(refusal), "level": "error"}, status=refusal.status
        )
        answer["HX-Retarget"] = "#messages"
        answer["HX-Reswap"] = "innerHTML"
        return answer
    return render(
        request, "refused.html", {"refusal": refusal, "back": _back(request)}, status=refusal.status
    )


def done(request, text: str, to, *args, **kwargs):
    """Say that it is done and go on to a page."""
    messages.success(request, text)
    return redirect(to, *args, **kwargs)


def as_file(data: bytes, name: str, suffix: str) -> HttpResponse:
    """A file to be kept: ``name`` without its suffix, which is csv or xlsx."""
    answer = HttpResponse(data, content_type=CONTENT_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return answer


def _back(request) -> str:
    before = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if safe else "/"
