"""Scans: each is let in, stored once and answered by itself."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.attendance import actions
from rotc.attendance.models import AttendanceMark, Scan
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet
from tests import factories


@pytest.fixture
def officer(by, tactical):
    return by(tactical)


@pytest.fixture
def day(term):
    """The day of training that was last."""
    return term.training_days.filter(date__lte=factories.today()).last()


@pytest.fixture
def in_bravo(bravo):
    return factories.enroll(bravo.children.first(), "2026-0500", "Bautista", "Leo")


@pytest.fixture
def scan(day):
    """``scan(**facts)``: Juan present on the last day, but for these facts."""

    def make(**facts):
        named = {} if "cadet" in facts else {"student_number": "2026-0001"}
        made = {"id": str(uuid4()), **named, "day": f"{day}", "mark": "P", **facts}
        return {name: value for name, value in made.items() if value is not ...}

    return make


def at(day, time="07:12"):
    return timezone.make_aware(datetime.fromisoformat(f"{day.date}T{time}")).isoformat()


def send(caller, *scans, status=200, **asked):
    path = "attendance?term=" + asked["term"] if asked else "attendance"
    answer = caller.post(path, {"scans": scans})
    assert answer.status_code == status, answer.content
    return answer.json()["scans"] if status == 200 else answer.json()


def marks():
    return {mark.enrollment.cadet.student_number: mark.letter for mark in AttendanceMark.objects.all()}


def test_a_scan_marks_as_the_muster_does(officer, tactical, enrollment, day, scan):
    sent = scan(mark="L", at=at(day))

    [told] = send(officer, sent)

    assert told == {
        "id": sent["id"], "status": 200, "again": False, "error": None,
        "mark": {"letter": "L", "time_in": "07:12", "version": 1, "set_by": tactical.title},
    }  # fmt: skip
    mark = AttendanceMark.objects.get()
    assert (mark.letter, f"{mark.time_in}", mark.changed_by, mark.day) == ("L", "07:12:00", tactical, day)
    day.refresh_from_db()
    assert day.held_at
    enrollment.standing.refresh_from_db()
    assert enrollment.standing.attendance is not None
    line = JournalEntry.objects.get(what="attendance marked")
    assert (line.how, line.actor_id, line.enrollment_id) == ("scan", tactical.pk, enrollment.pk)


def test_a_cadet_is_told_by_number_or_by_student_number_in_any_case(officer, platoon, scan):
    one = factories.enroll(platoon, "ab-0002", "Cruz", "Ana")
    factories.enroll(platoon, "ab-0003", "Reyes", "Leo")

    told = send(officer, scan(cadet=one.cadet_id), scan(student_number="AB-0003"))

    assert [each["status"] for each in told] == [200, 200]
    assert marks() == {"ab-0002": "P", "ab-0003": "P"}


def test_sent_twice_it_is_stored_once(officer, enrollment, day, scan):
    sent = scan(at=at(day))
    send(officer, sent)

    [again] = send(officer, sent)

    assert (again["status"], again["again"], again["mark"]["version"]) == (200, True, 1)
    assert Scan.objects.count() == JournalEntry.objects.filter(what="attendance marked").count() == 1


def test_sent_twice_in_one_request_it_is_stored_once(officer, enrollment, scan):
    sent = scan()

    told = send(officer, sent, sent, sent)

    assert [each["again"] for each in told] == [False, True, True]
    assert Scan.objects.count() == 1


def test_what_was_stored_is_not_stored_again_over_what_came_since(officer, tactical, enrollment, day, scan):
    sent = scan()
    send(officer, sent)
    actions.mark(day, enrollment, letter="E", remarks="Letter", seen_version=1, by=tactical)

    [again] = send(officer, sent)

    assert (again["again"], again["mark"]["letter"]) == (True, "E")
    assert marks() == {"2026-0001": "E"}


def test_an_id_that_was_another_scans_is_refused(officer, enrollment, platoon, day, term, scan):
    factories.enroll(platoon, "2026-0002", "Cruz", "Ana")
    before = term.training_days.exclude(pk=day.pk).filter(date__lt=day.date).last()
    sent = scan()
    send(officer, sent)

    told = send(
        officer, sent | {"mark": "A"}, sent | {"student_number": "2026-0002"}, sent | {"day": f"{before}"}
    )

    assert [each["status"] for each in told] == [409, 409, 409]
    assert "Give each scan an id of its own" in told[0]["error"]
    assert marks() == {"2026-0001": "P"}


def test_two_officers_may_use_the_same_id(by, tactical, commandant, enrollment, in_bravo, scan):
    sent = scan()
    send(by(tactical), sent)

    [told] = send(by(commandant), sent | {"student_number": "2026-0500"})

    assert (told["status"], told["again"]) == (200, False)


# --- against what stands there


def test_who_is_marked_like_that_already_is_not_marked_again(officer, by, commandant, enrollment, day, scan):
    send(officer, scan(at=at(day, "07:10")))

    [told] = send(by(commandant), scan(at=at(day, "07:15")))

    assert (told["status"], told["mark"]["time_in"], told["mark"]["version"]) == (200, "07:10", 1)


def test_another_mark_is_not_overwritten_unseen(officer, tactical, enrollment, day, scan):
    actions.mark(day, enrollment, letter="E", remarks="Letter", seen_version=0, by=tactical)
    sent = scan(at=at(day))

    [told] = send(officer, sent)

    assert told["status"] == 409
    assert told["error"].startswith("Yours: Present, in 07:12")
    assert told["mark"]["letter"] == "E"
    assert marks() == {"2026-0001": "E"}

    [told] = send(officer, sent | {"seen": told["mark"]["version"]})
    assert (told["status"], told["mark"]["letter"], told["mark"]["version"]) == (200, "P", 2)
    assert AttendanceMark.objects.get().remarks == "Letter", "what a scan does not say stays"


def test_two_scans_of_one_cadet_in_one_request_are_taken_in_their_order(officer, enrollment, scan):
    told = send(officer, scan(mark="P"), scan(mark="L"), scan(mark="L", seen=1))

    assert [each["status"] for each in told] == [200, 409, 200]
    assert marks() == {"2026-0001": "L"}


def test_a_mark_that_is_there_no_more_needs_no_replacing(officer, enrollment, scan):
    [told] = send(officer, scan(seen=7))

    assert (told["status"], told["mark"]["version"]) == (200, 1)


def test_of_who_did_not_come_no_time_is_kept(officer, enrollment, day, scan):
    send(officer, scan(mark="A", at=at(day)))

    assert AttendanceMark.objects.get().time_in is None


# --- what is refused by itself


def test_a_bad_one_holds_no_other_up(officer, by, leader, enrollment, in_bravo, day, term, scan):
    ahead = term.training_days.filter(date__gt=factories.today()).first()
    told = send(
        officer,
        scan(student_number="2026-0500"),
        scan(student_number="nobody"),
        scan(cadet=10**15),
        scan(day="2020-01-01"),
        scan(day=f"{ahead}"),
        scan(at=at(ahead)),
        scan(mark="X"),
        scan(student_number=...),
        scan(cadet=enrollment.cadet_id, student_number="2026-0001"),
        {"id": 5},
        None,
        scan(),
    )

    assert [each["status"] for each in told] == [404, 404, 404, 422, 422, 422, 422, 422, 422, 422, 422, 200]
    assert told[3]["error"] == "1 Jan 2020 is no training day of this term. Not saved."
    assert told[4]["error"] == f"The muster opens on {ahead.label}. Nothing was saved."
    assert told[5]["error"] == f"Dela Cruz, Juan: this was not scanned on {day.label}. Not saved."
    assert told[6]["error"] == "“mark” must be one of 'P', 'L', 'E' or 'A'. Not saved."
    assert told[7]["error"] == told[8]["error"] == "Give “cadet” or “student_number”, one of them. Not saved."
    assert told[10]["error"] == "This scan must be an object. Not saved."
    assert marks() == {"2026-0001": "P"}


def test_nobody_scans_themselves(by, leader, scan, day):
    [told] = send(by(leader), scan(student_number="2025-0001"))

    assert (told["status"], told["error"]) == (403, "You may see this cadet and not mark them. Not saved.")
    assert marks() == {}


def test_who_may_not_mark_is_refused_altogether(by, clerk, cadet, enrollment, scan):
    for user in (clerk, cadet):
        assert "error" in send(by(user), scan(), status=403)
    assert marks() == {}


def test_who_sees_a_cadet_and_does_not_mark_them_hears_so(by, clerk, enrollment, bravo, scan):
    factories.appointed(clerk, "tactical_officer", bravo)

    [told] = send(by(clerk), scan())

    assert told["status"] == 403


def test_an_archived_cadet_is_not_marked(officer, enrollment, scan):
    Cadet.objects.update(archived_at=timezone.now())

    [told] = send(officer, scan())

    assert told["status"] == 422
    assert "is archived" in told["error"]


def test_in_a_closed_term_and_on_a_cancelled_day_nothing_is_stored(
    officer, by, commandant, enrollment, day, term, scan
):
    day.cancelled_at, day.cancelled_because = timezone.now(), "Rain"
    day.save()
    assert "is cancelled: Rain" in send(officer, scan())[0]["error"]
    day.cancelled_at = None
    day.save()
    term.closed_at = timezone.now()
    term.save()
    assert "is closed" in send(officer, scan())[0]["error"]
    assert marks() == {}


def test_a_term_that_is_not_theirs_to_mark_is_refused(officer, enrollment, scan):
    other = factories.open_term("2020-2021")

    assert "error" in send(officer, scan(), status=403, term=other.name)
    assert "error" in send(officer, scan(), status=404, term="2019-2020-1")


def test_two_hundred_at_once_are_enough(officer, platoon, day, scan):
    factories.many(platoon, 200)
    scans = [
        scan(student_number=each.student_number)
        for each in Cadet.objects.filter(student_number__startswith="88-")
    ]

    assert "200 entries at most" in send(officer, *scans, scan(), status=422)["error"]
    assert "must not be empty" in send(officer, status=422)["error"]
    assert {each["status"] for each in send(officer, *scans)} == {200}
    assert len(marks()) == 200


def test_many_cost_the_trips_of_few(officer, platoon, day, scan):
    factories.many(platoon, 150)
    scans = [
        scan(student_number=each.student_number)
        for each in Cadet.objects.filter(student_number__startswith="88-")
    ]
    counts = []
    for some in (scans[:3], scans[3:]):
        with CaptureQueriesContext(connection) as trips:
            send(officer, *some)
        counts.append(len(trips))

    assert counts[1] <= counts[0] + 2


def test_days_of_which_nobody_has_heard_cost_nothing(officer, enrollment, scan):
    far = [scan(day=f"{factories.today() + timedelta(days=n)}") for n in range(1000, 1150)]

    with CaptureQueriesContext(connection) as trips:
        assert {each["status"] for each in send(officer, *far)} == {422}
    assert len(trips) < 15
