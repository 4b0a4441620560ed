"""The unit's settings as papers show them."""

from dataclasses import dataclass

from rotc.operations.models import Letterhead, Signatory


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead of every paper and those who sign at its foot."""

    unit_name: str
    university: str
    command_lines: list[str]
    address: str
    paper: str
    signatories: list[Signatory]

    @property
    def blank(self) -> bool:
        return not (self.unit_name or self.university)


def letterhead() -> Head:
    """The unit's letterhead, blank where nothing was filled in yet."""
    row = letterhead_row()
    lines = [line.strip() for line in row.command_lines.splitlines() if line.strip()]
    return Head(row.unit_name, row.university, lines, row.address, row.paper, list(Signatory.objects.all()))


def letterhead_row() -> Letterhead:
    """The one row of the unit's settings."""
    return Letterhead.objects.order_by("pk").first() or Letterhead()
