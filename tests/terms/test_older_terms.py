"""Every old term stays readable, room by room, and nothing in it can be changed."""

import re

import pytest
from django.utils import timezone

from rotc.attendance.actions import mark
from rotc.conduct.actions import give
from rotc.exams.actions import record_score
from rotc.roster.models import Cadet
from rotc.standings.models import Standing
from rotc.terms.actions import open_term
from tests import factories

ROOMS = ["/roster/", "/roster/units/", "/attendance/", "/conduct/", "/sheet/", "/board/", "/reports/"]
NO_CADETS = {"/roster/units/", "/attendance/", "/reports/"}


@pytest.fixture
def old(term, enrollment, commandant, clerk, administrator):
    """The 1st semester with a mark, a demerit and a score, closed; the 2nd is open with its staff."""
    day = term.training_days.first()
    mark(day, enrollment, letter="P", seen_version=0, by=commandant)
    give([enrollment], kind="demerit", points=2, reason="Late", date=timezone.localdate(), by=commandant)
    record_score(enrollment, term.exams.first(), typed="80", seen_version=0, by=commandant)
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])
    open_term("2026-2027", 2, source=term, by=commandant, appointments=[clerk.appointments.get().pk])
    return term


def shown(answer) -> str:
    return answer.content.decode().split('id="content"')[1]


@pytest.mark.parametrize("role", ["administrator", "commandant", "clerk"])
def test_who_runs_the_corps_reads_every_room_of_a_closed_term(as_user, request, old, role):
    client = as_user(request.getfixturevalue(role))
    for room in ROOMS:
        answer = client.get(room, {"term": old.name})
        if room == "/board/" and role != "commandant":
            assert answer.status_code == 403
            continue
        assert answer.status_code == 200
        assert "1st Semester, SY 2026-2027" in shown(answer)
        assert room in NO_CADETS or "Dela Cruz" in shown(answer)


def test_papers_and_histories_of_a_closed_term_open_as_well(as_user, clerk, old, enrollment):
    client = as_user(clerk)
    day, exam = old.training_days.first(), old.exams.first()
    paths = [
        f"/reports/computation-of-grades/?term={old.name}&unit=",
        f"/standing/{enrollment.pk}/",
        f"/roster/{enrollment.pk}/",
        f"/attendance/{day.pk}/",
        f"/journal/enrollment/{enrollment.pk}/",
        f"/journal/score/{enrollment.pk}/{exam.pk}/",
    ]

    assert [client.get(path).status_code for path in paths] == [200] * len(paths)


def test_what_happened_in_a_closed_term_is_read_by_the_commandant(as_user, commandant, old):
    assert "Dela Cruz" in Cadet.objects.get().full_name
    assert as_user(commandant).get(f"/journal/term/{old.name}/").status_code == 200


@pytest.mark.parametrize("role", ["administrator", "commandant", "clerk"])
def test_nothing_of_a_closed_term_can_be_changed(as_user, request, old, enrollment, role):
    client = as_user(request.getfixturevalue(role))
    day, exam = old.training_days.first(), old.exams.first()
    before = Standing.objects.values().get(enrollment=enrollment)
    deeds = [
        (f"/attendance/{day.pk}/{enrollment.pk}/", {f"{enrollment.pk}-letter": "A", "seen": 1}),
        (f"/attendance/{day.pk}/", {}),
        (f"/attendance/plan/?term={old.name}", {"date": "2026-12-30", "subject": ""}),
        ("/sheet/cells/", {f"{enrollment.pk}.{exam.pk}.1:": "99"}),
        (f"/sheet/exams/{exam.pk}/", {"name": "Prelim", "items": 50, "weight": 1}),
        (f"/roster/{enrollment.pk}/change/", {"last_name": "Changed"}),
        (f"/roster/units/?term={old.name}", {"kind": "company", "name": "Zulu"}),
    ]

    for path, form in deeds:
        assert client.post(path, form).status_code in (403, 404, 405, 409, 422), path

    assert Standing.objects.values().get(enrollment=enrollment) == before
    assert not old.units.filter(name="Zulu").exists()


def test_a_closed_term_offers_nothing_to_change(as_user, commandant, old):
    client = as_user(commandant)
    for room in ROOMS:
        page = shown(client.get(room, {"term": old.name}))
        posting = "".join(re.findall(r'<form[^>]*method="post".*?</form>', page, re.S))
        assert not re.search(r'<(input type="(?!hidden)|input name="\d|select|textarea|button)', posting), (
            room
        )
        assert not re.search(r">(Plan a day|Give an entry|Form the unit|Edit)<", page), room


def test_each_room_leads_to_the_same_room_of_the_other_terms(as_user, commandant, old):
    client = as_user(commandant)
    for room in ROOMS:
        page = shown(client.get(room))
        assert "2nd Semester" in page, room
        assert f"?term={old.name}" in page, room


def test_a_term_leads_to_each_of_its_rooms(as_user, commandant, old):
    page = shown(as_user(commandant).get(f"/terms/{old.name}/"))

    assert all(f'href="{room}?term={old.name}"' in page for room in ROOMS if room != "/roster/units/")


def test_a_company_officer_is_offered_no_term_they_cannot_read(as_user, tactical, old, term):
    later = open_term("2027-2028", 1, source=None, by=None)[0]
    unit = factories.company(later, "Alpha")
    factories.appointed(tactical, "tactical_officer", unit)

    assert "Other terms" not in as_user(tactical).get("/roster/").content.decode()


def test_between_two_terms_the_commandant_still_reads_those_before(as_user, commandant, old):
    new = open_term("2026-2027", 2, by=None)[0]
    new.closed_at = timezone.now()
    new.save(update_fields=["closed_at"])

    assert "Dela Cruz" in shown(as_user(commandant).get("/roster/", {"term": old.name}))


def test_a_cadet_reads_their_own_earlier_terms(as_user, cadet, old, enrollment):
    from rotc.roster.actions import enroll
    from rotc.roster.models import Term

    new = Term.objects.get(semester=2)
    enroll(enrollment.cadet, new, new.units.get(kind="corps"), by=None)
    client = as_user(cadet)

    assert f"?term={old.name}" in client.get("/standing/").content.decode()
    assert "80 of 100" in client.get("/standing/", {"term": old.name}).content.decode()


def test_a_term_without_cadets_opened_from_another_leads_to_choosing_them(as_user, commandant, old):
    for path in ("/", "/roster/"):
        assert "/terms/2026-2027-2/cadets/" in as_user(commandant).get(path).content.decode()
