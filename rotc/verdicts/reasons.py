"""A decision is never made without saying why."""

from rotc.refusals import BadValue


def given(reason: str) -> str:
    """The reason in single spaces; ``BadValue`` where there is none or it is too long."""
    reason = " ".join(reason.split())
    if not reason:
        raise BadValue("Say why. Nothing was changed.")
    if len(reason) > 200:
        raise BadValue("The reason has at most 200 characters. Nothing was changed.")
    return reason
