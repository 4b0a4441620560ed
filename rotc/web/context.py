"""What the shell around every page shows: who is here and where they may go."""

from django.utils.functional import SimpleLazyObject

from rotc import access
from rotc.messages import queries as notifications
from rotc.operations.maintenance import closed_until

# Label, path, the rights that open it (any one), in the order of a day's work.
ROOMS = [
    ("Today", "/", [access.SEE_ROSTER]),
    ("Attendance", "/attendance/", [access.MARK_ATTENDANCE, access.SEE_GRADES]),
    ("Conduct", "/conduct/", [access.PROPOSE_CONDUCT, access.SEE_GRADES]),
    ("Grade sheet", "/sheet/", [access.SEE_GRADES]),
    ("Board", "/board/", [access.RANK_BY_NAME]),
    ("Reports", "/reports/", [access.MAKE_REPORTS]),
    ("Roster", "/roster/", [access.SEE_ROSTER]),
    ("Imports", "/imports/", [*access.IMPORTS.values()]),
    ("Terms", "/terms/", [access.OPEN_TERMS, access.SET_EXAMS]),
    ("People", "/people/", [access.MANAGE_ACCOUNTS]),
    ("Settings", "/settings/", [access.CHANGE_SETTINGS]),
]


def shell(request):
    """``rooms``: the pages open to this user; ``own_standing``: whether they are a cadet themselves; ``unread``: how
    many notifications wait for them; ``closed_until``: of a maintenance, to those who can end it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"rooms": [], "own_standing": False}
    rooms = [
        {"label": label, "path": path, "here": _here(request.path, path)}
        for label, path, rights in ROOMS
        if any(access.may(user, right) for right in rights)
    ]
    closed = closed_until() if access.may(user, access.CHANGE_SETTINGS) else ""
    unread = SimpleLazyObject(lambda: notifications.unread(user))  # fragments do not ask
    return {
        "rooms": rooms,
        "own_standing": user.cadet_id is not None,
        "unread": unread,
        "closed_until": closed,
    }


def _here(at: str, path: str) -> bool:
    return at == path if path == "/" else at.startswith(path)
