from datetime import time

import pytest
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.attendance.queries import marks_of, missing_marks
from tests import factories


@pytest.fixture
def days(term):
    return list(term.training_days.all())


def held(day):
    day.held_at = timezone.now()
    day.save(update_fields=["held_at"])


def test_a_cadets_days_are_the_held_ones_with_or_without_a_mark(enrollment, days, django_assert_num_queries):
    held(days[0])
    held(days[1])
    AttendanceMark.objects.create(day=days[1], enrollment=enrollment, letter="L", time_in=time(7, 40))
    other = factories.enroll(enrollment.unit, "2026-0002", "Santos", "Leo")
    AttendanceMark.objects.create(day=days[0], enrollment=other, letter="A")
    with django_assert_num_queries(1):
        found = marks_of(enrollment)
    assert [(each.date, each.label, each.time_in) for each in found] == [
        (days[0].date, "not marked", None),
        (days[1].date, "Late", time(7, 40)),
    ]


def test_what_is_missing_is_counted_by_day_and_company(
    term, alpha, bravo, commandant, django_assert_num_queries
):
    first, second = (factories.enroll(unit, f"1-{unit.pk}", "Cruz", "Ana") for unit in alpha.children.all())
    factories.enroll(bravo, "1-9", "Lim", "Ben")
    due = list(term.training_days.filter(date__lte=timezone.localdate()).order_by("-date"))
    AttendanceMark.objects.create(day=due[0], enrollment=first, letter="P")
    AttendanceMark.objects.create(day=due[0], enrollment=second, letter="", remarks="seen at the gate")
    commandant.refresh_from_db()
    with django_assert_num_queries(5):  # the user's appointments, and four
        found = missing_marks(commandant, term)
    latest = [(each.unit.label, each.missing, each.of) for each in found if each.day == due[0]]
    assert latest == [("Alpha Company", 1, 2), ("Bravo Company", 1, 1)]
    assert len(found) == 2 * len(due)


def test_a_day_to_come_and_a_cancelled_day_miss_nothing(term, enrollment, commandant):
    term.training_days.filter(date__lte=timezone.localdate()).update(cancelled_at=timezone.now())
    assert term.training_days.filter(date__gt=timezone.localdate()).exists()
    assert missing_marks(commandant, term) == []


def test_a_leader_is_not_asked_for_their_own_mark(term, leader, platoon):
    assert missing_marks(leader, term) == []
    factories.enroll(platoon, "2026-0001", "Dela Cruz", "Juan")
    assert {(each.unit.label, each.missing, each.of) for each in missing_marks(leader, term)} == {
        ("Alpha Company", 1, 1)
    }
