"""The rules one term is graded under. A closed term keeps its own for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rotc.grading.figures import exact, spoken
from rotc.grading.keys import FULL_MARKS, READERS, PlannedExam, ScaleRow
from rotc.grading.presets import PRESETS
from rotc.grading.record import expect
from rotc.grading.rounding import ROUNDINGS, Rounding

COMPONENTS = ("attendance", "aptitude", "proficiency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every number the engine uses. Building one that cannot be right names the key in the error.

    Numbers may be given as strings, ints or Decimals, never as floats. `planned_days` and `exams`
    are only what a new term copies; grading reads the record's.
    """

    weight_attendance: Decimal
    weight_aptitude: Decimal
    weight_proficiency: Decimal
    credit_late: Decimal
    credit_excused: Decimal | str
    lates_per_absence: int | None
    aptitude_base: Decimal
    aptitude_cap: Decimal
    exam_base: Decimal
    minimum_attendance: Decimal | None
    minimum_aptitude: Decimal | None
    minimum_proficiency: Decimal | None
    passing_total: Decimal
    drop_rule: bool
    unexcused_limit: Decimal
    consecutive_limit: int
    scale: tuple[ScaleRow, ...]
    code_dropped: str
    code_incomplete: str
    code_deferred: str
    rounding: str
    planned_days: int
    exams: tuple[PlannedExam, ...]

    def __post_init__(self) -> None:
        for key, read in READERS.items():
            object.__setattr__(self, key, read(key, getattr(self, key)))
        check_weights(self)
        check_minimums(self)
        check_scale_ends_at_a_pass(self)

    @classmethod
    def preset(cls, name: str) -> "Policy":
        """A policy that ships: `msu-snd` or `navrescom`."""
        if name not in PRESETS:
            raise ValueError(f"there is no preset {name!r}, only {' and '.join(PRESETS)}")
        return cls.from_dict(PRESETS[name])

    @classmethod
    def from_dict(cls, settings: Mapping[str, object]) -> "Policy":
        """The policy that `to_dict` wrote. Every key must be there, and no other."""
        expect("a policy", settings, Mapping)
        refuse_keys("unknown", settings.keys() - READERS.keys())
        refuse_keys("missing", READERS.keys() - settings.keys())
        return cls(**settings)

    def to_dict(self) -> dict[str, object]:
        """The policy in JSON types only, decimals as strings."""
        return {key: as_json(getattr(self, key)) for key in READERS}

    @property
    def rounds(self) -> Rounding:
        """How components and total are rounded."""
        return ROUNDINGS[self.rounding]


def refuse_keys(what: str, keys: set[str]) -> None:
    """Raise a `ValueError` that names the keys, if there are any."""
    if keys:
        raise ValueError(f"{what} in a policy: {', '.join(sorted(map(str, keys)))}")


def as_json(value: object) -> object:
    """The value in JSON types."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, PlannedExam):
        return {"name": value.name, "items": value.items, "weight": as_json(value.weight)}
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    return value


def check_weights(policy: Policy) -> None:
    """Weights sum to 100, and full marks print as the weight, not as more."""
    keys = [f"weight_{component}" for component in COMPONENTS]
    weights = {key: exact(getattr(policy, key)) for key in keys}
    total = sum(weights.values())
    if total != FULL_MARKS:
        raise ValueError(f"{', '.join(keys)} must sum to {FULL_MARKS}, not {spoken(total)}")
    for key, weight in weights.items():
        if policy.rounds.component(weight) != weight:
            raise ValueError(f"{key} has more decimals than rounding {policy.rounding!r} prints")


def check_minimums(policy: Policy) -> None:
    """No minimum asks for more than its component can give."""
    for component in COMPONENTS:
        minimum = getattr(policy, f"minimum_{component}")
        weight = getattr(policy, f"weight_{component}")
        if minimum is not None and minimum > weight:
            raise ValueError(f"minimum_{component} is {minimum}, above its weight {weight}")


def check_scale_ends_at_a_pass(policy: Policy) -> None:
    """The last row begins where a pass begins, so that no pass is without a rating."""
    lowest, _ = policy.scale[-1]
    if lowest != policy.passing_total:
        raise ValueError(
            f"scale must end at passing_total, {spoken(policy.passing_total)}, not at {spoken(lowest)}"
        )
