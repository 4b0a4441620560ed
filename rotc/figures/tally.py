"""How long answers took, counted in fixed buckets: so small, and tallies of many processes and minutes add up."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

# Seconds, from 1 ms to a minute, each a fifth more than the one before; 0.5 and 1 are among them, so that whether
# a target is met is no matter of estimating.
BOUNDS = [0.5 * 2 ** (step / 4) for step in range(-36, 29)]


@dataclass(slots=True)
class Tally:
    """The answers of one route: how many were errors, and how many fell into each bucket."""

    errors: int = 0
    buckets: Counter = field(default_factory=Counter)

    def add(self, seconds: float, *, error: bool) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.errors += error

    def join(self, other: "Tally") -> None:
        self.errors += other.errors
        self.buckets.update(other.buckets)

    @property
    def requests(self) -> int:
        return self.buckets.total()

    @property
    def error_rate(self) -> float | None:
        """Which part of the answers were errors; None where nobody asked."""
        return self.errors / self.requests if self.requests else None

    def within(self, percent: int) -> float | None:
        """The seconds within which ``percent`` of a hundred were answered; None where nobody asked.

        The answer of that rank lies in the same bucket, so this is at most a fifth off.
        """
        rank, passed = -(-self.requests * percent // 100), 0
        for bucket in sorted(self.buckets):
            if passed + self.buckets[bucket] >= rank:
                return _between(bucket, (rank - passed) / self.buckets[bucket])
            passed += self.buckets[bucket]
        return None

    @property
    def packed(self) -> list[int]:
        """The errors, then each bucket and its count: as it is kept."""
        return [self.errors, *(number for pair in sorted(self.buckets.items()) for number in pair)]

    @classmethod
    def unpacked(cls, packed: list[int]) -> "Tally":
        errors, *pairs = packed
        return cls(errors, Counter(dict(zip(pairs[::2], pairs[1::2], strict=True))))


def _between(bucket, share) -> float:
    if bucket == len(BOUNDS):
        return BOUNDS[-1]
    lower = BOUNDS[bucket - 1] if bucket else 0
    return lower + (BOUNDS[bucket] - lower) * share


def together(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    whole = Tally()
    for tally in tallies:
        whole.join(tally)
    return whole
