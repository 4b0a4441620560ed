"""The shapes that the pages of a double entry send."""

from django import forms

MOST_SIGNS = 60  # of a line: more is no score


class SettleForm(forms.Form):
    """Why scores are lowered, and the cells as they were shown: ``12.3.1 12.4.0``."""

    reason = forms.CharField(max_length=200, required=False, label="Why scores are lowered")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


def typed_lines(posted, count: int) -> list[str]:
    """What stands in the lines of a pass, in their order; empty where nothing came."""
    return [posted.get(f"line_{place}", "")[:MOST_SIGNS].replace("\0", "") for place in range(count)]


def answers(posted, places) -> dict[int, tuple[str, str]]:
    """``{place: (choice, typed)}`` for the lines that differ."""
    return {
        place: (
            posted.get(f"choice_{place}", ""),
            posted.get(f"typed_{place}", "")[:MOST_SIGNS].replace("\0", ""),
        )
        for place in places
    }
