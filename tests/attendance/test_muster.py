"""The muster through the web, as the people who mark."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.attendance.actions import mark
from rotc.attendance.models import AttendanceMark
from rotc.attendance.planning import plan_days
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment
from rotc.standings.actions import refresh
from rotc.standings.models import Standing
from tests import factories


@pytest.fixture
def day(term):
    """The first training day, ten weeks ago."""
    return term.training_days.first()


@pytest.fixture
def maria(platoon):
    return factories.enroll(platoon, "2026-0002", "Santos", "Maria")


def row(enrollment, letter, *, seen=0, was="|||", **facts):
    """A cadet's row as the form sends it."""
    typed = {"letter": letter, "time_in": "", "time_out": "", "remarks": "", "seen": seen, "was": was} | facts
    return {f"{enrollment.pk}-{name}": value for name, value in typed.items()}


def save(client, day, enrollment, letter, **facts):
    """One choice as the script sends it."""
    return client.post(f"/attendance/{day.pk}/marks/{enrollment.pk}/", row(enrollment, letter, **facts))


def stored(day, enrollment):
    return AttendanceMark.objects.filter(day=day, enrollment=enrollment).first()


# --- one mark


def test_a_saved_mark_is_named_with_its_version_and_moves_the_standing(as_user, leader, day, enrollment):
    reply = save(as_user(leader), day, enrollment, "L", time_in="07:40", remarks="bus broke down")
    assert reply.status_code == 200
    assert reply.json() | {"said": ""} == {
        "cell": f"mark:{day.pk}:{enrollment.pk}",
        "version": 1,
        "letter": "L",
        "time_in": "07:40",
        "time_out": "",
        "remarks": "bus broke down",
        "label": "Late",
        "said": "",
    }
    assert Standing.objects.get(enrollment=enrollment).attendance == 30
    save(as_user(leader), day, enrollment, "A", seen=1)
    assert Standing.objects.get(enrollment=enrollment).attendance == 0


def test_a_mark_is_written_in_the_journal_and_the_first_one_holds_the_day(as_user, leader, day, enrollment):
    save(as_user(leader), day, enrollment, "P", time_in="07:10")
    save(as_user(leader), day, enrollment, "E", seen=1, time_in="07:10")
    lines = JournalEntry.objects.filter(subject=f"mark:{day.pk}:{enrollment.pk}").order_by("pk")
    assert [(line.actor, line.changes) for line in lines] == [
        (leader.title, {"attendance": [None, "Present"], "time in": [None, "07:10"]}),
        (leader.title, {"attendance": ["Present", "Excused"]}),
    ]
    assert JournalEntry.objects.filter(subject=f"day:{day.pk}", what="training day held").count() == 1
    day.refresh_from_db()
    assert day.held_at is not None


def test_remarks_alone_do_not_hold_a_day(as_user, leader, day, enrollment):
    assert save(as_user(leader), day, enrollment, "", remarks="seen at the gate").status_code == 200
    day.refresh_from_db()
    assert day.held_at is None


def test_a_stale_mark_is_refused_with_both_values(as_user, leader, tactical, day, enrollment):
    mark(day, enrollment, letter="P", seen_version=0, by=tactical)
    reply = save(as_user(leader), day, enrollment, "L")
    assert reply.status_code == 409
    answer = reply.json()
    assert answer["version"] == 1
    assert answer["letter"] == "P"
    assert answer["sentence"].startswith(f"Yours: Late · {tactical.title} set Present at ")
    assert stored(day, enrollment).letter == "P"
    assert save(as_user(leader), day, enrollment, "L", seen=1).json()["version"] == 2


def test_the_same_value_twice_is_no_conflict(as_user, leader, tactical, day, enrollment):
    mark(day, enrollment, letter="P", seen_version=0, by=tactical)
    reply = save(as_user(leader), day, enrollment, "P")
    assert reply.status_code == 200
    assert reply.json()["version"] == 1
    assert JournalEntry.objects.filter(subject=f"mark:{day.pk}:{enrollment.pk}").count() == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"letter": "X"}, "Dela Cruz, Juan: “X” is not P, L, E or A. Not saved."),
        (
            {"letter": "P", "time_in": "09:00", "time_out": "08:59"},
            "Dela Cruz, Juan: time out 08:59 is before time in 09:00. Not saved.",
        ),
        ({"letter": "P", "time_in": "25:00"}, "Write the time in as 07:15. Not saved."),
        ({"letter": "P", "seen": "many"}, "Open the muster again. Not saved."),
        (
            {"letter": "P", "remarks": "x" * 201},
            "Dela Cruz, Juan: remarks have at most 200 characters. Not saved.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(as_user, leader, day, enrollment, facts, sentence):
    reply = save(as_user(leader), day, enrollment, **facts)
    assert reply.status_code == 422
    assert reply.json() == {"sentence": sentence}
    assert stored(day, enrollment) is None


def test_a_day_to_come_opens_on_its_date(as_user, leader, term, enrollment):
    day = term.training_days.last()
    reply = save(as_user(leader), day, enrollment, "P")
    assert reply.status_code == 422
    assert f"opens on {day.label}" in reply.json()["sentence"]
    page = as_user(leader).get(f"/attendance/{day.pk}/").content.decode()
    assert f"opens on {day.label}" in page
    assert "<fieldset disabled>" in page


def test_a_cancelled_day_and_a_closed_term_are_refused(as_user, leader, term, day, enrollment):
    term.training_days.filter(pk=day.pk).update(cancelled_at=timezone.now(), cancelled_because="typhoon")
    assert "cancelled: typhoon" in save(as_user(leader), day, enrollment, "P").json()["sentence"]
    term.training_days.filter(pk=day.pk).update(cancelled_at=None)
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])
    assert "is closed" in save(as_user(leader), day, enrollment, "P").json()["sentence"]
    assert stored(day, enrollment) is None


# --- who may


def test_a_leader_does_not_mark_themselves(as_user, leader, day, enrollment):
    own = leader.cadet.enrollments.get()
    page = as_user(leader).get(f"/attendance/{day.pk}/?unit={own.unit_id}").content.decode()
    assert "Somebody else marks you." in page
    assert "<fieldset disabled>" in page
    assert save(as_user(leader), day, own, "P").status_code == 403
    as_user(leader).post(f"/attendance/{day.pk}/?unit={own.unit_id}", row(own, "P"))
    as_user(leader).post(f"/attendance/{day.pk}/rest/?unit={own.unit_id}", row(own, ""))
    assert stored(day, own) is None


def test_another_companys_cadet_does_not_exist_for_a_leader(as_user, leader, bravo, day):
    stranger = factories.enroll(bravo.children.first(), "2026-0900", "Lim", "Ben")
    assert save(as_user(leader), day, stranger, "P").status_code == 404
    assert as_user(leader).get(f"/attendance/{day.pk}/?unit={bravo.pk}").status_code == 404


def test_a_cadet_finds_no_muster(as_user, cadet, day, enrollment):
    assert as_user(cadet).get("/attendance/").status_code == 403
    assert as_user(cadet).get(f"/attendance/{day.pk}/").status_code == 404
    assert save(as_user(cadet), day, enrollment, "P").status_code == 403


def test_a_clerk_reads_the_muster_and_marks_nothing(as_user, clerk, day, enrollment):
    page = as_user(clerk).get(f"/attendance/{day.pk}/?unit={enrollment.unit_id}")
    assert "<fieldset disabled>" in page.content.decode()
    assert save(as_user(clerk), day, enrollment, "P").status_code == 403
    assert as_user(clerk).post(f"/attendance/{day.pk}/", row(enrollment, "P")).status_code == 403


def test_an_address_that_makes_no_sense_is_not_found(as_user, leader, day):
    for unit in ("x", "99999999999999999999", "-1"):
        assert as_user(leader).get(f"/attendance/{day.pk}/?unit={unit}").status_code == 404


# --- the whole form, without scripts


def test_the_form_saves_only_the_rows_that_were_touched(as_user, leader, tactical, day, enrollment, maria):
    mark(day, maria, letter="A", seen_version=0, by=tactical)
    client = as_user(leader)
    untouched = row(maria, "", seen=0)  # Shown before the tactical officer marked her.
    reply = client.post(f"/attendance/{day.pk}/", row(enrollment, "P") | untouched, follow=True)
    assert "Saved 1 mark." in reply.content.decode()
    assert stored(day, enrollment).letter == "P"
    assert stored(day, maria).letter == "A"


def test_a_conflict_in_the_form_keeps_what_was_typed_and_saves_the_others(
    as_user, leader, tactical, day, enrollment, maria
):
    mark(day, maria, letter="P", seen_version=0, by=tactical)
    client = as_user(leader)
    reply = client.post(f"/attendance/{day.pk}/", row(enrollment, "P") | row(maria, "L"))
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "Saved 1. Not saved: 1, marked below." in page
    assert f"Yours: Late · {tactical.title} set Present" in page
    assert f'name="{maria.pk}-letter" value="L" checked' in page
    assert f'name="{maria.pk}-seen" value="1"' in page
    assert "Keep Present" in page
    assert "Use Late" in page
    assert stored(day, enrollment).letter == "P"
    assert stored(day, maria).letter == "P"

    again = row(maria, "L", seen=1, was="P|||")
    client.post(f"/attendance/{day.pk}/", again | {"keep": maria.pk})
    assert stored(day, maria).letter == "P"
    client.post(f"/attendance/{day.pk}/", again)
    assert stored(day, maria).letter == "L"


def test_a_refused_row_is_named_and_the_others_are_saved(as_user, leader, day, enrollment, maria):
    bad = row(maria, "P", time_in="10:00", time_out="09:00")
    worse = row(enrollment, "P", time_in="early")
    reply = as_user(leader).post(f"/attendance/{day.pk}/", bad | worse)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Santos, Maria: time out 09:00 is before time in 10:00" in page
    assert "Dela Cruz, Juan: Write the time in as 07:15." in page
    assert 'value="10:00"' in page
    assert AttendanceMark.objects.count() == 0


def test_a_cadet_who_moved_meanwhile_is_reported_not_lost_in_silence(
    as_user, leader, alpha, day, enrollment, maria
):
    Enrollment.objects.filter(pk=maria.pk).update(unit=alpha.children.get(path__endswith="2nd/"))
    reply = as_user(leader).post(
        f"/attendance/{day.pk}/?unit={enrollment.unit_id}", row(enrollment, "P") | row(maria, "A")
    )
    assert reply.status_code == 422
    assert "Not saved: 1 no longer in 1st Platoon." in reply.content.decode()
    assert stored(day, maria) is None


def test_everyone_not_marked_is_present_fills_only_blanks(as_user, leader, tactical, day, enrollment, maria):
    late = factories.enroll(enrollment.unit, "2026-0003", "Tan", "Leo")
    mark(day, maria, letter="A", seen_version=0, by=tactical)
    page = as_user(leader).get(f"/attendance/{day.pk}/").content.decode()
    assert '<b id="blank">2</b> not marked here will be marked Present.' in page
    typed = row(enrollment, "") | row(maria, "") | row(late, "L")  # Chosen on the page, not saved yet.
    reply = as_user(leader).post(f"/attendance/{day.pk}/rest/", typed, follow=True)
    assert "Marked 1 present. Saved 1 other marks." in reply.content.decode()
    assert [stored(day, each).letter for each in (enrollment, maria, late)] == ["P", "A", "L"]


def test_nobody_is_made_present_while_a_typed_row_is_refused(as_user, leader, day, enrollment, maria):
    typed = row(enrollment, "A", time_in="nine") | row(maria, "")
    reply = as_user(leader).post(f"/attendance/{day.pk}/rest/", typed)
    assert "Nobody else was marked present." in reply.content.decode()
    assert AttendanceMark.objects.count() == 0


# --- the page


def test_an_open_page_can_read_what_others_marked(as_user, leader, tactical, day, enrollment):
    mark(day, enrollment, letter="E", seen_version=0, by=tactical)
    reply = as_user(leader).get(f"/attendance/{day.pk}/marks/?unit={enrollment.unit_id}")
    assert [(each["cell"], each["letter"]) for each in reply.json()["marks"]] == [
        (f"mark:{day.pk}:{enrollment.pk}", "E")
    ]


def crowd(unit, size, day):
    """``size`` more cadets in ``unit`` with a mark on ``day``, without accounts."""
    start = Cadet.objects.count()
    cadets = [
        Cadet(student_number=f"88-{start + n:05}", last_name=f"Crowd{n:03}", first_name="A")
        for n in range(size)
    ]
    for each in cadets:
        each.set_sort_name()
    Cadet.objects.bulk_create(cadets)
    numbers = [each.student_number for each in cadets]
    found = Cadet.objects.filter(student_number__in=numbers)
    Enrollment.objects.bulk_create(Enrollment(cadet=each, term=unit.term, unit=unit) for each in found)
    placed = Enrollment.objects.filter(cadet__in=found)
    AttendanceMark.objects.bulk_create(
        AttendanceMark(day=day, enrollment=each, letter="P") for each in placed
    )
    refresh(unit.term, placed.values_list("pk", flat=True))


@pytest.mark.parametrize("path", ["/attendance/", "/attendance/{day}/", "/attendance/{day}/marks/"])
def test_the_pages_take_as_many_queries_for_three_hundred_as_for_three(as_user, tactical, platoon, day, path):
    client = as_user(tactical)
    counts = []
    for size in (3, 297):
        crowd(platoon, size, day)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path.format(day=day.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_unit_too_long_for_a_page_offers_its_platoons(as_user, commandant, term, platoon, day):
    crowd(platoon, 301, day)
    corps = term.units.get(kind="corps")
    page = as_user(commandant).get(f"/attendance/{day.pk}/?unit={corps.pk}").content.decode()
    assert "Choose a platoon." in page
    assert f'href="?unit={platoon.pk}"' in page


def test_a_day_planned_later_stands_and_counts_at_its_date(as_user, commandant, term):
    days = list(term.training_days.all())
    plan_days(term, date=days[5].date + timedelta(days=1), by=commandant)
    page = as_user(commandant).get("/attendance/").content.decode()  # nobody enrolled, so nothing is missing
    assert [int(number) for number in re.findall(r">(\d+) · ", page)] == list(range(1, 17))


def test_what_is_missing_comes_first_in_the_list(as_user, leader, tactical, term, enrollment):
    first, second = term.training_days.all()[:2]
    own = leader.cadet.enrollments.get()
    for each in (enrollment, own):
        mark(first, each, letter="P", seen_version=0, by=tactical)
    mark(second, enrollment, letter="P", seen_version=0, by=tactical)
    term.training_days.filter(date__gt=second.date, date__lte=timezone.localdate()).update(
        cancelled_at=timezone.now(), cancelled_because="typhoon"
    )
    page = as_user(leader).get("/attendance/").content.decode()
    assert page.index("1 not marked") < page.index(">Held<") < page.index("Cancelled")
    assert "1 of 2" in page
    assert "2 of 2" in page
    assert timezone.localdate() - timedelta(weeks=9) == second.date
