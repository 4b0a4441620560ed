"""Opening and shutting: a view to those who hold a right, a deed to those it is allowed to."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from rotc.rights import may

REFUSED = (Http404, PermissionDenied)


def needs(*rights):
    """Open a view to those who hold one of ``rights`` somewhere; others get 403."""

    def door(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not any(may(request.user, right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return door


def check(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def number_asked(text: str) -> int:
    """A thing's number as an address or a form carries it; what cannot be one names nothing (404)."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)
