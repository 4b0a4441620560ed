"""Every pair of colours that carries words or edges can be told apart, by day and by night."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static" / "css" / "app.css").read_text()
WORDS = [
    ("ink", "bg"), ("ink", "surface"), ("muted", "bg"), ("muted", "surface"),
    ("accent", "bg"), ("accent", "surface"), ("accent", "accent-soft"), ("accent-ink", "accent"),
    ("ink", "accent-soft"), ("muted", "accent-soft"),
    ("good", "bg"), ("good", "surface"), ("good", "good-soft"), ("ink", "good-soft"),
    ("bad", "bg"), ("bad", "surface"), ("bad", "bad-soft"), ("ink", "bad-soft"),
    ("warn", "bg"), ("warn", "surface"), ("warn", "warn-soft"), ("ink", "warn-soft"),
    ("bar-ink", "bar"), ("bar-ink", "bar-here"), ("bar-muted", "bar"), ("bar-muted", "bar-here"),
]  # fmt: skip
EDGES = [("edge", "surface"), ("edge", "bg"), ("accent", "bg"), ("brass", "bar"), ("brass", "bar-here")]


def colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else light + dark)
    return dict(found)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_measure_itself_is_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(scheme):
    known = colours(scheme)
    faint = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in WORDS}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_marks_stand_out_from_their_ground(scheme):
    known = colours(scheme)
    faint = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in EDGES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


def test_the_night_changes_every_colour_of_the_day_but_the_brass():
    day, night = colours("light"), colours("dark")
    assert {name for name in day if day[name] == night[name]} <= {"brass"}
