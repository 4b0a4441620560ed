"""The sorts of values that go in and come out. Nothing is taken for what it does not say it is."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    StrictInt,
    ValidationError,
    WrapValidator,
)

from rotc.web.figures import with_decimals

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"20\d\d-\d\d-\d\d[Tt ].+", re.ASCII)


def _without_null(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a null byte.")
    return text


def _looking_like(pattern, hint):
    """pydantic would take a bare number for a moment since 1970."""

    def check(given):
        if not (isinstance(given, str) and pattern.fullmatch(given)):
            raise ValueError(hint)
        return given

    return BeforeValidator(check)


def text(most: int, least: int = 0):
    """Text of so many characters, which any database takes."""
    return Annotated[str, Field(min_length=least, max_length=most), AfterValidator(_without_null)]


Day = Annotated[date, _looking_like(DAY, "must be a date such as 2026-12-05.")]
Moment = Annotated[
    AwareDatetime, _looking_like(MOMENT, "must be a moment such as 2026-12-05T07:12:00+08:00.")
]
Number = Annotated[StrictInt, Field(ge=1, lt=2**63)]
Figure = Annotated[Decimal, PlainSerializer(with_decimals, return_type=str)]  # two places, never a float
Clock = Annotated[time, PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str)]


class Unreadable(BaseModel):
    """A scan that is not one, and why."""

    id: str | None
    errors: list[dict]


def _by_itself(given, read) -> Any:
    """One that cannot be read is answered among the others, and holds nobody up."""
    try:
        return read(given)
    except ValidationError as problem:
        told = given.get("id") if isinstance(given, dict) else None
        return Unreadable.model_construct(
            id=told[:36] if isinstance(told, str) else None, errors=problem.errors(include_url=False)
        )


ByItself = WrapValidator(_by_itself)
