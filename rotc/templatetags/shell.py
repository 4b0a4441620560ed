"""What the shell around the pages says: whose house this is, and which device somebody sits at."""

from datetime import UTC, datetime

from django import template
from django.conf import settings

from rotc.operations.models import Letterhead

register = template.Library()
HOUSE = "ROTC Grading"
# The first word that fits names the browser: Edge and Opera also call themselves Chrome, Chrome also Safari.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
]


@register.simple_tag(takes_context=True)
def unit_name(context) -> str:
    """The unit's name from its settings; the program's own where none is set or nobody asked for a page."""
    if "request" not in context:
        return HOUSE
    return Letterhead.objects.values_list("unit_name", flat=True).first() or HOUSE


@register.simple_tag
def sends_letters() -> bool:
    """Whether a mail server is set up, so that a letter reaches anybody."""
    return settings.SENDS_LETTERS


@register.filter
def moment(stamp: float | None) -> datetime | None:
    """The moment of a timestamp, as a session keeps it."""
    return stamp and datetime.fromtimestamp(stamp, tz=UTC)


@register.filter
def browser(user_agent: str) -> str:
    """``Firefox on Android``: what a browser's long signature means to a person."""
    name = next((name for word, name in BROWSERS if word in user_agent), "A browser")
    system = next((name for word, name in SYSTEMS if word in user_agent), "")
    return f"{name} on {system}" if system else name
