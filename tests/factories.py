"""Things to test with, made through the house's own actions."""

from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password
from django.utils import timezone

from rotc.accounts.actions import appoint, open_account
from rotc.accounts.models import User
from rotc.attendance.models import TrainingDay
from rotc.roster import actions as roster
from rotc.roster.models import Cadet, Enrollment, Term, Unit
from rotc.standings import actions as standings
from rotc.terms import actions as terms
from tests.served import PASSWORD


@cache
def _hashed(algorithm) -> str:
    """Of everybody's password, reckoned once: Argon2 is slow on purpose."""
    return make_password(PASSWORD, hasher=algorithm)


def _let_in(user) -> None:
    user.password = _hashed(get_hasher().algorithm)
    user.save(update_fields=["password"])


def today():
    return timezone.localdate()


def open_term(year="2026-2027", semester=1, **facts) -> Term:
    """Its training days are around today, in whichever school year today is."""
    facts = {"starts": today() - timedelta(weeks=10), "days": 15, **facts}
    starts = facts.pop("starts")
    term, opened = terms.open_term(year, semester, by=None, **facts)
    if starts and opened:
        dates = [starts + timedelta(weeks=week) for week in range(term.planned_days)]
        TrainingDay.objects.bulk_create(TrainingDay(term=term, date=on) for on in dates)
    return term


def company(term: Term, name: str, battalion: str = "1st") -> Unit:
    above = roster.form_unit(term, Unit.Kind.BATTALION, battalion, by=None)
    unit = roster.form_unit(term, Unit.Kind.COMPANY, name, parent=above, by=None)
    for platoon in ("1st", "2nd"):
        roster.form_unit(term, Unit.Kind.PLATOON, platoon, parent=unit, by=None)
    return unit


def enroll(unit: Unit, student_number: str, last_name: str, first_name: str, **placing) -> Enrollment:
    cadet = Cadet.objects.create(student_number=student_number, last_name=last_name, first_name=first_name)
    account = open_account(student_number, cadet=cadet, by=None, first_name=first_name, last_name=last_name)
    _let_in(account)
    return roster.enroll(cadet, unit.term, unit, by=None, ms_level="MS1", **placing)


def platoon_of(unit: Unit, size: int, start: int = 1) -> list[Enrollment]:
    """``size`` cadets named Cadet 001… in ``unit``."""
    return [
        enroll(unit, f"77-{number:04}", f"Cadet{number:03}", "Test") for number in range(start, start + size)
    ]


def appointed(user: User, role: str, unit: Unit | None) -> User:
    appoint(user, role, unit=unit, by=None)
    return user


def staff(username: str, role: str, unit: Unit | None) -> User:
    user = open_account(username, by=None, rank="Sgt", first_name="Maria", last_name=username.title())
    _let_in(user)
    return appointed(user, role, unit)


def many(unit: Unit, size: int, start: int = 0) -> list[Enrollment]:
    """``size`` enrollments in ``unit`` written in bulk, without accounts: for counting queries."""
    cadets = [
        Cadet(
            student_number=f"88-{n:05}", last_name=f"Many{n:05}", first_name="Test", sort_name=f"many{n:05}"
        )
        for n in range(start, start + size)
    ]
    cadets = Cadet.objects.bulk_create(cadets)
    made = Enrollment.objects.bulk_create(
        Enrollment(cadet=cadet, term=unit.term, unit=unit, ms_level="MS1") for cadet in cadets
    )
    standings.refresh(unit.term, [each.pk for each in made])
    return made
