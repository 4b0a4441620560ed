"""The first page of the day: what is missing, one click each."""

import pytest
from django.utils import timezone

from rotc.attendance.models import TrainingDay
from rotc.exams.actions import record_score
from rotc.roster.actions import enroll
from rotc.roster.models import Cadet, Term
from tests import factories


def read(client):
    page = client.get("/")
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_a_cadet_is_led_to_their_profile_once_and_then_to_their_standing(as_user, cadet):
    client = as_user(cadet)

    assert [client.get("/").url for _ in range(3)] == ["/profile/", "/standing/", "/standing/"]


def test_a_cadet_whose_profile_is_confirmed_is_sent_to_their_standing(as_user, cadet):
    Cadet.objects.filter(pk=cadet.cadet_id).update(profile_locked_at=timezone.now())

    assert as_user(cadet).get("/").url == "/standing/"


def test_a_cadet_officer_reads_on_today_that_their_own_profile_waits(as_user, leader):
    assert "Your own profile waits" in read(as_user(leader))


def test_an_empty_system_says_the_first_steps_and_offers_an_invented_battalion(as_user, administrator):
    page = read(as_user(administrator))
    assert "Open a term" in page
    assert "Load an invented battalion" in page


def test_the_invented_battalion_is_loaded_once_and_only_into_an_empty_system(as_user, administrator):
    client = as_user(administrator)
    assert client.post("/invented/").status_code == 302
    assert Cadet.objects.count() == 300
    assert client.post("/invented/").status_code == 403


def test_a_system_in_production_invents_nobody(as_user, administrator, settings):
    settings.PRODUCTION = True
    assert "invented" not in read(as_user(administrator))
    assert as_user(administrator).post("/invented/").status_code == 403
    assert not Term.objects.exists()


def test_a_term_without_cadets_leads_to_the_import(as_user, clerk):
    page = read(as_user(clerk))
    assert 'href="/imports/roster/"' in page
    assert "Nothing is missing" not in page


def test_an_unmarked_day_is_one_click_from_its_muster(as_user, tactical, enrollment, alpha):
    day = TrainingDay.objects.first()
    page = read(as_user(tactical))
    assert f'href="/attendance/{day.pk}/?unit={alpha.pk}"><b>1</b> <span>not marked on' in page


def test_an_exam_that_was_begun_counts_its_blanks(as_user, tactical, enrollment, platoon, term):
    factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    assert "without a Prelim score" not in read(as_user(tactical))
    record_score(enrollment, term.exams.get(name="Prelim"), typed="80", seen_version=0, by=None)
    page = read(as_user(tactical))
    assert "<b>1</b> <span>without a Prelim score" in page
    assert "without a Midterm score" not in page


def test_a_blank_score_leads_to_the_sheet_of_a_unit_that_has_it(
    as_user, commandant, enrollment, alpha, bravo, term
):
    prelim = term.exams.get(name="Prelim")
    record_score(enrollment, prelim, typed="80", seen_version=0, by=None)
    blank = bravo.children.get(path__endswith="2nd/")
    factories.enroll(blank, "2026-0002", "Peña", "Rosa")
    assert f'href="/sheet/?term={term.name}&amp;unit={blank.pk}"><b>1</b> <span>without a Prelim' in read(
        as_user(commandant)
    )


def test_the_clerk_is_told_of_cadets_without_a_company(as_user, clerk, term):
    cadet = Cadet.objects.create(student_number="1", last_name="Abad", first_name="Zita")
    enroll(cadet, term, term.units.get(kind="corps"), by=None)
    assert "<b>1</b> <span>enrolled without a company" in read(as_user(clerk))


def test_when_nothing_is_missing_it_says_so(as_user, tactical, term, alpha):
    TrainingDay.objects.filter(date__lte=timezone.localdate()).update(cancelled_at=timezone.now())
    factories.enroll(alpha, "2026-0002", "Peña", "Rosa")
    assert "Nothing is missing" in read(as_user(tactical))


def test_in_a_closed_term_nothing_waits_for_anybody(as_user, commandant, enrollment, term):
    assert "not marked on" in read(as_user(commandant))
    Term.objects.update(closed_at=timezone.now())
    page = read(as_user(commandant))
    assert f"{term.title} is closed" in page
    assert "not marked on" not in page
    assert "Nothing is missing" not in page
    assert "Muster" not in page


@pytest.mark.parametrize("person", ["commandant", "administrator", "clerk", "tactical", "leader"])
def test_everybody_with_a_role_can_open_it(as_user, request, person, enrollment):
    read(as_user(request.getfixturevalue(person)))


def test_it_costs_the_same_queries_at_3_and_at_300(queries_of, commandant, platoon):
    factories.platoon_of(platoon, 3)
    few = queries_of(commandant, "/")
    factories.many(platoon, 300)
    assert queries_of(commandant, "/") == few
