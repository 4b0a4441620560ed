"""How people write the same name: ``1`` and ``1st``, ``Alpha`` and ``Alpha Company``."""

import re

from rotc.roster.models import folded

ORDINALS = {"1": "1st", "2": "2nd", "3": "3rd"}
KIND_WORDS = re.compile(r"\s+(company|coy|co|platoon|plt|battalion|bn|squad)\.?$")


def ordinal(text: str) -> str:
    """``1`` → ``1st``, ``11`` → ``11th``; anything that is not a bare number stays."""
    if not text.isascii() or not text.isdigit():
        return text
    number = str(int(text))
    return ORDINALS.get(number[-1], f"{number}th") if number[-2:-1] != "1" else f"{number}th"


def unit_key(name: str) -> str:
    """A unit's name as it stands in a path: folded, without the word for its kind, ``1`` as ``1st``."""
    bare = KIND_WORDS.sub("", folded(name)) or folded(name)
    return ordinal(bare.replace("/", "-"))


def unit_name(name: str) -> str:
    """A unit's name as it is kept: as written, but ``1`` as ``1st`` and without doubled spaces."""
    return ordinal(" ".join(name.split())).replace("/", "-")
