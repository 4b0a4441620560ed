"""Training days of the invented battalion, and who was there."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from rotc.accounts.models import User
from rotc.attendance.models import AttendanceMark, Letter, TrainingDay
from rotc.attendance.planning import cancel_day, change_day
from rotc.demo.formation import HOW, Company
from rotc.journal import actions as journal
from rotc.roster.models import Enrollment, Term

DAYS = 15
DAYS_BEFORE = 11  # ten of them held, one cancelled
CANCELLED = 5
SATURDAY = 5
SUBJECTS = [
    "Opening formation and orientation", "Military courtesy and discipline", "Drill: dismounted, without arms",
    "Customs and traditions of the service", "The Constitution and the duties of a citizen",
    "Wearing the uniform; ranks and insignia", "First aid and carrying the wounded",
    "Map reading and land navigation", "Disaster response: floods and typhoons", "Knots and rope work",
    "Drill: squad and platoon movements", "Rifle marksmanship: safety and positions",
    "Interior guard duty", "Community service", "Final formation and review",
]  # fmt: skip

# How often each sort of cadet is present, late, excused, absent; and how many in a hundred are of that sort.
DILIGENT, USUAL, SLACK, NEVER = (960, 28, 6, 6), (850, 75, 30, 45), (640, 130, 40, 190), (0, 0, 0, 1)
SHARE_OF_HABITS = [70, 24, 6]
EXCUSES = ["Fever, with a letter", "Death in the family", "Varsity meet", "Off-campus seminar"]
LATE_BECAUSE = ["Jeepney broke down", "Overslept", "Heavy rain", ""]


def first_day(today: date) -> date:
    """The Saturday from which on eleven days lie behind ``today`` and the next is today or ahead."""
    coming = today + timedelta(days=(SATURDAY - today.weekday()) % 7)
    return coming - timedelta(weeks=DAYS_BEFORE)


def plan(term: Term, *, by) -> list[TrainingDay]:
    """Give every day its subject and cancel one of them; returns the days that were held."""
    days = list(term.training_days.order_by("date"))
    for day, subject in zip(days, SUBJECTS, strict=True):
        change_day(day, date=day.date, subject=subject, by=by, how=HOW)
    cancel_day(days[CANCELLED], reason="Typhoon signal no. 2, classes suspended", by=by, how=HOW)
    return [day for place, day in enumerate(days[:DAYS_BEFORE]) if place != CANCELLED]


def hold(days, companies: list[Company], never: set[int], *, random: Random) -> list[AttendanceMark]:
    """Mark everybody on every held day, but for a few on the last; ``never`` are those who never came."""
    for day in days:
        TrainingDay.objects.filter(pk=day.pk).update(held_at=at(day.date, time(7, 30)))
    marks = []
    for company in companies:
        for platoon in company.platoons:
            for enrollment in platoon:
                marks += _marks(enrollment, days, never, company, random)
    left_out = _left_out(companies)
    marks = [mark for mark in marks if mark.day != days[-1] or mark.enrollment_id not in left_out]
    AttendanceMark.objects.bulk_create(marks, batch_size=500)
    for day in days:  # bulk_create stamps its own moment
        day.marks.update(changed_at=at(day.date, time(8, 30)))
    journal.write_all([*(_held(day, companies[0].officer) for day in days), *(_line(mark) for mark in marks)])
    return marks


def at(day: date, clock: time) -> datetime:
    """A moment on a day in Manila."""
    return timezone.make_aware(datetime.combine(day, clock))


def _left_out(companies) -> set[int]:
    """Work for the Today page: half of Alpha's last platoon and all of the next company's."""
    alpha = companies[0].platoons[-1]
    return {each.pk for each in [*alpha[len(alpha) // 2 :], *companies[1].platoons[-1]]}


def _marks(enrollment, days, never, company, random) -> list[AttendanceMark]:
    habit = random.choices([DILIGENT, USUAL, SLACK], SHARE_OF_HABITS)[0]
    if enrollment.pk in never:
        habit = NEVER
    return [_mark(enrollment, day, random.choices(Letter.values, habit)[0], company, random) for day in days]


def _mark(enrollment: Enrollment, day, letter, company, random) -> AttendanceMark:
    came = letter in (Letter.PRESENT, Letter.LATE)
    minute = random.randint(7 * 60 + 31, 8 * 60 + 20) if letter == Letter.LATE else random.randint(390, 449)
    return AttendanceMark(
        day=day,
        enrollment=enrollment,
        letter=letter,
        time_in=time(*divmod(minute, 60)) if came else None,
        time_out=time(11, random.randint(30, 45)) if came else None,
        remarks=_remark(letter, random),
        changed_by=company.marker(enrollment),
    )


def _remark(letter, random) -> str:
    if letter == Letter.EXCUSED:
        return random.choice(EXCUSES)
    if letter == Letter.LATE:
        return random.choice(LATE_BECAUSE)
    return "Left early, with permission" if letter == Letter.PRESENT and random.random() < 0.004 else ""


def _held(day, officer: User):
    return journal.entry(
        "training day held",
        f"day:{day.pk}",
        by=officer,
        how=HOW,
        term_id=day.term_id,
        changes={"held": (None, "yes")},
    )


def _line(mark):
    said = {
        "attendance": mark.get_letter_display(),
        "time in": mark.time_in and f"{mark.time_in:%H:%M}",
        "time out": mark.time_out and f"{mark.time_out:%H:%M}",
        "remarks": mark.remarks,
    }
    return journal.entry(
        "attendance marked",
        f"mark:{mark.day_id}:{mark.enrollment_id}",
        by=mark.changed_by,
        how=HOW,
        enrollment=mark.enrollment,
        changes={name: (None, value) for name, value in said.items() if value},
    )
