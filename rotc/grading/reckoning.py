"""The figures of a record under a policy, before anybody judges them."""

from dataclasses import dataclass
from fractions import Fraction

from rotc.grading.aptitude import aptitude_because, aptitude_points
from rotc.grading.attendance import attendance_because, attendance_points, days_as_counted
from rotc.grading.component import Component
from rotc.grading.policy import Policy
from rotc.grading.proficiency import (
    Percentages,
    mean_percentage,
    percentages,
    proficiency_because,
    proficiency_points,
)
from rotc.grading.record import CadetRecord


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Components and total as every comparison uses them: rounded where the policy rounds."""

    record: CadetRecord
    policy: Policy
    days: str  # as counted: every n-th late is an absence already
    taken: Percentages
    mean: Fraction | None
    attendance: Fraction | None
    aptitude: Fraction
    proficiency: Fraction | None
    total: Fraction | None

    def components(self) -> tuple[Component, Component, Component]:
        """Attendance, aptitude and proficiency as they are returned, each with its sentence."""
        record, policy = self.record, self.policy
        return (
            self._component("attendance", attendance_because(record, self.days, policy)),
            self._component("aptitude", aptitude_because(record, policy)),
            self._component("proficiency", proficiency_because(self.taken, self.mean, policy, record.final)),
        )

    def _component(self, name: str, because: str) -> Component:
        points = getattr(self, name)
        figure = None if points is None else self.policy.rounds.component_figure(points)
        return Component(figure, because, getattr(self.policy, f"weight_{name}"))


def reckon(record: CadetRecord, policy: Policy) -> Reckoning:
    """The figures of the record. The total is `None` while any component is."""
    days = days_as_counted(record.days, policy.lates_per_absence)
    taken = percentages(record.exams, policy)
    mean = mean_percentage(taken, record.final)
    attendance = rounded(attendance_points(days, policy), policy)
    aptitude = rounded(aptitude_points(record, policy), policy)
    proficiency = rounded(proficiency_points(mean, policy), policy)
    total = None
    if attendance is not None and proficiency is not None:
        total = policy.rounds.total(attendance + aptitude + proficiency)
    return Reckoning(record, policy, days, taken, mean, attendance, aptitude, proficiency, total)


def rounded(points: Fraction | None, policy: Policy) -> Fraction | None:
    """A component as every comparison uses it."""
    return None if points is None else policy.rounds.component(points)
