"""Numbers on their way in, and figures on their way out.

In: whole numbers and finite decimals only, so that nothing has been rounded before we see it.
Between: fractions, so that nothing is rounded while we compute.
Out: decimals and words that do not depend on the decimal context of the caller.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

TWENTY_EIGHT_DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[])

# Nobody means more digits than this on either side of the point, and a
# decimal such as 1E+999999999 would fill the memory as a fraction.
MOST_DIGITS = 100
TOO_BIG = 10**MOST_DIGITS


def number(field: str, value: object) -> int | Decimal:
    """The value itself, if it is a finite number from 0 up; else an error that names the field."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise TypeError(f"{field} must be an int or a Decimal, not {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{field} must be a finite number, not {value}")
    if value < 0:
        raise ValueError(f"{field} must not be negative")
    if value >= TOO_BIG or (isinstance(value, Decimal) and too_fine(value)):
        raise ValueError(f"{field} must have at most {MOST_DIGITS} digits on a side of the point")
    return value


def too_fine(value: Decimal) -> bool:
    """Whether a finite decimal has more decimals than anybody means."""
    return -value.as_tuple().exponent > MOST_DIGITS


def whole(field: str, value: object) -> int:
    """The value as an int, if it is a whole number from 0 up; else an error naming the field."""
    checked = number(field, value)
    if checked != int(checked):
        raise ValueError(f"{field} must be a whole number, not {checked}")
    return int(checked)


@lru_cache(maxsize=4096)
def exact(value: int | Decimal) -> Fraction:
    """The number as a fraction. Remembered, because the same few settings and scores recur."""
    return Fraction(value)


def hundredths(value: Fraction) -> int:
    """How many hundredths a fraction from 0 up has, half a hundredth counting as one."""
    return half_up_parts(value, 100)


def half_up_parts(value: Fraction, parts: int) -> int:
    """How many `parts`-ths of a point a fraction from 0 up has, half a part counting as one."""
    return (2 * parts * value.numerator + value.denominator) // (2 * value.denominator)


def two_places(value: Fraction) -> Decimal:
    """The figure a paper prints: half-up to two decimals, with both of them written."""
    return Decimal(hundredths(value)).scaleb(-2, TWENTY_EIGHT_DIGITS)


def all_digits(value: Fraction) -> Decimal:
    """The figure of a mode that does not round: 28 digits."""
    return TWENTY_EIGHT_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def spoken(value: Fraction | Decimal) -> str:
    """The number as it stands in a sentence: 75, 13.5, 86.67 or −50."""
    points, rest = divmod(hundredths(abs(Fraction(value))), 100)
    digits = f"{points}.{rest:02d}".rstrip("0") if rest else str(points)
    return f"−{digits}" if value < 0 else digits


def several(count: int, noun: str) -> str:
    """1 merit, 2 merits."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
