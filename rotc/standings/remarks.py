"""A standing in a few words, the same on the sheet, on papers and in files."""

import re
from datetime import date

BELOW_MINIMUM = re.compile(r"(\w+ \S+) is below the minimum of (\S+)")


def remark(standing) -> str:
    """The verdict in a few words, and what was decided beside it."""
    if standing.verdict == "overridden":
        return "; ".join(standing.reasons)
    return "; ".join([_verdict(standing), *beside(standing)])


def _verdict(standing) -> str:
    why = "; ".join(standing.reasons)
    if standing.verdict == "in_progress":
        return _so_far(standing)
    if standing.verdict == "dropped":
        return dropped(standing) if standing.is_confirmed else f"For confirmation: {why}"
    return {"passed": "Passed", "failed": f"Failed: {why}", "incomplete": f"Incomplete: {why}"}[
        standing.verdict
    ]


def _so_far(standing) -> str:
    if standing.if_ended_today:
        return f"In progress, {standing.if_ended_today} if it ended today"
    return ". ".join(["In progress", *below_minimum(standing.reasons)])


def below_minimum(reasons) -> list[str]:
    """Every component that is below what it needs, said while the term runs: nothing has failed yet."""
    found = [BELOW_MINIMUM.fullmatch(reason) for reason in reasons]
    return [f"{each[1].capitalize()} is below the {each[2]} that is needed" for each in found if each]


def dropped(standing) -> str:
    """``Dropped: 4 unexcused of 3 allowed, confirmed by Maj Cruz on 3 Nov 2026``."""
    why = "; ".join(reason.removeprefix("absences: ") for reason in standing.reasons)
    return f"Dropped: {why}, {decided(standing.decision)}"


def decided(decision: dict) -> str:
    """``waived by Maj Cruz on 3 Nov 2026``."""
    return f"{decision['decision']} by {decision['by']} on {on(decision)}"


def on(decision: dict) -> str:
    day = date.fromisoformat(decision["on"])
    return f"{day.day} {day:%b %Y}"


def beside(standing) -> list[str]:
    """What was decided of a drop, where the verdict does not say it."""
    decision = standing.decision
    if not decision or standing.is_confirmed:
        return []
    if not decision["now"]:
        return [f"the drop {decided(decision)} is no longer backed by the figures"]
    return [f"drop {decided(decision)}"]  # why is on the standing and the drop's page, not on papers
