"""One-time codes: what they look like, how they are kept, when they end."""

import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Neither 0 and O nor 1, I and L: it is read off paper. 31 signs, 10 times.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10
LIVES = timedelta(days=14)


def new_code() -> str:
    """A code as it is printed: ``ABCDE-FGHJK``."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def digest(code: str) -> str:
    """What is kept of a code: it cannot be turned back without the system's secret key.

    A code is the same however it was typed: small letters, with spaces or without the dash.
    """
    bare = "".join(sign for sign in code.upper() if sign in ALPHABET)
    return salted_hmac("rotc one-time code", bare, algorithm="sha256").hexdigest()


def valid_until() -> datetime:
    """When a code that is issued now ends."""
    return timezone.now() + LIVES


# Between typing a code and choosing the password the browser keeps a ticket: the code itself is kept nowhere.
TICKET = signing.TimestampSigner(salt="code entered")
TICKET_LIVES = timedelta(minutes=15)


def ticket(pk: int) -> str:
    return TICKET.sign(str(pk))


def of_ticket(signed: str) -> int | None:
    """The number of the code that was entered, or None when that is too long ago."""
    try:
        return int(TICKET.unsign(signed, max_age=TICKET_LIVES))
    except signing.BadSignature:
        return None
