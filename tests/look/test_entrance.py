"""The pages before and around signing in, as somebody without an account on the page sees them."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD

OPEN = ["/accounts/login/", "/api/v1/docs/", "/accounts/password/reset/", "/accounts/signup/"]
OWN = [
    "/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/",
    "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/tokens/",
]  # fmt: skip
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son\w+=[\"']|<style", re.IGNORECASE
)


def text_of(answer) -> str:
    return answer.content.decode()


def sign_in(client, login, password):
    return client.post("/accounts/login/", {"login": login, "password": password})


def test_signing_in_asks_two_things_and_offers_no_sign_up(client, db):
    text = text_of(client.get("/accounts/login/"))
    asked = set(re.findall(r'<input[^>]*name="(\w+)"', text))
    assert asked == {"csrfmiddlewaretoken", "login", "password"}
    assert "signup" not in text and "Sign up" not in text
    assert 'href="/code/"' in text and 'href="/accounts/password/reset/"' in text


def test_a_wrong_password_is_answered_with_one_sentence_and_keeps_the_name(client, cadet):
    text = text_of(sign_in(client, "2026-0001", "not it"))
    said = re.findall(r'role="alert"><ul class="errorlist nonfield">(.*?)</ul>', text)
    assert len(said) == 1 and said[0].count("<li>") == 1
    assert 'value="2026-0001"' in text
    assert "not it" not in text


def test_an_empty_form_says_what_is_missing_at_each_field(client, db):
    text = text_of(sign_in(client, "", ""))
    assert 'aria-describedby="id_login_error"' in text and 'aria-describedby="id_password_error"' in text


def test_after_signing_in_one_goes_where_one_wanted_to(client, cadet):
    answer = client.post(
        "/accounts/login/", {"login": "2026-0001", "password": PASSWORD, "next": "/accounts/email/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/email/")


def test_nobody_signs_up(client, db):
    text = text_of(client.get("/accounts/signup/"))
    assert "Nobody signs up here" in text and "<input" not in text


def test_too_many_requests_are_answered_in_words(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/h/ip"}
    sign_in(client, "nobody", "x")
    answer = sign_in(client, "nobody", "x")
    assert answer.status_code == 429
    assert "Too many tries" in text_of(answer)


def test_a_form_that_was_open_for_too_long_says_so(db):
    answer = sign_in(Client(enforce_csrf_checks=True), "nobody", "x")
    assert answer.status_code == 403
    assert "Please send it again" in text_of(answer)


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_keep_the_content_policy(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert not INLINE.search(text_of(answer))
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", OWN)
def test_pages_of_ones_own_account_keep_the_content_policy(client, cadet, path):
    sign_in(client, "2026-0001", PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(path)
    assert answer.status_code == 200
    assert not INLINE.search(text_of(answer))
    assert text_of(answer).count("<h1") == 1
