"""The evening before a training day, and the evening of it: who is told what."""

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from rotc import rights
from rotc.accounts.models import User
from rotc.attendance.models import AttendanceMark, Letter, TrainingDay
from rotc.messages.actions import tell
from rotc.roster.archiving import serving


def remind_steps(job):
    """Tell cadets and whoever marks attendance that tomorrow is a training day, a day a step."""
    days = list(_days_on(_on(job) + timedelta(days=1)))
    told = job.result.get("told", 0)
    for place in range(job.progress, len(days)):
        day = days[place]
        told += _remind(day)
        yield place + 1, len(days), {"told": told}
    return f"{_people(told)} were reminded of tomorrow's training." if days else "No training tomorrow."


def _remind(day) -> int:
    subject = f": {day.subject}" if day.subject else ""
    text = f"Training tomorrow, {day.date:%A} {day.label}{subject}."
    cadets = User.objects.filter(
        serving(day.term, "cadet__enrollments__"), is_active=True, cadet__enrollments__term=day.term
    )
    markers = rights.holders(rights.MARK_ATTENDANCE, day.term)
    marking = {person.pk: person for person in markers}
    coming = [person for person in cadets.distinct() if person.pk not in marking]
    tell(coming, text, path="/standing/")
    tell(marking.values(), text, path=reverse("attendance:muster", args=[day.pk]))
    return len(coming) + len(marking)


def report_steps(job):
    """Tell the Commandant and the Command Group how many were there today, a day a step."""
    days = list(_days_on(_on(job)))
    for place in range(job.progress, len(days)):
        day = days[place]
        people = rights.people_in(rights.COMMAND, day.term)
        tell(people, _report(day), path=reverse("attendance:muster", args=[day.pk]))
        yield place + 1, len(days), {}
    return " ".join(_report(day) for day in days) or "No training today."


def _report(day) -> str:
    serve = day.term.enrollments.filter(serving(day.term))
    marks = AttendanceMark.objects.filter(day=day, enrollment__in=serve.values("pk")).exclude(letter="")
    counts = dict(marks.order_by().values_list("letter").annotate(Count("pk")))
    of, marked = serve.count(), sum(counts.values())
    if not marked:
        return f"{day.label}: nobody of {of:,} cadets is marked yet."
    parts = ", ".join(f"{counts.get(letter.value, 0):,} {letter.label.lower()}" for letter in Letter)
    left = "all marked" if marked == of else f"{of - marked:,} not marked yet"
    return f"{day.label}: {parts}; {left}."


def _on(job):
    """The date that the job is of: of the evening it was due at, however late it came to run."""
    return timezone.localtime(job.due_at or job.asked_at).date()


def _days_on(date):
    days = TrainingDay.objects.filter(date=date, cancelled_at=None, term__closed_at=None)
    return days.select_related("term").order_by("pk")


def _people(count) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
