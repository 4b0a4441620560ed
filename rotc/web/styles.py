from functools import cache

from django.conf import settings
from django.utils.safestring import mark_safe


@cache
def standing_style() -> str:
    """The standing page's stylesheet, byte for byte as the policy's hash was made of it."""
    return mark_safe(settings.STANDING_STYLE.read_text())  # noqa: S308 — our own file
