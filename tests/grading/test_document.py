"""The page that explains grading to officers: every figure on it is computed again here."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from rotc.grading import Policy, Verdict, grade, needed
from tests.grading.records import NAV, SND, closed, days, exam, policy, running

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")
UNDEFINED = "–"
ITEMS = {"msu-snd": 100, "navrescom": 50}


def section(heading):
    """The text under a heading, up to the next one."""
    _, text = PAGE.split(f"\n## {heading}\n")
    return text.split("\n## ")[0]


def tables(text):
    """The tables of a text, each a list of rows by column name."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _, *body = (
            [cell.strip(" `") for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        yield [dict(zip(head, cells, strict=True)) for cells in body]


def table(heading, number=0):
    return list(tables(section(heading)))[number]


def counted(text, *words):
    """How many of each word the text counts: 12 present, 3 absent."""
    return [int((re.search(rf"(\d+) {word}", text) or [0, 0])[1]) for word in words]


def held(text):
    if text.endswith("in a row"):
        present, absent = counted(text, "present", "absent")
        return "P" * (present // 2) + "A" * absent + "P" * (present - present // 2)
    return days(*counted(text, "present", "late", "excused", "absent"))


def scores(text):
    known = {"no score": None, "no-show": "no-show"}
    return tuple(known[cell] if cell in known else int(cell) for cell in text.split(", "))


def shown(figure):
    return UNDEFINED if figure is None else str(figure)


def examples():
    for name in ITEMS:
        for row in table(f"Worked examples: `{name}`"):
            yield pytest.param(name, row, id=f"{name}: {row['Days']}; {row['Exams']}")


@pytest.mark.parametrize(("name", "row"), list(examples()))
def test_a_worked_example_on_the_page_is_what_the_engine_computes(name, row):
    merits, demerits = counted(row["Entries"], "merit", "demerit")
    record = closed(held(row["Days"]), merits, demerits, scores(row["Exams"]), ITEMS[name])
    result = grade(record, Policy.preset(name))
    assert shown(result.attendance.points) == row["Attendance"]
    assert shown(result.aptitude.points) == row["Aptitude"]
    assert shown(result.proficiency.points) == row["Proficiency"]
    assert shown(result.total) == row["Total"]
    assert f"{result.rating} {result.verdict}" == row["Outcome"]


def test_the_page_has_all_the_worked_examples():
    assert [len(table(f"Worked examples: `{name}`")) for name in ITEMS] == [7, 11]


def test_the_example_in_a_sentence_about_credit_for_excused_days_is_true():
    assert "eighth would have 90.00 and 1.75" in PAGE
    row = table("Worked examples: `navrescom`")[7]
    record = closed(held(row["Days"]), scores=scores(row["Exams"]), items=50)
    result = grade(record, policy(NAV, credit_excused=0))
    assert (str(result.total), result.rating) == ("90.00", "1.75")


def test_the_example_in_a_sentence_about_a_running_term_is_true():
    assert "a cadet has 22.50\nfor attendance and 30.00 for aptitude" in PAGE
    result = grade(running("PAPP", items=50), NAV)
    assert result.verdict is Verdict.IN_PROGRESS
    assert (str(result.attendance.points), str(result.aptitude.points)) == ("22.50", "30.00")
    assert (result.proficiency.points, result.total) == (None, None)


def test_the_sentences_quoted_on_the_page_are_the_engine_s_own():
    attendance = grade(closed(days(13, 1, absent=1)), SND).attendance.because
    aptitude = grade(closed(merits=10, demerits=30), SND).aptitude
    assert attendance in PAGE.replace("\n", " ")
    assert f'"{aptitude.because}" gives {aptitude.points} points' in PAGE


@pytest.mark.parametrize("row", table("Rounding"), ids=lambda row: row["Rounding"])
def test_the_rounding_example_is_what_each_mode_gives(row):
    record = closed(days(11, absent=2), demerits=30, scores=(70, 72, 72))
    result = grade(record, policy(rounding=row["Rounding"]))
    assert as_shown(result.attendance.points, row["Attendance"])
    assert as_shown(result.aptitude.points, row["Aptitude"])
    assert as_shown(result.proficiency.points, row["Proficiency"])
    assert as_shown(result.total, row["Total"])
    assert result.rating == row["Rating"]


def as_shown(figure, text):
    """The figure to as many decimals as the page shows: all it has, or four of a long one."""
    return figure.quantize(Decimal(text)) == Decimal(text)


@pytest.mark.parametrize("row", table("What is still needed"))
def test_what_the_page_says_is_needed_is_what_the_engine_asks_for(row):
    policy_ = Policy.preset(row["Preset"])
    (demerits,) = counted(row["Entries"], "demerit")
    taken = (*scores(row["Prelim and midterm"]), None)
    record = running("P" * 15, demerits=demerits, scores=taken, items=int(row["Items"]))
    rating = dict(policy_.scale)[Decimal(row["Total from"])]
    asked = {need.rating: need.raw for need in needed(record, policy_)}
    assert shown(asked[rating]) == row["Final at least"]


@pytest.mark.parametrize(("name", "number"), [("msu-snd", 0), ("navrescom", 1)])
def test_the_scales_on_the_page_are_those_that_ship(name, number):
    rows = [[row["Total from"], row[name]] for row in table("The verdict", number)]
    assert rows == Policy.preset(name).to_dict()["scale"]


@pytest.mark.parametrize("name", list(ITEMS))
def test_the_settings_on_the_page_are_those_that_ship(name):
    settings = Policy.preset(name).to_dict()
    words = {None: "off", False: "off", True: "on"}
    by_key = {row["Setting"]: row[name] for row in table("The settings")}
    assert list(by_key) == list(settings)
    for key in settings.keys() - {"scale", "exams"}:
        value = settings[key]
        assert by_key[key] == (words[value] if value in (None, False, True) else str(value))


@pytest.mark.parametrize("name", list(ITEMS))
def test_the_exams_on_the_page_are_those_that_ship(name):
    by_key = {row["Setting"]: row[name] for row in table("The settings")}
    exams = Policy.preset(name).exams
    assert by_key["exams"] == f"{', '.join(exam.name for exam in exams)} of 100 items"
    assert {(exam.items, exam.weight) for exam in exams} == {(100, 1)}


def test_the_page_names_the_weights_it_explains():
    by_component = [row["Points, in both presets"] for row in next(tables(PAGE))]
    for preset in (SND, NAV):
        weights = [preset.weight_attendance, preset.weight_aptitude, preset.weight_proficiency]
        assert by_component == [str(weight) for weight in weights]


def test_a_no_show_in_the_page_s_words_is_half_of_an_exam_in_navrescom():
    record = closed(exams=(exam("Final", "no-show"),))
    assert str(grade(record, NAV).proficiency.points) == "20.00"
