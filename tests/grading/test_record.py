"""What a record refuses, always naming the field."""

from decimal import Decimal
from fractions import Fraction

import pytest

from rotc.grading import CadetRecord, ExamScore, grade
from tests.grading.records import SND


def record(**changes):
    return CadetRecord(**({"days": "P", "planned_days": 15} | changes))


def score(**changes):
    return ExamScore(**({"name": "Final", "raw": 10, "items": 50} | changes))


@pytest.mark.parametrize("field", ["planned_days", "merits", "demerits"])
@pytest.mark.parametrize("value", [1.0, True, "1", None, Fraction(1), [1]])
def test_a_record_takes_no_number_of_another_kind(field, value):
    with pytest.raises(TypeError, match=field):
        record(**{field: value})


@pytest.mark.parametrize("field", ["planned_days", "merits", "demerits"])
@pytest.mark.parametrize("value", [-1, Decimal("NaN"), Decimal("1.5"), Decimal("Infinity")])
def test_a_record_takes_no_number_that_cannot_be(field, value):
    with pytest.raises(ValueError, match=field):
        record(**{field: value})


def test_a_whole_decimal_is_a_whole_number():
    assert record(merits=Decimal("5")) == record(merits=5)


@pytest.mark.parametrize("letters", ["X", "PXP", "p", "P P", "PPPß", "PP\n"])
def test_an_unknown_letter_is_refused(letters):
    with pytest.raises(ValueError, match="days"):
        record(days=letters)


def test_the_first_unknown_letter_is_named():
    with pytest.raises(ValueError, match="'X'"):
        record(days="PLXAYP")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", None),
        ("days", ["P"]),
        ("override", 5),
        ("drop_waived", 1),
        ("final", None),
        ("exams", "Final"),
        ("exams", (("Final", 1, 2),)),
    ],
)
def test_a_record_takes_nothing_of_another_kind(field, value):
    with pytest.raises(TypeError, match=field):
        record(**{field: value})


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_override_is_no_code(blank):
    with pytest.raises(ValueError, match="override"):
        record(override=blank)


def test_a_list_of_exams_is_kept_as_a_tuple():
    assert record(exams=[score()]).exams == (score(),)


@pytest.mark.parametrize("field", ["raw", "items", "weight"])
@pytest.mark.parametrize("value", [1.0, False, "1", Fraction(1)])
def test_an_exam_takes_no_number_of_another_kind(field, value):
    with pytest.raises(TypeError, match=field):
        score(**{field: value})


@pytest.mark.parametrize("field", ["raw", "items", "weight"])
@pytest.mark.parametrize(
    "value",
    [
        -1,
        Decimal("-0.01"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
        10**200,
        Decimal("1E+999999"),
        Decimal("1E-999999"),
    ],
)
def test_an_exam_takes_no_number_that_cannot_be(field, value):
    with pytest.raises(ValueError, match=field):
        score(**{field: value})


@pytest.mark.parametrize("field", ["items", "weight"])
@pytest.mark.parametrize("value", [0, Decimal("0.00")])
def test_items_and_weight_are_above_zero(field, value):
    with pytest.raises(ValueError, match=field):
        score(**{field: value, "raw": None})


@pytest.mark.parametrize("raw", [51, Decimal("50.01")])
def test_a_raw_score_above_the_items_is_refused(raw):
    with pytest.raises(ValueError, match="raw"):
        score(raw=raw)


@pytest.mark.parametrize("raw", [0, 50, Decimal("49.5"), None])
def test_a_raw_score_from_nothing_to_everything_is_fine(raw):
    assert score(raw=raw).raw == raw


@pytest.mark.parametrize("absence", ["sick", "", "NO-SHOW", 1])
def test_an_unknown_absence_is_refused(absence):
    with pytest.raises(ValueError, match="absence"):
        score(raw=None, absence=absence)


@pytest.mark.parametrize("absence", ["no-show", "excused"])
@pytest.mark.parametrize("raw", [0, 10])
def test_a_score_and_an_absence_cannot_both_be_given(raw, absence):
    with pytest.raises(ValueError, match="raw and absence"):
        score(raw=raw, absence=absence)


def test_an_exam_has_a_name():
    with pytest.raises(TypeError, match="name"):
        score(name=None)


def test_records_and_scores_cannot_be_changed():
    with pytest.raises(AttributeError):
        record().merits = 5
    with pytest.raises(AttributeError):
        score().raw = 50


def test_a_whole_term_fits_in_one_line():
    result = grade(record(exams=(score(),)), SND)
    assert result.total == 68
