import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc import access
from rotc.accounts import actions
from rotc.accounts.models import Appointment, Role, SignInName, User
from rotc.journal.models import JournalEntry
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import Cadet
from tests import factories
from tests.factories import PASSWORD


@pytest.fixture
def admin(as_user, administrator):
    return as_user(administrator)


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


SERGEANT = {
    "rank": "SSg",
    "first_name": "Rosa",
    "last_name": "Luna",
    "username": "rosa.luna",
    "email": "",
    "role": "tactical_officer",
}


def test_staff_are_added_with_their_appointment_and_get_a_code(admin, alpha):
    answer = admin.post("/people/add/", SERGEANT | {"unit": alpha.pk})

    rosa = User.objects.get(username="rosa.luna")
    assert "SSg Rosa Luna" in answer.content.decode()
    assert not rosa.has_usable_password()
    assert access.may(rosa, access.ENTER_SCORES, alpha)
    assert rosa.access_codes.count() == 1
    assert list(
        JournalEntry.objects.filter(subject=f"user:{rosa.pk}").order_by("pk").values_list("what", flat=True)
    ) == ["account opened", "appointed", "code issued"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"unit": ""}, "Choose the unit"),
        ({"username": "ADMIN"}, "Somebody already signs in as"),
        ({"username": "rosa luna"}, "Enter a valid username"),
        ({"rank": "Emperor"}, "not one of the available choices"),
        ({"role": "king"}, "not one of the available choices"),
        ({"first_name": ""}, "This field is required"),
        ({"unit": "999999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nobody_is_added(admin, alpha, wrong, said):
    answer = admin.post("/people/add/", SERGEANT | {"unit": alpha.pk} | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.count() == 1


def test_units_of_another_term_cannot_be_chosen(admin, term, alpha):
    earlier = factories.company(factories.open_term("2025-2026"), "Alpha")

    answer = admin.post("/people/add/", SERGEANT | {"unit": earlier.pk})

    assert "not one of the available choices" in answer.content.decode()


def test_appointing_and_relieving_take_effect_with_the_next_step(admin, tactical, alpha):
    theirs = Client()
    theirs.force_login(tactical)
    assert theirs.get("/people/").status_code == 403

    admin.post(f"/people/{tactical.pk}/", {"role": "administrator"})
    assert theirs.get("/people/").status_code == 200

    admin.post(f"/people/appointments/{tactical.appointments.get(role='administrator').pk}/relieve/")
    assert theirs.get("/people/").status_code == 403


def test_appointing_twice_the_same_changes_nothing(tactical, alpha, administrator):
    actions.appoint(tactical, Role.TACTICAL_OFFICER, unit=alpha, by=administrator)

    assert tactical.appointments.count() == 1


def test_nobody_is_appointed_in_a_closed_term(admin, clerk, term, alpha):
    term.closed_at = term.opened_at
    term.save()

    answer = admin.post(f"/people/{clerk.pk}/", {"role": "tactical_officer", "unit": alpha.pk})

    assert answer.status_code == 422
    assert "is closed" in answer.content.decode()


def test_the_last_administrator_cannot_be_relieved(admin, administrator):
    post = administrator.appointments.get()

    answer = admin.post(f"/people/appointments/{post.pk}/relieve/")

    assert answer.status_code == 422
    assert "is the last administrator who can sign in" in answer.content.decode()
    assert access.may(fresh(administrator), access.MANAGE_ACCOUNTS)


def test_an_administrator_without_a_password_does_not_count_as_another(administrator):
    waiting = actions.open_account("second", by=administrator)
    actions.appoint(waiting, Role.ADMINISTRATOR, by=administrator)

    with pytest.raises(NotNow, match="last administrator"):
        actions.relieve(administrator.appointments.get(), by=administrator)


def test_with_another_administrator_one_may_go(administrator):
    factories.staff("second", Role.ADMINISTRATOR, None)

    actions.relieve(administrator.appointments.get(), by=administrator)

    assert not access.may(fresh(administrator), access.MANAGE_ACCOUNTS)


def test_relieving_twice_is_refused(tactical, administrator):
    post = tactical.appointments.get()
    actions.relieve(post, by=administrator)

    with pytest.raises(NotNow, match="already"):
        actions.relieve(post, by=administrator)


def test_a_deactivated_person_is_out_at_once_and_comes_back_with_their_appointments(admin, tactical):
    theirs = Client()
    theirs.force_login(tactical)

    admin.post(f"/people/{tactical.pk}/deactivate/")
    assert theirs.get("/accounts/email/").status_code == 302

    admin.post(f"/people/{tactical.pk}/reactivate/")
    assert access.is_staff(fresh(tactical))


def test_a_phone_that_was_signed_in_stays_out_when_its_account_is_reactivated(admin, tactical):
    stolen = Client()
    stolen.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    assert stolen.get("/sheet/").status_code == 200

    admin.post(f"/people/{tactical.pk}/deactivate/")
    admin.post(f"/people/{tactical.pk}/reactivate/")

    assert stolen.get("/sheet/").status_code == 302


def test_nobody_deactivates_themselves(admin, administrator):
    answer = admin.post(f"/people/{administrator.pk}/deactivate/")

    assert "You cannot deactivate your own account" in answer.content.decode()


def test_ending_the_sessions_signs_somebody_out_everywhere(admin, tactical):
    theirs = Client()
    theirs.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    assert theirs.get("/accounts/email/").status_code == 200

    admin.post(f"/people/{tactical.pk}/end-sessions/")

    assert theirs.get("/accounts/email/").status_code == 302


def test_a_cadet_is_made_an_officer_by_student_number(admin, enrollment, alpha):
    admin.post("/people/cadet-officer/", {"student_number": " 2026-0001", "unit": alpha.pk})

    assert access.may(fresh(enrollment.cadet.user), access.MARK_ATTENDANCE, alpha)


def test_an_unknown_student_number_is_said(admin, alpha):
    answer = admin.post("/people/cadet-officer/", {"student_number": "2026-4444", "unit": alpha.pk})

    assert "No cadet of this term has the student number" in answer.content.decode()


def test_the_staff_list_shows_staff_and_the_search_finds_anybody(admin, tactical, enrollment):
    listed = admin.get("/people/").content.decode()
    found = admin.get("/people/", {"q": "2026-00"}).content.decode()

    assert "tactical.alpha" in listed and "Dela Cruz" not in listed
    assert "Dela Cruz" in found and "tactical.alpha" not in found
    assert "Nobody found" in admin.get("/people/", {"q": "zzz"}).content.decode()


def test_appointments_of_an_earlier_term_are_history(admin, tactical, alpha, term):
    term.closed_at = term.opened_at
    term.save()
    factories.open_term("2027-2028")

    page = admin.get(f"/people/{tactical.pk}/").content.decode()

    assert "Tactical officer, Alpha Company, 2026-2027-1" in page
    assert "Relieve now" not in page


def test_what_somebody_is_appointed_to_in_an_older_open_term_is_in_force_and_can_be_relieved(
    admin, tactical, alpha, term
):
    factories.open_term(semester=2)
    corps_wide = factories.appointed(tactical, "commandant", term.units.get(kind="corps")).appointments

    page = admin.get(f"/people/{tactical.pk}/").content.decode()
    assert "end of term" not in page
    assert page.count(f"{term.title}, since") == page.count("Relieve now") == 2

    for each in corps_wide.all():
        admin.post(f"/people/appointments/{each.pk}/relieve/")
    assert not access.is_staff(fresh(tactical))
    assert "Relieve now" not in admin.get(f"/people/{tactical.pk}/").content.decode()


def test_an_archived_cadet_is_made_no_officer(admin, enrollment, alpha):
    Cadet.objects.filter(pk=enrollment.cadet_id).update(archived_at=timezone.now())

    answer = admin.post("/people/cadet-officer/", {"student_number": "2026-0001", "unit": alpha.pk})

    assert "No cadet of this term has the student number" in answer.content.decode()
    assert not access.is_staff(fresh(enrollment.cadet.user))


def test_a_code_of_before_opens_no_account_that_is_reactivated(admin, tactical):
    admin.post(f"/people/{tactical.pk}/deactivate/")
    # As it is kept when it is issued in the very moment in which the account is closed.
    tactical.access_codes.create(digest="0" * 64, expires_at=timezone.now() + timedelta(days=14))

    admin.post(f"/people/{tactical.pk}/reactivate/")

    assert not tactical.access_codes.filter(revoked_at=None).exists()


def test_the_list_takes_the_same_trips_for_three_and_three_hundred(admin, term, alpha, platoon):
    def trips():
        with CaptureQueriesContext(connection) as seen:
            assert admin.get("/people/").status_code == 200
            assert admin.get("/people/codes/").status_code == 200
        return len(seen)

    def add(start, end):
        users = User.objects.bulk_create(
            User(username=f"staff{number}", last_name=f"Staff{number:04}") for number in range(start, end)
        )
        Appointment.objects.bulk_create(Appointment(user=user, role="clerk", unit=platoon) for user in users)
        cadets = Cadet.objects.bulk_create(
            Cadet(student_number=f"9-{number}", last_name="X", first_name="Y", sort_name="x")
            for number in range(start, end)
        )
        actions.open_accounts([(cadet, None) for cadet in cadets], by=None)
        platoon.enrollments.model.objects.bulk_create(
            platoon.enrollments.model(cadet=cadet, term=term, unit=platoon) for cadet in cadets
        )

    add(0, 3)
    few = trips()
    add(3, 300)

    assert trips() == few


def test_many_accounts_open_at_once_or_none(platoon, cadet):
    new = Cadet.objects.create(student_number="2026-0777", last_name="Abad", first_name="Jo")
    clash = Cadet.objects.create(student_number="2026-0778", last_name="Abad", first_name="Al")

    with pytest.raises(BadValue, match="2026-0001"):
        actions.open_accounts([(new, None), (clash, "2026-0001")], by=None)
    assert not User.objects.filter(cadet=new).exists()

    [first, second] = actions.open_accounts([(new, None), (clash, "Al.Abad")], by=None)
    assert not first.has_usable_password()
    assert set(SignInName.objects.filter(user=second).values_list("name", "kind")) == {
        ("al.abad", "username"),
        ("2026-0778", "student_number"),
    }


def test_two_of_one_file_who_want_one_name_are_refused(db):
    people = [
        (Cadet.objects.create(student_number=f"1-{n}", last_name="A", first_name="B"), "Same")
        for n in range(2)
    ]

    with pytest.raises(BadValue, match="same"):
        actions.open_accounts(people, by=None)


def test_an_administrator_sees_the_devices_and_signs_somebody_out_on_one(admin, tactical):
    phone, desk = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Firefox/130"), Client()
    for theirs in (phone, desk):
        theirs.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    page = admin.get(f"/people/{tactical.pk}/").content.decode()
    assert "Firefox on Android" in page and "127.0.0.1" in page
    [lost] = [each for each in tactical.usersession_set.all() if "Android" in each.user_agent]

    said = admin.post(f"/people/sessions/{lost.pk}/end/", follow=True).content.decode()

    assert "is signed out there" in said and "Firefox on Android" not in said
    assert phone.get("/sheet/").status_code == 302
    assert desk.get("/sheet/").status_code == 200
    assert admin.post(f"/people/sessions/{lost.pk}/end/").status_code == 404


def test_a_session_that_ran_out_is_no_device_any_more(admin, tactical):
    theirs = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/600")
    theirs.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    Session.objects.filter(session_key=theirs.session.session_key).update(expire_date="2020-01-01T00:00Z")

    assert "Safari on iPhone" not in admin.get(f"/people/{tactical.pk}/").content.decode()


def test_the_devices_page_says_when_one_signed_in_before(client, tactical):
    User.objects.filter(pk=tactical.pk).update(last_login="2026-03-05T02:30Z")

    client.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    page = client.get("/accounts/sessions/").content.decode()

    assert re.search(r"you signed in last on [^.]*5[^.]*10:30", page)
    assert 'href="/accounts/sessions/"' in client.get("/accounts/email/").content.decode()


def test_who_signs_in_for_the_first_time_has_no_time_before(client, tactical):
    client.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})

    assert "signed in last on" not in client.get("/accounts/sessions/").content.decode()


def test_who_is_archived_is_appointed_to_nothing(as_user, administrator, enrollment, alpha, term):
    Cadet.objects.filter(pk=enrollment.cadet_id).update(archived_at=timezone.now())
    person = enrollment.cadet.user
    answer = as_user(administrator).post(f"/people/{person.pk}/", {"role": "cadet_officer", "unit": alpha.pk})
    assert "is archived. Restore the record first" in answer.content.decode()
    assert not person.appointments.exists()
