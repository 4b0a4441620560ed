"""A whole name in one column, taken apart: ``Last, First Middle`` or ``First Last``."""

from rotc.imports.cells import Unfit
from rotc.roster.models import folded

SUFFIXES = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV", "v": "V"}
PARTICLES = {
    "de",
    "del",
    "dela",
    "delos",
    "delas",
    "la",
    "las",
    "los",
    "san",
    "santa",
    "sta",
    "sto",
    "van",
    "von",
}


def split_name(text: str) -> dict[str, str]:
    """``{"last_name", "first_name", "middle_name", "suffix"}``; ``Unfit`` for a single word."""
    last, comma, given = (part.strip() for part in text.partition(","))
    if comma:
        (_, *words), suffix = _without_suffix(["", *given.replace(",", " ").split()])
        last_words, suffix_of_last = _without_suffix(last.split())
        first, middle = _given(words)
        parts = {"last_name": " ".join(last_words), "suffix": suffix or suffix_of_last}
    else:
        words, suffix = _without_suffix(text.split())
        cut = _tail(words)
        first, middle = _with_initial(words[:cut])
        parts = {"last_name": " ".join(words[cut:]), "suffix": suffix}
    if not parts["last_name"] or not first:
        raise Unfit(f"“{text}” cannot be told apart into last and first name; write “Last, First Middle”")
    return parts | {"first_name": first, "middle_name": middle}


def same_name(text: str, cadet) -> bool:
    """Whether a whole name is just another way to write the name that is kept."""
    return bare(text) in spellings(cadet)


def spellings(cadet) -> set[str]:
    """Every way in which people write the name that is kept, as ``bare`` compares it."""
    last, first, middle, suffix = cadet.last_name, cadet.first_name, cadet.middle_name, cadet.suffix
    initials = {middle, middle[:1]} if middle else set()
    found = set()
    for given in {first} | {f"{first} {part}" for part in initials}:
        for end in {suffix, ""}:
            written = (f"{last}, {given} {end}", f"{given} {last} {end}", f"{last} {end}, {given}")
            found |= set(map(bare, written))
    return found


def fits_parts(given: dict[str, str], cadet) -> bool:
    """Whether last, first, middle name and suffix as given are this cadet's. What either leaves out is no reason
    against it; an initial stands for the name that begins with it."""
    if bare(given["last_name"]) != bare(cadet.last_name):
        return False
    first, middle, suffix = (given.get(name, "") for name in ("first_name", "middle_name", "suffix"))
    kept = bare(cadet.middle_name)
    if bare(first) != bare(cadet.first_name):
        # The middle name may stand in the column of the first.
        if middle or bare(first) not in {
            bare(f"{cadet.first_name} {part}") for part in (kept, kept[:1]) if part
        }:
            return False
    elif middle and kept and not kept.startswith(bare(middle)) and not bare(middle).startswith(kept):
        return False
    return not (suffix and cadet.suffix) or bare(suffix) == bare(cadet.suffix)


def bare(text: str) -> str:
    """A name as it is compared: no case, accents, dots or doubled spaces."""
    return " ".join(folded(text).replace(",", " , ").replace(".", " ").split())


def _without_suffix(words) -> tuple[list[str], str]:
    """``"V."`` is a middle initial; ``"V"`` and ``"Jr."`` are suffixes. The first word never is one."""
    kept, suffix = words[:1], ""
    for word in words[1:]:
        bare = word.casefold().rstrip(".")
        if bare in SUFFIXES and word.casefold() != "v.":
            suffix = SUFFIXES[bare]
        else:
            kept.append(word)
    return kept, suffix


def _given(words) -> tuple[str, str]:
    """``Juan Miguel Santos`` → first Juan Miguel, middle Santos; one word is a first name alone."""
    if len(words) < 2:
        return " ".join(words), ""
    cut = _tail(words)
    return " ".join(words[:cut]), " ".join(words[cut:])


def _with_initial(words) -> tuple[str, str]:
    if len(words) > 1 and len(words[-1].rstrip(".")) == 1:
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), ""


def _tail(words) -> int:
    """Where the last name of a row of words begins: ``Juan De La Cruz`` → 1."""
    cut = max(len(words) - 1, 0)
    while cut > 1 and words[cut - 1].casefold() in PARTICLES:
        cut -= 1
    return cut
