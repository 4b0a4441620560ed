"""What goes in: one enrollment in one term."""

from dataclasses import dataclass
from decimal import Decimal

from rotc.grading.figures import number, whole

PRESENT, LATE, EXCUSED, ABSENT = "P", "L", "E", "A"
LETTERS = PRESENT + LATE + EXCUSED + ABSENT
NO_SHOW, EXAM_EXCUSED = "no-show", "excused"


@dataclass(frozen=True, slots=True)
class ExamScore:
    """One exam of a cadet. `raw` is `None` while there is no score, `absence` says why.

    Refuses with a `TypeError` or `ValueError` that names the field.
    """

    name: str
    raw: int | Decimal | None
    items: int | Decimal
    weight: int | Decimal = 1
    absence: str | None = None

    def __post_init__(self) -> None:
        expect("name", self.name, str)
        above_zero("items", self.items)
        above_zero("weight", self.weight)
        if self.absence not in (None, NO_SHOW, EXAM_EXCUSED):
            raise ValueError(f"absence must be no-show or excused, not {self.absence!r}")
        if self.raw is not None:
            self._check_raw()

    def _check_raw(self) -> None:
        if number("raw", self.raw) > self.items:
            raise ValueError(f"raw is {self.raw}, above the {self.items} items of {self.name}")
        if self.absence is not None:
            raise ValueError(f"{self.name}: raw and absence cannot both be given")

    @property
    def missing(self) -> bool:
        """Neither a score nor an absence: still to be taken, or to be entered."""
        return self.raw is None and self.absence is None

    @property
    def counted_raw(self) -> int | Decimal | None:
        """The raw score the formula uses: 0 for a no-show, `None` where there is nothing to use."""
        return 0 if self.absence == NO_SHOW else self.raw


@dataclass(frozen=True, slots=True)
class CadetRecord:
    """All the engine wants to know of a cadet in a term.

    `days` has one letter per held day with a mark, in date order: P present, L late, E excused,
    A absent without excuse. Refuses with a `TypeError` or `ValueError` that names the field.
    """

    days: str
    planned_days: int
    merits: int = 0
    demerits: int = 0
    exams: tuple[ExamScore, ...] = ()
    override: str | None = None
    drop_waived: bool = False
    final: bool = False

    def __post_init__(self) -> None:
        self._check_days()
        for field in ("planned_days", "merits", "demerits"):
            object.__setattr__(self, field, whole(field, getattr(self, field)))
        self._check_exams()
        self._check_override()
        expect("drop_waived", self.drop_waived, bool)
        expect("final", self.final, bool)

    def _check_days(self) -> None:
        expect("days", self.days, str)
        unknown = self.days.strip(LETTERS)  # all known letters: nothing is left
        if unknown:
            raise ValueError(f"days may hold the letters P, L, E and A, not {unknown[0]!r}")

    def _check_exams(self) -> None:
        expect("exams", self.exams, (tuple, list))
        object.__setattr__(self, "exams", tuple(self.exams))
        for exam in self.exams:
            expect("exams", exam, ExamScore)

    def _check_override(self) -> None:
        if self.override is None:
            return
        expect("override", self.override, str)
        if not self.override.strip():
            raise ValueError("override must be a code or None, not blank")


def expect(field: str, value: object, kind: type | tuple[type, ...]) -> None:
    """Raise a `TypeError` that names the field unless the value is of the kind."""
    if not isinstance(value, kind):
        raise TypeError(f"{field} cannot be a {type(value).__name__}")


def above_zero(field: str, value: object) -> None:
    """Raise an error that names the field unless the value is a number above 0."""
    if number(field, value) == 0:
        raise ValueError(f"{field} must be above 0")
