"""The policy as data: what goes in comes out, and what cannot be right is refused."""

import json
from dataclasses import fields, replace
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotc.grading import PlannedExam, Policy
from tests.grading.records import NAV, SND, policy
from tests.grading.strategies import policies

KEYS = [field.name for field in fields(Policy)]

NUMBERS = [
    key
    for key in KEYS
    if key.startswith(("weight", "credit", "lates", "aptitude", "exam_", "minimum", "passing"))
    or key.endswith(("limit", "days"))
]


def from_changed(**changes):
    return Policy.from_dict(SND.to_dict() | changes)


@pytest.mark.parametrize("name", ["msu-snd", "navrescom"])
def test_a_preset_survives_the_way_through_json(name):
    preset = Policy.preset(name)
    assert Policy.from_dict(json.loads(json.dumps(preset.to_dict()))) == preset


@settings(max_examples=60)
@given(policies())
def test_any_policy_survives_the_way_through_json(policy_):
    again = Policy.from_dict(json.loads(json.dumps(policy_.to_dict())))
    assert again == policy_
    assert again.to_dict() == policy_.to_dict()
    assert hash(again) == hash(policy_)


def test_the_keys_are_these_and_no_others():
    assert " ".join(SND.to_dict()) == (
        "weight_attendance weight_aptitude weight_proficiency credit_late credit_excused"
        " lates_per_absence aptitude_base aptitude_cap exam_base minimum_attendance"
        " minimum_aptitude minimum_proficiency passing_total drop_rule unexcused_limit"
        " consecutive_limit scale code_dropped code_incomplete code_deferred rounding"
        " planned_days exams"
    )


def test_decimals_are_strings_and_whole_numbers_are_numbers():
    stored = NAV.to_dict()
    assert stored["weight_attendance"] == "30"
    assert stored["unexcused_limit"] == "0.20"
    assert stored["minimum_aptitude"] is None
    assert stored["consecutive_limit"] == 3
    assert stored["scale"][0] == ["98", "1.00"]
    assert stored["exams"][0] == {"name": "Prelim", "items": 100, "weight": "1"}


def test_a_long_decimal_is_written_without_an_exponent():
    assert from_changed(aptitude_base="1E+2").to_dict()["aptitude_base"] == "100"


def test_to_dict_gives_a_copy_that_may_be_changed():
    SND.to_dict()["scale"].clear()
    SND.to_dict()["exams"][0]["name"] = "Quiz"
    assert SND.scale[0] == (95, "1.00")
    assert SND.exams[0] == PlannedExam("Prelim", 100, Decimal(1))


def test_the_presets_differ_only_where_they_say():
    differing = [key for key in KEYS if SND.to_dict()[key] != NAV.to_dict()[key]]
    assert differing == [
        "exam_base",
        "minimum_attendance",
        "minimum_proficiency",
        "drop_rule",
        "scale",
        "code_dropped",
    ]


def test_an_unknown_preset_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="msu-snd and navrescom"):
        Policy.preset("afpr")


def test_whole_numbers_and_strings_mean_the_same():
    assert from_changed(passing_total=75, planned_days="15") == SND


def test_neutral_is_kept_as_a_word():
    assert from_changed(credit_excused="neutral").to_dict()["credit_excused"] == "neutral"


def test_an_unknown_key_is_refused_by_name():
    with pytest.raises(ValueError, match="weight_charm"):
        from_changed(weight_charm="10")


@pytest.mark.parametrize("key", KEYS)
def test_a_missing_key_is_refused_by_name(key):
    stored = SND.to_dict()
    del stored[key]
    with pytest.raises(ValueError, match=key):
        Policy.from_dict(stored)


def test_a_policy_is_read_from_a_mapping_only():
    with pytest.raises(TypeError, match="policy"):
        Policy.from_dict([])


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("value", [0.5, 30.0, True])
def test_a_float_is_refused_by_key(key, value):
    with pytest.raises(TypeError, match=key):
        from_changed(**{key: value})
    with pytest.raises(TypeError, match=key):
        replace(SND, **{key: value})


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize(
    "value", ["-1", "abc", "", "NaN", "Infinity", "1E+999999", "1E+99999999999999999999"]
)
def test_a_number_that_cannot_be_is_refused_by_key(key, value):
    with pytest.raises(ValueError, match=key):
        from_changed(**{key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weight_attendance", "31"),
        ("weight_aptitude", "101"),
        ("weight_proficiency", "0"),
        ("credit_late", "1.01"),
        ("credit_late", "neutral"),
        ("credit_excused", "2"),
        ("credit_excused", "half"),
        ("lates_per_absence", 0),
        ("lates_per_absence", "2.5"),
        ("aptitude_cap", "101"),
        ("exam_base", "101"),
        ("minimum_attendance", "30.01"),
        ("minimum_aptitude", "31"),
        ("minimum_proficiency", "41"),
        ("passing_total", "74"),
        ("passing_total", "101"),
        ("unexcused_limit", "1.2"),
        ("consecutive_limit", 0),
        ("scale", []),
        ("scale", [["75", "3.00"], ["80", "2.50"]]),
        ("scale", [["75", "2.50"], ["75", "3.00"]]),
        ("scale", [["90", "1.00"], ["80", "3.00"]]),
        ("scale", [["120", "1.00"], ["75", "3.00"]]),
        ("scale", [["75"]]),
        ("scale", [["75", "3.00", "x"]]),
        ("scale", [["75", ""]]),
        ("scale", [["75", "5.00"]]),
        ("scale", [["many", "3.00"]]),
        ("code_dropped", ""),
        ("code_incomplete", " "),
        ("code_deferred", ""),
        ("rounding", "down"),
        ("planned_days", 0),
        ("exams", [{"name": "Prelim", "items": 100}]),
        ("exams", [{"name": "Prelim", "items": 100, "weight": 1, "raw": 5}]),
        ("exams", [{"name": "", "items": 100, "weight": 1}]),
        ("exams", [{"name": "Prelim", "items": 0, "weight": 1}]),
        ("exams", [{"name": "Prelim", "items": 100, "weight": "0"}]),
        ("exams", [{"name": "Prelim", "items": 100, "weight": 1}] * 2),
    ],
)
def test_a_policy_that_cannot_be_right_is_refused_by_key(key, value):
    with pytest.raises(ValueError, match=key):
        from_changed(**{key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weight_attendance", None),
        ("passing_total", None),
        ("drop_rule", "true"),
        ("drop_rule", 1),
        ("drop_rule", None),
        ("rounding", None),
        ("rounding", ["components"]),
        ("code_dropped", None),
        ("code_incomplete", 5),
        ("scale", None),
        ("scale", "75"),
        ("scale", ["75"]),
        ("scale", [[75.0, "3.00"]]),
        ("scale", [["75", 3]]),
        ("exams", None),
        ("exams", ["Prelim"]),
        ("exams", [{"name": 1, "items": 100, "weight": 1}]),
        ("exams", [{"name": "Prelim", "items": 100.0, "weight": 1}]),
        ("exams", [{"name": "Prelim", "items": 100, "weight": 0.5}]),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_key(key, value):
    with pytest.raises(TypeError, match=key):
        from_changed(**{key: value})


def test_weights_that_do_not_sum_to_100_are_named_with_their_sum():
    with pytest.raises(ValueError, match=r"must sum to 100, not 101\.5"):
        from_changed(weight_attendance="31.5")


@pytest.mark.parametrize("mode", ["components", "integer"])
def test_a_weight_that_full_marks_could_not_print_is_refused(mode):
    weights = {"weight_attendance": "33.335", "weight_aptitude": "33.335"}
    with pytest.raises(ValueError, match="weight_attendance"):
        from_changed(**weights, weight_proficiency="33.33", rounding=mode)


def test_fine_weights_are_fine_where_nothing_rounds_them():
    fine = from_changed(
        weight_attendance="33.335",
        weight_aptitude="33.335",
        weight_proficiency="33.33",
        rounding="exact",
    )
    assert fine.weight_attendance == Decimal("33.335")


def test_the_decimal_context_of_the_caller_does_not_bend_a_check():
    with localcontext() as context:
        context.prec = 2
        with pytest.raises(ValueError, match="must sum to 100"):
            from_changed(weight_attendance="30.01")


def test_a_minimum_may_be_the_whole_weight():
    assert from_changed(minimum_attendance="30").minimum_attendance == 30


def test_a_policy_may_be_built_from_planned_exams():
    quiz = PlannedExam("Quiz", 20, Decimal(2))
    assert policy(exams=(quiz,)).to_dict()["exams"] == [{"name": "Quiz", "items": 20, "weight": "2"}]


def test_a_policy_cannot_be_changed():
    with pytest.raises(AttributeError):
        SND.passing_total = 50


@settings(max_examples=60)
@given(st.sampled_from(NUMBERS), st.floats())
def test_no_float_ever_gets_in(key, value):
    with pytest.raises(TypeError):
        from_changed(**{key: value})
