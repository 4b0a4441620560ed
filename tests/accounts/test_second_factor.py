"""Where staff need a second factor (production) they set one up first; nobody else is asked."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rotc.accounts import actions
from tests.factories import PASSWORD

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def production(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


def test_staff_without_one_are_led_to_set_it_up_and_not_round_in_circles(client, commandant):
    client.post("/accounts/login/", {"login": "commandant", "password": PASSWORD})

    answer = client.get("/people/", follow=True)

    (first, _), (second, _) = answer.redirect_chain
    assert first == SET_UP
    assert second.startswith("/accounts/reauthenticate/")
    assert client.post(second, {"password": PASSWORD})["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_staff_with_one_go_on_and_it_is_asked_of_the_database_once_a_session(as_user, commandant):
    TOTP.activate(commandant, generate_totp_secret())
    client = as_user(commandant)
    client.get("/accounts/email/")
    client.get("/code/")

    with CaptureQueriesContext(connection) as trips:
        answer = client.get("/code/")

    assert answer.status_code == 200
    assert not [trip for trip in trips if "mfa_authenticator" in trip["sql"]]


def test_cadets_are_not_asked(as_user, cadet):
    assert as_user(cadet).get("/code/").status_code == 200


def test_a_cadet_who_is_appointed_is_asked_with_their_next_step(as_user, cadet, alpha, administrator):
    client = as_user(cadet)
    client.get("/code/")

    actions.appoint(cadet, "cadet_officer", unit=alpha, by=administrator)

    assert client.get("/code/")["Location"] == SET_UP


def test_taking_it_off_asks_again(as_user, commandant):
    TOTP.activate(commandant, generate_totp_secret())
    client = as_user(commandant)
    client.get("/code/")

    commandant.authenticator_set.all().delete()
    client.get("/accounts/2fa/")

    assert client.get("/code/")["Location"] == SET_UP


def test_a_one_time_code_does_not_go_round_the_second_factor(client, commandant, administrator):
    from rotc.accounts.letting_in import issue_codes

    TOTP.activate(commandant, generate_totp_secret())
    [(_, code)] = issue_codes([commandant], by=administrator)
    client.post("/code/", {"name": "commandant", "code": code})
    new = "another long phrase"

    answer = client.post("/code/password/", {"password1": new, "password2": new})

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_an_administrator_takes_off_a_lost_one(as_user, administrator, commandant):
    TOTP.activate(commandant, generate_totp_secret())
    TOTP.activate(administrator, generate_totp_secret())

    as_user(administrator).post(f"/people/{commandant.pk}/second-factor/")

    assert not commandant.authenticator_set.exists()
