"""The way in for the first administrator: a signed link that lives a day and dies with its first use."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from rotc.accounts.queries import has_administrator

LIVES = timedelta(days=1)
SIGNER = signing.TimestampSigner(salt="first administrator")


def link(base_url: str) -> str | None:
    """A link under which the first administrator makes their account; None once there is one."""
    if has_administrator():
        return None
    return base_url.rstrip("/") + reverse("accounts:setup", args=[SIGNER.sign("setup")])


def is_open(token: str) -> bool:
    """Whether a link with this token still lets somebody in."""
    try:
        SIGNER.unsign(token, max_age=LIVES)
    except signing.BadSignature:
        return False
    return not has_administrator()
