"""Reading what an officer types into a score cell."""

import re
from decimal import Decimal

from rotc.refusals import BadValue

NO_SHOW = {"abs", "absent"}
EXCUSED = {"ex", "exc", "excused"}
FIGURE = re.compile(r"\d{1,5}([.,]\d{1,2})?", re.ASCII)
FRACTION = re.compile(rf"({FIGURE.pattern})\s*/\s*(\d{{1,5}})", re.ASCII)
BELOW_ZERO = re.compile(r"[-\u2212]\s*\d+([.,]\d+)?(\s*/\s*\d+)?", re.ASCII)
TOO_FINE = re.compile(r"\d+[.,]\d{3,}(\s*/\s*\d+)?", re.ASCII)


def read_typed(typed: str, items: int) -> tuple[Decimal | None, str]:
    """``(raw, absence)`` of ``87``, ``87.5``, ``87,5``, ``35/50``, ``ABS``, ``EX`` or nothing.

    Raises ``BadValue`` with the reason when it is none of these, above ``items``, or out of another number of
    items: a score is never scaled silently.
    """
    text = typed.strip()
    if not text:
        return None, ""
    if text.casefold() in NO_SHOW:
        return None, "no-show"
    if text.casefold() in EXCUSED:
        return None, "excused"
    return _within(_figure(text, items), items), ""


def _figure(text: str, items: int) -> Decimal:
    if FIGURE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    fraction = FRACTION.fullmatch(text)
    if not fraction:
        raise BadValue(_no_score(text[:40]))
    if int(fraction[3]) != items:
        raise BadValue(f"{text} is out of {fraction[3]}, but the exam has {items} items")
    return Decimal(fraction[1].replace(",", "."))


def _no_score(text: str) -> str:
    if BELOW_ZERO.fullmatch(text):
        return f"{text} is below 0"
    if TOO_FINE.fullmatch(text):
        return f"{text} has more than two decimals"
    return f"“{text}” is not a score. Type a number, ABS or EX"


def _within(raw: Decimal, items: int) -> Decimal:
    if raw > items:
        raise BadValue(f"{raw.normalize():f} is above {items}")
    return raw
