"""Military aptitude: merits and demerits over the whole term, whatever their order was."""

from fractions import Fraction

from rotc.grading.figures import exact, several, spoken
from rotc.grading.policy import Policy
from rotc.grading.record import CadetRecord


def aptitude_net(record: CadetRecord, policy: Policy) -> Fraction:
    """Base, plus merits, minus demerits, before it is held within bounds."""
    return exact(policy.aptitude_base) + (record.merits - record.demerits)


def within_bounds(net: Fraction, policy: Policy) -> Fraction:
    """The net points held between 0 and the cap."""
    return max(Fraction(0), min(net, exact(policy.aptitude_cap)))


def aptitude_points(record: CadetRecord, policy: Policy) -> Fraction:
    """The exact points for the entries of the whole term, whatever their order was."""
    counted = within_bounds(aptitude_net(record, policy), policy)
    return exact(policy.weight_aptitude) * counted / 100


def aptitude_because(record: CadetRecord, policy: Policy) -> str:
    """100 + 10 merits − 30 demerits = 80 of 100."""
    net = aptitude_net(record, policy)
    merits, demerits = several(record.merits, "merit"), several(record.demerits, "demerit")
    base, bound = spoken(policy.aptitude_base), bound_because(net, policy)
    return f"{base} + {merits} − {demerits} = {spoken(net)}{bound} of 100"


def bound_because(net: Fraction, policy: Policy) -> str:
    """Says so where the net points are not what counts."""
    counted = within_bounds(net, policy)
    if counted < net:
        return f", capped at {spoken(counted)}"
    return f", counted as {spoken(counted)}" if counted > net else ""
