from decimal import Decimal

import pytest

from rotc.exams.typed import read_typed
from rotc.refusals import BadValue


@pytest.mark.parametrize(
    ("typed", "items", "means"),
    [
        ("87", 100, (Decimal("87"), "")),
        (" 87.5 ", 100, (Decimal("87.5"), "")),
        ("87,5", 100, (Decimal("87.5"), "")),
        ("35/50", 50, (Decimal("35"), "")),
        ("35 / 50", 50, (Decimal("35"), "")),
        ("0", 100, (Decimal("0"), "")),
        ("100", 100, (Decimal("100"), "")),
        ("abs", 100, (None, "no-show")),
        ("ABS", 100, (None, "no-show")),
        ("ex", 100, (None, "excused")),
        ("", 100, (None, "")),
        ("   ", 100, (None, "")),
    ],
)
def test_what_officers_type_is_understood(typed, items, means):
    assert read_typed(typed, items) == means


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("105", "105 is above 100"),
        ("100.01", "100.01 is above 100"),
        ("-3", "^-3 is below 0$"),
        ("−3,5", "^−3,5 is below 0$"),
        ("-3/100", "^-3/100 is below 0$"),
        ("--3", "is not a score"),
        ("8a", "is not a score"),
        ("٣", "is not a score"),
        ("1e2", "is not a score"),
        ("87.555", "^87.555 has more than two decimals$"),
        ("87,555", "^87,555 has more than two decimals$"),
        ("1.2.3", "is not a score"),
        ("NaN", "is not a score"),
        ("35/50", "is out of 50, but the exam has 100 items"),
        ("101/100", "101 is above 100"),
    ],
)
def test_anything_else_is_refused_in_words_and_never_scaled(typed, why):
    with pytest.raises(BadValue, match=why):
        read_typed(typed, 100)
