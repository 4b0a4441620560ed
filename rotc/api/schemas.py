"""What goes in and what comes out, in one place: the OpenAPI document is made of this."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from rotc.api.values import ByItself, Clock, Day, Figure, Moment, Number, text

MOST_SCANS = 200


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Error(BaseModel):
    """Every refusal: one sentence for whoever reads it."""

    error: str


def errors(*statuses: int) -> dict:
    """The refusals that an operation may answer with."""
    return dict.fromkeys((*statuses, 503), Error)


# --- signing in


class Credentials(Given):
    username: text(254, 1) = Field(description="Username, student number or verified e-mail.")
    password: text(256, 1)
    code: text(40) | None = Field(
        None,
        description="Of the app, or a recovery code, where the account has a second step.",
    )
    device: text(80) | None = Field(None, description="How the token is called on the page of the account.")


class Token(BaseModel):
    token: str = Field(description="It is told only here.")
    device: str
    expires_at: datetime


class Done(BaseModel):
    done: Literal[True]


# --- standing


class OfTerm(BaseModel):
    term: text(40) | None = Field(None, description="Such as 2026-2027-1; by default the newest.")


class Component(BaseModel):
    points: Figure | None
    of: Figure
    minimum: Figure | None
    because: str


class Components(BaseModel):
    attendance: Component
    aptitude: Component
    proficiency: Component


class Better(BaseModel):
    rating: str
    raw: int


class Need(BaseModel):
    exam: str
    items: int
    for_pass: int | None = Field(description="Null: a pass is out of reach as things stand.")
    better: list[Better]


class Place(BaseModel):
    unit: str
    place: int
    of: int


class OwnDay(BaseModel):
    date: date
    subject: str
    mark: str | None
    label: str
    time_in: Clock | None
    time_out: Clock | None
    remarks: str


class Entry(BaseModel):
    date: date
    kind: str
    points: int
    reason: str
    state: str
    counts: bool


class OwnScore(BaseModel):
    exam: str
    items: int
    weight: Figure
    raw: Figure | None
    absence: str | None


class Standing(BaseModel):
    """A cadet's own standing: the figures and sentences of their page."""

    student_number: str
    name: str
    term: str
    term_title: str
    unit: str
    ms_level: str
    as_of: datetime
    running: bool = Field(description="While it is, every figure is provisional.")
    verdict: str
    headline: str = Field(description="What the number is that matters most.")
    figure: str
    reasons: list[str]
    decision: str | None
    warning: str | None
    total: Figure | None
    rating: str | None
    if_ended_today: str | None
    components: Components
    still_needed: list[Need]
    places: list[Place]
    days: list[OwnDay]
    conduct: list[Entry]
    exams: list[OwnScore]
    next_day: date | None


# --- grade sheet


class SheetAsked(OfTerm):
    unit: str | None = Field(
        None, pattern=r"^\d{1,18}$", description="A unit's id; by default your first platoon."
    )
    columns: Literal["exams", "attendance", "aptitude", "all"] = "exams"
    q: text(80) = Field("", description="A part of a name or student number.")
    show: Literal["", "blanks", "below", "changed"] = ""


class Unit(BaseModel):
    id: int
    place: str


class Exam(BaseModel):
    id: int
    name: str
    items: int
    weight: Figure


class Held(BaseModel):
    id: int
    date: date


class Cell(BaseModel):
    exam: int
    typed: str = Field(description="`87.5`, `ABS`, `EX`, or empty.")
    version: int = Field(description="0: nobody has filled it.")


class Row(BaseModel):
    enrollment: int
    cadet: int
    student_number: str
    name: str
    unit: str
    locked: bool
    scores: list[Cell] | None
    marks: list[str | None] | None
    merits: int | None
    demerits: int | None
    attendance: Figure | None
    aptitude: Figure | None
    proficiency: Figure | None
    total: Figure | None
    rating: str | None
    if_ended_today: str | None
    verdict: str
    remark: str
    version: int = Field(description="Of the figures: higher whenever they change.")


class Sheet(BaseModel):
    term: str
    unit: Unit
    columns: str
    editable: bool
    exams: list[Exam]
    days: list[Held]
    rows: list[Row]


# --- roster


class RosterAsked(OfTerm):
    unit: str | None = Field(
        None, pattern=r"^\d{1,18}$", description="A unit's id: everybody in and under it."
    )
    q: text(100) = Field("", description="A part of a name or student number.")
    ms: text(10) | None = Field(None, description="An MS level; empty: who has none yet.")
    where: Literal["", "all"] = Field(
        "", description="`all`: every term that you may read; then no unit is asked for."
    )
    show: Literal["", "incomplete", "archived"] = ""
    page: int = Field(1, ge=1, le=100_000)


class Listed(BaseModel):
    enrollment: int
    term: str
    cadet: int
    student_number: str
    last_name: str
    first_name: str
    middle_name: str
    suffix: str
    unit: Unit
    ms_level: str
    rank: str
    position: str
    status: str


class Roster(BaseModel):
    term: str
    count: int
    page: int
    pages: int
    cadets: list[Listed]


# --- attendance


class Scan(Given):
    id: UUID = Field(description="Made by you. The same id is stored once, however often it is sent.")
    cadet: Number | None = Field(
        None, description="The cadet's id, as the roster has it; or give the student number."
    )
    student_number: text(30, 1) | None = None
    day: Day
    mark: Literal["P", "L", "E", "A"]
    at: Moment | None = Field(None, description="When it was scanned: the time in of P and L.")
    seen: Annotated[StrictInt, Field(ge=0, lt=2**31)] = Field(
        0, description="The version of the mark that you mean to replace; 0: there was none."
    )


class Scans(Given):
    scans: list[Annotated[Scan, ByItself]] = Field(min_length=1, max_length=MOST_SCANS)


class Mark(BaseModel):
    letter: str
    time_in: Clock | None
    version: int
    set_by: str


class Answered(BaseModel):
    id: str | None
    status: int = Field(description="200 stored; 403, 404, 409 and 422 not, and `error` says why.")
    again: bool = Field(description="It was stored before; nothing was changed now.")
    error: str | None
    mark: Mark | None = Field(description="As it stands now, where you may see it.")


class AnsweredAll(BaseModel):
    stored: int
    refused: int
    scans: list[Answered]
