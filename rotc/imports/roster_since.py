"""What became of the records that a roster wrote, and why one of its rows cannot be taken back."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef

from rotc.accounts.models import AccessCode, Appointment, SignInName, StaffProfile, User, sign_in_key
from rotc.imports.roster_fields import CADET_FIELDS, ENROLLMENT_FIELDS, WORDS
from rotc.imports.roster_known import chunked, stored
from rotc.roster.archiving import has_facts
from rotc.roster.models import Cadet, Enrollment, Unit

THEIRS = {
    "coded": (AccessCode, "was given a one-time code since"),
    "appointed": (Appointment, "was appointed since"),
    "signed_in": (UserSession, "has signed in since"),
    "secured": (Authenticator, "has signed in since"),
    "mailed": (EmailAddress, "has given an e-mail to sign in with since"),
    "profiled": (StaffProfile, "has a staff record since"),
}


class Since:
    """The records of a trail as they stand now, held for the transaction that is open; a few trips for all."""

    def __init__(self, term, trail):
        cadets = [each["cadet"] for each in trail]
        self.cadets = _by_pk(Cadet.objects.select_for_update(no_key=True), cadets)
        places = Enrollment.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
        self.enrollments = _by_pk(places, [each["enrollment"] for each in trail])
        self.users = {each.cadet_id: each for each in chunked(_users(), "cadet__in", cadets)}
        self.units = {unit.pk: unit for unit in Unit.objects.filter(term=term)}
        made = [each["enrollment"] for each in trail if "enrollment" in each["made"]]
        filled = Enrollment.objects.filter(has_facts()).order_by()
        self.filled = {each.pk for each in chunked(filled, "pk__in", made)}
        elsewhere = Enrollment.objects.exclude(term=term).order_by().values_list("cadet_id", flat=True)
        new = [each["cadet"] for each in trail if "cadet" in each["made"]]
        self.elsewhere = set(chunked(elsewhere, "cadet__in", new))
        self.taken = {}

    def look_up(self, names) -> None:
        """Learn who signs in under these names now."""
        keys = sorted({sign_in_key(name) for name in names})
        self.taken = dict(chunked(SignInName.objects.values_list("name", "user_id"), "name__in", keys))

    def why_kept(self, row, trace) -> str:
        """Why a row stays as it is; empty where everything it wrote is still as it left it."""
        cadet, enrollment = self.cadets.get(trace["cadet"]), self.enrollments.get(trace["enrollment"])
        if cadet is None or enrollment is None:
            return "the record is not there any more"
        return (
            self._of_cadet(cadet, row, trace["made"])
            or self._of_enrollment(enrollment, row, trace)
            or self._of_account(self.users.get(cadet.pk), cadet, row, trace)
        )

    def _of_cadet(self, cadet, row, made) -> str:
        if cadet.archived_at:
            return "the record was archived since"
        if "cadet" not in made:
            return _other(
                cadet, {name: new for name, (_, new) in row["changes"].items() if name in CADET_FIELDS}
            )
        if cadet.pk in self.elsewhere:
            return "is enrolled in another term as well"
        if cadet.photo:
            return "a photo was added since"
        if cadet.profile_locked_at:
            return "the profile was completed since"
        names = ("student_number", *CADET_FIELDS)
        return _other(cadet, {name: row["values"].get(name, "") for name in names})

    def _of_enrollment(self, enrollment, row, trace) -> str:
        if "enrollment" in trace["made"]:
            if enrollment.pk in self.filled:
                return "has attendance, scores, merits or demerits by now"
            wanted = {name: row["values"].get(name, "") for name in ENROLLMENT_FIELDS}
        else:
            wanted = {name: new for name, (_, new) in row["changes"].items() if name in ENROLLMENT_FIELDS}
        moved = "enrollment" in trace["made"] or "unit" in row["changes"]
        if moved and enrollment.unit.path != row["values"]["unit"]:
            return "stands in another unit by now"
        if "unit" in row["changes"] and trace["before"]["unit"] not in self.units:
            return "the unit they stood in is not there any more"
        return _other(enrollment, wanted)

    def _of_account(self, user, cadet, row, trace) -> str:
        if "account" in trace["made"]:
            return _of_new_account(user, cadet, row) if user else "the account is not there any more"
        if "username" in row["changes"]:
            before, after = row["changes"]["username"]
            if user is None or user.username != after:
                return "the username was changed since"
            if self.taken.get(sign_in_key(before), user.pk) != user.pk:
                return f"somebody else signs in as “{before}” by now"
        return ""


def _of_new_account(user, cadet, row) -> str:
    for name, (_, why) in THEIRS.items():
        if getattr(user, name):
            return why
    if user.has_usable_password() or user.last_login:
        return "has signed in since"
    username = row["values"].get("username", cadet.student_number)
    as_left = (username, cadet.first_name, cadet.last_name, "", "", True)
    is_now = (user.username, user.first_name, user.last_name, user.email, user.rank, user.is_active)
    return "" if is_now == as_left else "the account was changed since"


def _other(thing, left) -> str:
    """What is not as it was left, in words."""
    for name, value in left.items():
        if stored(thing, name) != value:
            return f"{WORDS[name]} is “{stored(thing, name)}” by now"
    return ""


def _users():
    own = {name: Exists(model.objects.filter(user=OuterRef("pk"))) for name, (model, _) in THEIRS.items()}
    return User.objects.annotate(**own)


def _by_pk(found, ids) -> dict:
    return {each.pk: each for each in chunked(found, "pk__in", sorted(ids))}
