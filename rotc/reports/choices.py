"""What a paper is asked to show: whom, in which groups, on which size of paper."""

from dataclasses import dataclass

from rotc.operations.models import Letterhead
from rotc.roster.models import Cadet, Unit

GROUPS = {"": "One paper", "ms_level": "One per MS level", "company": "One per company", "sex": "One per sex"}


def place_of(unit: Unit) -> str:
    """A unit with the one it stands under: ``1st Platoon, Alpha Company``."""
    above = unit.parent if unit.parent_id else None
    return f"{unit.label}, {above.label}" if above and above.parent_id else unit.label


@dataclass(frozen=True, slots=True)
class Choices:
    """Everybody in reach on one paper, unless something is chosen."""

    unit: Unit | None = None
    ms_level: str = ""
    sex: str = ""
    group: str = ""
    size: str = Letterhead.Paper.A4

    def narrow(self, enrollments):
        """Of these enrollments, the chosen ones."""
        wanted = {"ms_level": self.ms_level, "cadet__sex": self.sex}
        if self.unit:
            wanted["unit__path__startswith"] = self.unit.path
        return enrollments.filter(**{name: value for name, value in wanted.items() if value})

    @property
    def spoken(self) -> str:
        """Whom the paper is about, as its head says it: ``Alpha Company, 1st Battalion · MS1``."""
        sex = Cadet.Sex(self.sex).label if self.sex else ""
        unit = place_of(self.unit) if self.unit else ""
        return " · ".join(part for part in (unit, self.ms_level, sex) if part)
