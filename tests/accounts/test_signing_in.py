import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from rotc.accounts import actions
from rotc.accounts.adapter import TOO_MANY, WRONG
from rotc.accounts.models import SignInName, User
from tests import factories
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def is_in(client, user) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def verify(client, user, address):
    """Add an e-mail as its owner does: on the page, then through the link in the letter."""
    client.force_login(user)
    client.post("/accounts/email/", {"action_add": "", "email": address})
    link = re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0]
    answer = client.post(link, follow=True)
    client.logout()
    return answer


@pytest.fixture
def with_email(client, cadet):
    verify(client, cadet, "juan@example.com")
    return cadet


@pytest.mark.parametrize("name", ["2026-0001", "  2026-0001 ", "JUAN@example.com", " juan@EXAMPLE.com"])
def test_a_cadet_signs_in_by_student_number_or_verified_email(client, with_email, name):
    answer = sign_in(client, name)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client, with_email)


@pytest.mark.parametrize("name", ["tactical.alpha", "TACTICAL.Alpha", " tactical.alpha "])
def test_staff_sign_in_by_username_in_any_case(client, tactical, name):
    sign_in(client, name)

    assert is_in(client, tactical)


def test_nobody_else_gets_in_with_an_unknown_name_or_a_wrong_password_and_both_hear_the_same(client, cadet):
    wrong = sign_in(client, "2026-0001", "not the password")
    unknown = sign_in(client, "2026-9999", "not the password")

    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert WRONG in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_unverified_email_signs_nobody_in(client, cadet):
    User.objects.filter(pk=cadet.pk).update(email="juan@example.com")

    assert WRONG in sign_in(client, "juan@example.com").content.decode()


def test_an_email_that_two_cadets_share_signs_in_neither(client, with_email, platoon):
    sister = factories.enroll(platoon, "2026-0002", "Dela Cruz", "Ana").cadet
    sister.email = "Juan@Example.com"
    sister.save(update_fields=["email"])

    assert WRONG in sign_in(client, "juan@example.com").content.decode()
    assert sign_in(client, "2026-0001").status_code == 302


def test_an_email_that_is_kept_for_another_cadet_is_refused_in_words(client, cadet, platoon):
    sister = factories.enroll(platoon, "2026-0002", "Dela Cruz", "Ana").cadet
    sister.email = "family@example.com"
    sister.save(update_fields=["email"])
    client.force_login(cadet)

    answer = client.post("/accounts/email/", {"action_add": "", "email": "family@example.com"})

    assert "Somebody else here has the same e-mail" in answer.content.decode()
    assert not mail.outbox


def test_an_email_that_is_somebodys_username_is_refused_in_words(client, cadet, term):
    factories.staff("chief@example.com", "clerk", term.units.get(kind="corps"))
    client.force_login(cadet)

    answer = client.post("/accounts/email/", {"action_add": "", "email": "chief@example.com"})

    assert "Somebody else signs in with this as their name" in answer.content.decode()


def test_a_name_taken_between_adding_and_confirming_an_email_keeps_its_owner(client, cadet, term):
    client.force_login(cadet)
    client.post("/accounts/email/", {"action_add": "", "email": "chief@example.com"})
    chief = factories.staff("chief@example.com", "clerk", term.units.get(kind="corps"))
    link = re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0]

    answer = client.post(link, follow=True)

    assert "Somebody else signs in with this as their name" in answer.content.decode()
    assert SignInName.objects.get(name="chief@example.com").user == chief
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_an_email_that_is_taken_off_signs_nobody_in(client, with_email):
    client.force_login(with_email)
    client.post("/accounts/email/", {"action_remove": "", "email": "juan@example.com"})
    client.logout()

    assert not with_email.sign_in_names.filter(kind="email").exists()
    assert WRONG in sign_in(client, "juan@example.com").content.decode()


def test_a_deactivated_account_signs_nobody_in_and_says_no_more_than_a_wrong_password(
    client, cadet, administrator
):
    actions.deactivate(cadet, by=administrator)

    assert WRONG in sign_in(client, "2026-0001").content.decode()


def test_five_wrong_passwords_rest_the_account_under_all_its_names_for_a_while(client, with_email):
    for _ in range(5):
        sign_in(client, "2026-0001", "wrong wrong wrong")

    for name in ("2026-0001", "juan@example.com"):
        assert TOO_MANY in sign_in(client, name).content.decode()
    assert "_auth_user_id" not in client.session


def test_one_locked_account_locks_nobody_else(client, cadet, tactical):
    for _ in range(6):
        sign_in(client, "2026-0001", "wrong wrong wrong")

    sign_in(client, "tactical.alpha")

    assert is_in(client, tactical)


def test_a_lab_of_a_hundred_behind_one_address_signs_in_with_their_mistakes(db, platoon, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cadets = [each.cadet.user for each in factories.platoon_of(platoon, 100)]

    for number, cadet in enumerate(cadets):
        browser = Client()
        if number % 2:
            sign_in(browser, cadet.username, "a slip of the finger")
        sign_in(browser, cadet.username)
        assert is_in(browser, cadet)


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/standing/", "/standing/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("http://localhost/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_signing_in_one_goes_on_to_own_pages_only(client, cadet, wanted, led_to):
    answer = client.post(LOGIN, {"login": "2026-0001", "password": PASSWORD, "next": wanted})

    assert answer["Location"] == led_to


def test_nobody_signs_up(client, db):
    answer = client.post("/accounts/signup/", {"username": "me", "password1": PASSWORD})

    assert "Nobody signs up here" in answer.content.decode()
    assert not User.objects.exists()


def test_signing_out_asks_the_browser_to_forget(as_user, cadet):
    client = as_user(cadet)

    answer = client.post("/accounts/logout/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session


def test_changing_the_password_ends_the_sessions_elsewhere(client, cadet):
    elsewhere = Client()
    sign_in(client, "2026-0001")
    sign_in(elsewhere, "2026-0001")
    new = "another long phrase"

    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert client.get("/accounts/email/").status_code == 200
    assert elsewhere.get("/accounts/email/")["Location"].startswith(LOGIN)


def test_a_forgotten_password_is_set_again_by_a_code_to_the_verified_email(client, with_email):
    mail.outbox.clear()
    client.post("/accounts/password/reset/", {"email": "juan@example.com"})
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[-1].body, re.M)[1]
    step = client.post("/accounts/password/reset/confirm/", {"code": code})
    new = "another long phrase"

    client.post(step["Location"], {"password1": new, "password2": new})
    client.logout()

    assert sign_in(client, "2026-0001", new).status_code == 302


@pytest.mark.parametrize("address", ["unverified@example.com", "nobody@example.com"])
def test_no_letter_goes_to_an_email_that_nobody_has_verified(client, cadet, address):
    User.objects.filter(pk=cadet.pk).update(email="unverified@example.com")

    answer = client.post("/accounts/password/reset/", {"email": address})

    assert answer.status_code == 302
    assert not mail.outbox


def test_passwords_are_kept_as_argon2id_at_19_mebibytes(cadet):
    assert cadet.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_one_sees_and_ends_ones_other_sessions(client, cadet):
    elsewhere = Client()
    sign_in(elsewhere, "2026-0001", headers={"user-agent": "Old phone"})
    sign_in(client, "2026-0001")

    assert "Old phone" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")

    assert elsewhere.get("/accounts/email/")["Location"].startswith(LOGIN)
    assert client.get("/accounts/email/").status_code == 200


@pytest.mark.parametrize(
    "page", ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]
)
def test_the_second_factor_can_be_set_up(client, tactical, page):
    sign_in(client, "tactical.alpha")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.get(page).status_code == 200
