"""A cadet's own standing, with the figures and sentences of their page and nobody else's."""

import re
from decimal import Decimal

import pytest

from tests import factories
from tests.reports import graded


@pytest.fixture
def juan(by, cadet):
    return by(cadet)


def everything(given):
    """Every value in an answer."""
    if isinstance(given, dict):
        given = list(given.values())
    if isinstance(given, list):
        return [each for part in given for each in everything(part)]
    return [given]


def test_before_the_first_mark_figures_are_null_and_nothing_has_failed(juan, enrollment):
    told = juan.get("me/standing").json()

    assert (told["running"], told["verdict"], told["headline"]) == (True, "in_progress", "Not graded yet")
    assert told["total"] is told["rating"] is told["components"]["attendance"]["points"] is None
    assert told["components"]["aptitude"]["points"] == "30.00"
    assert told["components"]["attendance"]["of"] == "30.00"
    assert told["reasons"] == [
        "No training day is marked for you yet.", "No exam score is entered for you yet.",
    ]  # fmt: skip
    assert [each["raw"] for each in told["exams"]] == [None] * 3


def test_the_figures_and_sentences_are_those_of_the_page(as_user, juan, cadet, enrollment):
    graded.record(enrollment, "PPLA", 3, 2, 80, 85)
    told = juan.get("me/standing").json()
    page = as_user(cadet).get("/standing/").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    for part in told["components"].values():
        assert f"{part['points']} of {Decimal(part['of']):f}".removesuffix(".00") in text
        assert part["because"][0].upper() + part["because"][1:] in page
    assert f"Total so far {told['total']}" in text
    assert told["headline"] in text and told["figure"] in text
    assert [each["mark"] for each in told["days"]] == ["P", "P", "L", "A"]
    assert {each["kind"] for each in told["conduct"]} == {"merit", "demerit"}
    for place in told["places"]:
        assert f"{place['unit']} {place['place']} of {place['of']}" in text


def test_no_figure_is_a_float(juan, enrollment):
    graded.record(enrollment, "PPLA", 3, 2, 80, 85)

    assert not [each for each in everything(juan.get("me/standing").json()) if isinstance(each, float)]


def test_nobody_fails_while_the_term_runs(juan, enrollment):
    graded.record(enrollment, "AAA", 0, 30, 10, 10)
    answer = juan.get("me/standing")

    assert answer.json()["verdict"] in ("in_progress", "dropped")
    assert "failed" not in answer.content.decode().lower()


def test_once_it_is_closed_the_verdict_is_told(juan, enrollment, term):
    graded.record(enrollment, "P" * 10, 0, 0, 80, 85, 90)
    graded.close(term)

    told = juan.get("me/standing").json()

    assert told["running"] is False
    assert told["verdict"] in ("passed", "failed")
    assert told["rating"]
    assert told["still_needed"] == []


def test_the_term_is_ones_own(juan, enrollment, term):
    other = factories.open_term("2020-2021")

    assert juan.get("me/standing", term=term.name).json()["term"] == term.name
    for name in (other.name, "2019-2020-1", "x", "x" * 40):
        assert juan.get("me/standing", term=name).status_code == 404
    assert juan.get("me/standing", term="x" * 41).status_code == 422


def test_who_is_no_cadet_has_none(by, commandant):
    answer = by(commandant).get("me/standing")

    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing here, or it is not yours to see."}


def test_nobody_is_asked_for_in_another_way(juan, platoon, enrollment):
    comrade = factories.enroll(platoon, "2026-0002", "Cruz", "Ana")

    for asked in ({"enrollment": comrade.pk}, {"cadet": comrade.cadet_id}, {"student_number": "2026-0002"}):
        assert juan.get("me/standing", **asked).json()["student_number"] == "2026-0001"
    assert juan.get(f"standing/{comrade.pk}").status_code == 404
