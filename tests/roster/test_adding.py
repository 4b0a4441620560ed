"""One cadet is enrolled by hand; nobody is made twice without being asked."""

import pytest
from django.utils import timezone

from rotc.accounts.models import User
from rotc.roster.actions import enroll
from rotc.roster.models import Cadet, Enrollment
from tests import factories
from tests.roster.test_archive import text


@pytest.fixture
def add(as_user, clerk, platoon):
    def send(**facts):
        person = {
            "student_number": "0042",
            "last_name": "Peña",
            "first_name": "Ana",
            "unit": platoon.pk,
            "ms_level": "MS1",
        }
        return as_user(clerk).post("/roster/add/", person | facts)

    return send


@pytest.fixture
def earlier(term):
    """Somebody who was enrolled the year before only."""
    before = factories.open_term("2025-2026")
    return factories.enroll(before.units.get(kind="corps"), "2025-0007", "Peña", "Ana")


def test_a_new_cadet_is_enrolled_and_has_an_account_without_a_password(add, platoon):
    answer = add(contact_number="0917", programme="BS Fisheries")

    added = Enrollment.objects.get(cadet__student_number="0042")
    assert answer.url == f"/roster/{added.pk}/"
    assert (added.unit, added.ms_level, added.cadet.contact_number) == (platoon, "MS1", "0917")
    user = User.objects.get(cadet=added.cadet)
    assert user.username == "0042" and not user.has_usable_password()
    assert added.standing


def test_a_programme_is_the_lists_however_it_is_typed(add):
    add(programme="bsit")

    assert Cadet.objects.get().programme == "BSIT"


def test_a_known_number_enrolls_the_known_cadet(add, earlier):
    asked = add(student_number="2025-0007", last_name="Pena", first_name="Anne")
    assert asked.status_code == 422
    assert "2025-0007 is Peña, Ana." in text(asked)

    assert add(student_number="2025-0007", seen=asked.context["adding"].seen).status_code == 302

    assert Cadet.objects.filter(last_name="Peña").count() == 1
    assert earlier.cadet.enrollments.count() == 2
    assert Cadet.objects.get(pk=earlier.cadet_id).first_name == "Ana"


def test_a_known_cadet_who_was_archived_is_restored_by_it(add, earlier):
    Cadet.objects.filter(pk=earlier.cadet_id).update(archived_at=timezone.now())
    asked = add(student_number="2025-0007")
    assert "enrolling restores it" in text(asked)

    add(student_number="2025-0007", seen=asked.context["adding"].seen)

    assert Cadet.objects.get(pk=earlier.cadet_id).archived_at is None


def test_namesakes_are_shown_and_never_merged(add, earlier):
    asked = add(last_name="PENA")
    assert asked.status_code == 422
    assert "Somebody of this name is known" in text(asked) and "2025-0007" in text(asked)
    assert Cadet.objects.count() == 1

    add(last_name="PENA", seen=asked.context["adding"].seen)

    assert Cadet.objects.count() == 2


def test_a_hundred_namesakes_are_looked_through_once(add, platoon):
    Cadet.objects.bulk_create(
        Cadet(student_number=f"9{n}", last_name="Pena", first_name="Ana", sort_name="pena, ana")
        for n in range(10**6, 10**6 + 100)
    )
    asked = add()

    assert add(seen=asked.context["adding"].seen).status_code == 302


def test_names_that_grow_when_they_are_folded_are_kept_as_written(add):
    added = add(last_name="\ufb03" * 80, first_name="\ufb03" * 80)

    assert added.status_code == 302
    assert Cadet.objects.get().last_name == "\ufb03" * 80


def test_nobody_enrolls_themselves(as_user, administrator, earlier, platoon):
    own = earlier.cadet.user
    factories.appointed(own, "clerk", platoon.term.units.get(kind="corps"))
    client = as_user(own)
    facts = {"student_number": "2025-0007", "last_name": "P", "first_name": "A", "unit": platoon.pk}
    asked = client.post("/roster/add/", facts)

    answer = client.post("/roster/add/", facts | {"seen": asked.context["adding"].seen})

    assert answer.status_code == 422 and "Nobody enrolls themselves" in text(answer)
    assert earlier.cadet.enrollments.count() == 1


def test_an_answer_to_one_question_is_none_to_another(add, earlier):
    asked = add(last_name="Pena")

    again = add(student_number="2025-0007", seen=asked.context["adding"].seen)

    # Both times it is the same person who was shown, under a name then, under a number now.
    assert again.status_code == 422


def test_who_is_enrolled_already_is_not_enrolled_again(add, enrollment):
    asked = add(student_number="2026-0001")

    answer = add(student_number="2026-0001", seen=asked.context["adding"].seen)

    assert answer.status_code == 422 and "is enrolled already, in Alpha Company · 1st Platoon" in text(answer)


def test_a_number_that_staff_sign_in_with_is_refused_and_nobody_is_added(add):
    answer = add(student_number="Clerk")

    assert answer.status_code == 422 and "already signs in" in text(answer)
    assert not Cadet.objects.exists()


def test_a_closed_term_takes_nobody(as_user, administrator, add, platoon):
    enrolled = enroll(
        Cadet.objects.create(student_number="1", last_name="A", first_name="B"),
        platoon.term,
        platoon,
        by=None,
    )
    platoon.term.closed_at = timezone.now()
    platoon.term.save()

    assert as_user(administrator).post("/roster/add/", {}).status_code == 403
    assert add().status_code == 403
    assert list(Enrollment.objects.all()) == [enrolled]
