"""Setting the exams of a term."""

from decimal import Decimal

import pytest
from django.urls import reverse

from rotc.exams.actions import record_score
from rotc.exams.models import Exam
from rotc.standings.models import Standing


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


def change(client, exam, **facts):
    return client.post(
        reverse("exams:edit_exam", args=[exam.pk]),
        {"name": exam.name, "items": exam.items, "weight": exam.weight} | facts,
    )


def test_a_changed_number_of_items_regrades_everybody(as_user, commandant, prelim, enrollment):
    record_score(enrollment, prelim, typed="40", seen_version=0, by=None)
    change(as_user(commandant), prelim, items=50)
    assert Standing.objects.get(enrollment=enrollment).proficiency == Decimal("32.00")


def test_items_below_a_stored_score_are_refused(as_user, commandant, prelim, enrollment):
    record_score(enrollment, prelim, typed="80", seen_version=0, by=None)
    page = change(as_user(commandant), prelim, items=50)
    assert "A score of 80 is stored in Prelim" in page.content.decode()
    assert Exam.objects.get(pk=prelim.pk).items == 100


def test_an_added_exam_is_one_more_column(as_user, commandant, term, enrollment):
    client = as_user(commandant)
    client.post(
        f"{reverse('exams:new_exam')}?term={term.name}", {"name": "Practical", "items": 20, "weight": "0.5"}
    )
    assert "Practical" in client.get("/sheet/").content.decode()


def test_two_exams_cannot_share_a_name(as_user, commandant, term):
    page = as_user(commandant).post(reverse("exams:new_exam"), {"name": "prelim", "items": 20, "weight": "1"})
    assert "There is an exam “prelim” already." in page.content.decode()


def test_an_exam_with_a_score_is_never_dropped(as_user, commandant, prelim, enrollment):
    record_score(enrollment, prelim, typed="80", seen_version=0, by=None)
    as_user(commandant).post(reverse("exams:drop_exam", args=[prelim.pk]))
    assert Exam.objects.filter(pk=prelim.pk).exists()


def test_an_empty_exam_is_dropped(as_user, commandant, prelim):
    as_user(commandant).post(reverse("exams:drop_exam", args=[prelim.pk]))
    assert not Exam.objects.filter(pk=prelim.pk).exists()


@pytest.mark.parametrize(
    "facts", [{"items": 0}, {"items": -1}, {"weight": 0}, {"weight": "x"}, {"name": ""}, {"items": 10**6}]
)
def test_exams_that_cannot_be_are_refused(as_user, commandant, prelim, facts):
    assert change(as_user(commandant), prelim, **facts).status_code == 200
    prelim.refresh_from_db()
    assert (prelim.name, prelim.items, prelim.weight) == ("Prelim", 100, 1)


@pytest.mark.parametrize("person", ["tactical", "clerk", "leader", "cadet"])
def test_only_the_command_group_sets_exams(as_user, request, prelim, person):
    assert change(as_user(request.getfixturevalue(person)), prelim, items=50).status_code in (403, 404)
