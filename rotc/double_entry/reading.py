"""What an officer typed line by line: read as the sheet reads it, kept as the sheet writes it."""

from rotc.exams.models import Score
from rotc.exams.typed import read_typed
from rotc.refusals import BadValue


class Unread(BadValue):
    """Some lines of a pass cannot be taken as they are: ``why`` says it of each, by its place on the paper."""

    def __init__(self, message, why: dict[int, str]):
        super().__init__(message)
        self.why = why


def written(typed: str, items: int) -> str:
    """``87.0``, ``87,0`` and ``87/100`` are all ``87``. Raises ``BadValue`` in words."""
    raw, absence = read_typed(typed, items)
    return Score(raw=raw, absence=absence).typed


def why_not(typed: str, items: int) -> str:
    """Why this cannot be a score of the exam, as a sentence; nothing when it can."""
    try:
        read_typed(typed, items)
    except BadValue as refusal:
        return f"{refusal}."
    return ""


def read_pass(typed: list[str], own: set[int], items: int, *, blanks_meant: bool) -> list[str | None]:
    """The lines of one pass; None for those of ``own``, which are somebody else's to type.

    Raises ``Unread`` when a line is no score, or when lines are empty and nobody said that they are on paper.
    """
    theirs = {place: text for place, text in enumerate(typed) if place not in own}
    unread = {place: why for place, text in theirs.items() if (why := why_not(text, items))}
    if unread:
        raise Unread(
            f"{_lines(unread)} cannot be read. Nothing is saved yet; all you typed stands below.", unread
        )
    blanks = {place: "Empty here." for place, text in theirs.items() if not text.strip()}
    if blanks and not blanks_meant:
        raise Unread(
            f"{_lines(blanks)} {'are' if len(blanks) > 1 else 'is'} empty. Nothing is saved yet: fill in what is "
            "missing, or say at the end that the paper is empty there too.",
            blanks,
        )
    return [written(text, items) if place in theirs else None for place, text in enumerate(typed)]


def _lines(places) -> str:
    numbers = [str(place + 1) for place in sorted(places)]
    named = ", ".join(numbers[:12]) + (f" and {len(numbers) - 12} more" if len(numbers) > 12 else "")
    return f"Line{'s' if len(numbers) > 1 else ''} {named}"
