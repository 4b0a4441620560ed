"""What one cell says. A cell that cannot be understood is ``Unfit`` with the reason, never a guess."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rotc.imports.matching import key
from rotc.roster.models import SEMESTERS, folded
from rotc.roster.naming import ordinal
from rotc.web.spreadsheets import as_typed

BLANKS = {"-", "–", "—", "n/a", "#n/a", "#ref!", "#value!", "#name?"}
YEARS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}
SEXES = {"m": "M", "male": "M", "f": "F", "female": "F"}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year", "iso": "year-month-day"}
EXPONENT = re.compile(r"-?\d(\.\d+)?e\+?\d+", re.IGNORECASE)
STUDENT_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*")
USERNAME = re.compile(r"[\w.@+-]+")


class Unfit(Exception):
    """``str(unfit)`` is the reason, to be read beside the row and column."""


def clean(text: str) -> str:
    """A cell without stray spaces and invisible signs, ñ in one piece; a dash for "nothing" is blank.

    The quote that our own CSV files put before a cell that looks like a formula is taken off again.
    """
    if not (text.isascii() and text.isprintable()):
        composed = unicodedata.normalize("NFC", text)
        text = "".join(" " if sign.isspace() else sign for sign in composed if _seen(sign))
    text = as_typed(" ".join(text.split()))
    return "" if text.casefold() in BLANKS else text


def _seen(sign) -> bool:
    return sign.isspace() or unicodedata.category(sign)[0] != "C"


def fitting(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit(f"is {len(text)} characters long; at most {most} are kept")
    return text


def number_as_text(text: str) -> str:
    """Student and phone numbers are text: what a spreadsheet turned into a power of ten is lost."""
    if EXPONENT.fullmatch(text):
        raise Unfit(f"was turned into “{text}” by a spreadsheet; format the column as text")
    return text


def student_number(text: str) -> str:
    number_as_text(text)
    if not STUDENT_NUMBER.fullmatch(text):
        raise Unfit(f"“{text}” is not a student number: letters, digits, dots and dashes only")
    return fitting(text, 30)


def username(text: str) -> str:
    if not USERNAME.fullmatch(text):
        raise Unfit(f"“{text}” is not a username: letters, digits and @ . + - _ only")
    return fitting(text, 150)


def email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise Unfit(f"“{text}” is not an e-mail address") from None
    return fitting(text, 254)


def sex(text: str) -> str:
    return _one_of(SEXES, key(text), f"“{text}” is neither male nor female")


def year_level(text: str) -> str:
    """``1``, ``1st``, ``1st Year`` and ``First Year`` are the same."""
    bare = re.sub(r"\s*(year|yr)\.?\s*(level)?$", "", folded(text))
    level = ordinal(YEARS.get(bare, bare))
    return _one_of(
        {each: each for each in YEARS.values()}, level, f"“{text}” is not a year level (1st to 5th)"
    )


def centimetres(text: str) -> str:
    """A height: ``165``, ``165 cm``, ``1.65 m``, ``5'7"``."""
    bare = text.casefold().replace(",", ".").replace("”", '"').replace("’", "'")
    if metres := re.fullmatch(r"([12]\.[0-9]{1,2})\s*m?", bare):
        height = float(metres[1]) * 100
    elif feet := re.fullmatch(
        r"""([3-7])\s*(?:'|ft\.?|feet)\s*([0-9]|1[01])?\s*(?:"|''|in\.?|inches)?""", bare
    ):
        height = (int(feet[1]) * 12 + int(feet[2] or 0)) * 2.54
    elif whole := re.fullmatch(r"([0-9]{2,3})(?:\.[0-9]+)?\s*(?:cm\.?)?", bare):
        height = int(whole[1])
    else:
        raise Unfit(f"“{text}” is not a height; write it in centimetres, as 165")
    return _between(round(height), 50, 250, f"“{text}” is not the height of a person in centimetres")


def kilograms(text: str) -> str:
    """A weight: ``58``, ``58.5 kg``, ``128 lbs``."""
    weight = re.fullmatch(r"([0-9]{2,3}(?:[.,][0-9]+)?)\s*(kgs?|lbs?)?\.?", text.casefold())
    if not weight:
        raise Unfit(f"“{text}” is not a weight; write it in kilograms, as 58")
    in_kilograms = float(weight[1].replace(",", ".")) * (0.45359 if (weight[2] or "").startswith("l") else 1)
    return _between(round(in_kilograms), 20, 300, f"“{text}” is not the weight of a person in kilograms")


def _between(figure, least, most, reason) -> str:
    if not least <= figure <= most:
        raise Unfit(reason)
    return str(figure)


def blood_type(text: str) -> str:
    """``O pos``, ``O Rh positive`` and ``Type O+`` are ``O+``."""
    bare = re.sub(r"^(blood\s*)?type\s*", "", text, flags=re.IGNORECASE)
    for sign, word in (("+", "positive"), ("-", "negative")):
        bare = re.sub(rf"\s*(rh)?\s*\(?({word}|{word[:3]}\.?|\{sign})\)?$", sign, bare, flags=re.IGNORECASE)
    return bare


def school_year(text: str) -> str:
    years = re.fullmatch(r"(?:sy|ay|s\.y\.|a\.y\.)?\s*(\d{4})\s*[-–/]\s*(\d{2}|\d{4})", text.casefold())
    if not years:
        raise Unfit(f"“{text}” is not a school year (2026-2027)")
    return f"{years[1]}-{years[2] if len(years[2]) == 4 else years[1][:2] + years[2]}"


def semester(text: str) -> int:
    bare = re.sub(r"(semester|sem|term)$", "", key(text))
    names = {"summer": 3, "ojt": 3, "summerojt": 3, "midyear": 3, "1": 1, "2": 2, "3": 3}
    names |= {"1st": 1, "first": 1, "2nd": 2, "second": 2}
    return _one_of(names, bare, f"“{text}” is not a semester ({', '.join(SEMESTERS.values())})")


def _one_of(known, text, reason):
    if text not in known:
        raise Unfit(reason)
    return known[text]


def birthdate(text: str, order: str | None, today: date) -> str:
    """The date as ISO. ``order``: how slashes are read; without it an ambiguous date is not guessed."""
    day = calendar_day(text, order)
    if day > today:
        raise Unfit(f"“{text}” lies in the future")
    if day.year < 1900:
        raise Unfit(f"“{text}” is before 1900")
    return day.isoformat()


def calendar_day(text: str, order: str | None) -> date:
    """A date in any year; a time behind it is passed over."""
    bare = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2})?$", "", text.casefold())
    try:
        if iso := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
            return date(*map(int, iso.groups()))
        if named := _named_month(bare):
            return date(*named)
        if slashed := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", bare):
            return _ordered(text, *map(int, slashed.groups()), order)
    except ValueError:
        read_as = f" as {ORDERS[order]}" if order in ("dmy", "mdy") else ""
        raise Unfit(f"“{text}” is no day of the calendar{read_as}") from None
    raise Unfit(f"“{text}” is not a date; write 2005-03-12")


def _named_month(bare) -> tuple[int, int, int] | None:
    words = re.split(r"[\s,./-]+", bare.strip())
    if len(words) != 3:
        return None
    day, month = (words[0], words[1]) if words[0].isdecimal() else (words[1], words[0])
    if not (day.isdecimal() and month.isalpha() and month[:3] in MONTHS and re.fullmatch(r"\d{4}", words[2])):
        return None
    return int(words[2]), MONTHS.index(month[:3]) + 1, int(day)


def _ordered(text, first, second, year, order) -> date:
    if order == "iso":
        raise Unfit(f"“{text}” is not written year-month-day")
    if order is None:
        if first <= 12 and second <= 12 and first != second:
            raise Unfit(f"“{text}” can be read two ways; choose day/month/year or month/day/year")
        order = "mdy" if second > 12 else "dmy"
    return date(year, second, first) if order == "dmy" else date(year, first, second)
