"""A program signs in under the rules of the page, and the two count together."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from rotc.accounts import actions
from rotc.accounts.adapter import TOO_MANY, WRONG
from rotc.accounts.models import ApiToken
from rotc.api.bearer import WITHOUT_SECOND_STEP
from rotc.api.signing_in import CODE_NEEDED, WRONG_CODE
from rotc.journal.models import JournalEntry
from rotc.messages.models import Notification
from tests import factories
from tests.api.conftest import Caller
from tests.factories import PASSWORD


def sign_in(caller, username="2026-0001", password=PASSWORD, **more):
    return caller.post("auth/login", {"username": username, "password": password, **more})


def on_the_page(username="2026-0001", password=PASSWORD):
    return Client().post("/accounts/login/", {"login": username, "password": password})


def said(answer) -> tuple[int, str]:
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


@pytest.fixture
def app(tactical):
    """The tactical officer's authenticator app: what it shows now, and for a few seconds more."""
    secret = generate_totp_secret()
    TOTP.activate(tactical, secret)

    def shown():
        left = 30 - time.time() % 30
        if left < 5:
            time.sleep(left)
        return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    return shown


@pytest.mark.parametrize("name", ["2026-0001", " 2026-0001 "])
def test_a_cadet_signs_in_and_is_known_by_the_token(nobody, cadet, enrollment, name):
    answer = sign_in(nobody, name, device="Muster phone")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert answer.json()["device"] == "Muster phone"
    known = Caller(answer.json()["token"]).get("me/standing")
    assert known.json()["student_number"] == "2026-0001"


def test_staff_sign_in_by_username_in_any_case(nobody, tactical):
    assert sign_in(nobody, "TACTICAL.Alpha").status_code == 200


def test_only_the_hash_of_a_token_is_kept(nobody, cadet):
    token = sign_in(nobody).json()["token"]
    kept = ApiToken.objects.get()

    assert re.fullmatch(r"rotc_[0-9a-f]{8}_[\w-]{43}", token)
    assert token.startswith(kept.hint)
    assert token[len(kept.hint) + 1 :] not in repr(vars(kept))
    assert token not in repr(list(JournalEntry.objects.values_list("changes", flat=True)))


def test_a_program_that_does_not_say_its_name_is_called_after_its_header(cadet):
    sign_in(Caller(**{"user-agent": "okhttp/4.12"}))
    sign_in(Caller())

    assert set(ApiToken.objects.values_list("name", flat=True)) == {"okhttp/4.12", "A program"}


@pytest.mark.parametrize("way", ["wrong", "unknown", "without a password", "deactivated", "not verified"])
def test_whoever_does_not_get_in_hears_the_same(nobody, cadet, administrator, way):
    name, password = "2026-0001", PASSWORD
    if way == "wrong":
        password = "not the password"
    elif way == "unknown":
        name = "2026-9999"
    elif way == "without a password":
        cadet.set_unusable_password()
        cadet.save()
    elif way == "deactivated":
        actions.deactivate(cadet, by=administrator)
    else:
        cadet.email = name = "juan@example.com"
        cadet.save()

    answer = sign_in(nobody, name, password)

    assert said(answer) == (401, WRONG)
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not ApiToken.objects.exists()


def test_an_unknown_name_costs_as_many_hashes_as_a_wrong_password(nobody, cadet, monkeypatch):
    from rotc.accounts.hashers import FrugalArgon2

    hashed = []
    encode, verify = FrugalArgon2.encode, FrugalArgon2.verify
    monkeypatch.setattr(FrugalArgon2, "encode", lambda *given: hashed.append("once") or encode(*given))
    monkeypatch.setattr(FrugalArgon2, "verify", lambda *given: hashed.append("once") or verify(*given))
    counts = []
    for name in ("2026-0001", "2026-9999"):
        hashed.clear()
        sign_in(nobody, name, "not the password")
        counts.append(len(hashed))

    assert counts[0] == counts[1] >= 1


def test_five_wrong_passwords_rest_the_account_here_and_on_the_page(nobody, cadet):
    for _ in range(3):
        sign_in(nobody, password="wrong wrong wrong")
    for _ in range(2):
        on_the_page(password="wrong wrong wrong")

    answer = sign_in(nobody)
    assert said(answer) == (429, TOO_MANY)
    assert answer["Retry-After"] == "300"
    assert TOO_MANY in on_the_page().content.decode()


def test_forty_wrong_passwords_by_turns_let_in_no_more_tries_than_the_page_alone(nobody, cadet):
    heard = []
    for turn in range(40):
        if turn % 2:
            heard.append(WRONG in on_the_page(password=f"guess {turn}").content.decode())
        else:
            heard.append(sign_in(nobody, password=f"guess {turn}").status_code == 401)

    assert heard == [True] * 5 + [False] * 35


def test_signing_in_again_and_again_counts_with_the_page_by_address(nobody, cadet, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}

    assert sign_in(nobody).status_code == 200
    assert on_the_page().status_code == 302
    assert said(sign_in(nobody)) == (429, TOO_MANY)
    assert on_the_page().status_code == 429


def test_behind_a_proxy_the_address_is_the_callers(cadet, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}

    for forwarded, status in [
        ("1.1.1.1, 2.2.2.2", 200),
        ("9.9.9.9, 2.2.2.2", 429),
        ("1.1.1.1, 3.3.3.3", 200),
    ]:
        assert sign_in(Caller(**{"x-forwarded-for": forwarded})).status_code == status


# --- the second step


def test_a_code_is_asked_for_where_there_is_a_second_step_and_taken_once(nobody, tactical, app):
    without = sign_in(nobody, "tactical.alpha")
    assert said(without) == (401, CODE_NEEDED)
    assert without["WWW-Authenticate"] == 'Bearer error="code_needed"'

    code = app()
    assert sign_in(nobody, "tactical.alpha", code=code).status_code == 200
    assert said(sign_in(nobody, "tactical.alpha", code=code)) == (401, WRONG_CODE)
    assert ApiToken.objects.get().second_step


def test_a_second_step_set_up_later_shuts_out_tokens_made_without_one(by, tactical):
    early, with_code = by(tactical), by(tactical, second_step=True)
    assert early.get("roster").status_code == 200
    TOTP.activate(tactical, generate_totp_secret())
    assert said(early.get("roster")) == (403, WITHOUT_SECOND_STEP)
    assert with_code.get("roster").status_code == 200


def test_whose_name_a_program_signed_in_with_hears_of_it(nobody, tactical):
    assert sign_in(nobody, "tactical.alpha").status_code == 200
    told = Notification.objects.get(person=tactical)
    assert told.text.startswith("A program signed in as you")
    assert told.path == "/accounts/tokens/"


def test_a_code_without_the_password_says_nothing_of_either(nobody, tactical, app):
    assert said(sign_in(nobody, "tactical.alpha", "not the password", code=app())) == (401, WRONG)


def test_a_recovery_code_is_taken_once(nobody, tactical, app):
    code = RecoveryCodes.activate(tactical).get_unused_codes()[0]

    assert sign_in(nobody, "tactical.alpha", code=code).status_code == 200
    assert said(sign_in(nobody, "tactical.alpha", code=code)) == (401, WRONG_CODE)


@pytest.mark.parametrize("code", ["000000", "x", "１２３４５６", "1" * 40, "é"])
def test_a_wrong_code_is_refused(nobody, tactical, app, code):
    assert said(sign_in(nobody, "tactical.alpha", code=code)) == (401, WRONG_CODE)
    assert not ApiToken.objects.exists()


def test_five_wrong_codes_rest_the_second_step_here_and_on_the_page(nobody, tactical, app):
    for _ in range(5):
        sign_in(nobody, "tactical.alpha", code="000000")

    assert said(sign_in(nobody, "tactical.alpha", code=app())) == (429, TOO_MANY)
    browser = Client()
    browser.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    page = browser.post("/accounts/2fa/authenticate/", {"code": app()})
    assert TOO_MANY in page.content.decode()


def test_a_code_used_on_the_page_is_used_here_too(nobody, tactical, app):
    code = app()
    browser = Client()
    browser.post("/accounts/login/", {"login": "tactical.alpha", "password": PASSWORD})
    assert browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302

    assert said(sign_in(nobody, "tactical.alpha", code=code)) == (401, WRONG_CODE)


def test_who_needs_a_second_step_and_has_none_is_told_where_to_set_it_up(nobody, tactical, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True

    status, sentence = said(sign_in(nobody, "tactical.alpha"))

    assert status == 403
    assert "http://testserver/accounts/2fa/" in sentence
    assert not ApiToken.objects.exists()


def test_a_cadets_token_opens_nothing_once_they_hold_an_appointment(cadet, enrollment, alpha, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    known = Caller(sign_in(Caller()).json()["token"])
    assert known.get("me/standing").status_code == 200

    factories.appointed(cadet, "cadet_officer", alpha)

    assert said(known.get("roster"))[0] == 403
    assert "Sign in again with your code" in known.get("roster").json()["error"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "“username” is missing. “password” is missing. Nothing was changed."),
        ({"username": "x"}, "“password” is missing. Nothing was changed."),
        ({"username": 5, "password": "y"}, "“username” must be a text. Nothing was changed."),
        ({"username": "", "password": "y"}, "“username” must not be empty. Nothing was changed."),
        (
            {"username": "x" * 300, "password": "y"},
            "“username” may have 254 characters at most. Nothing was changed.",
        ),
        ({"username": "x", "password": "a\0b"}, "“password” holds a null byte. Nothing was changed."),
        ({"login": "x", "username": "x", "password": "y"}, "“login” is not known here. Nothing was changed."),
        ([], "The body must be an object. Nothing was changed."),
    ],
)
def test_what_cannot_be_read_is_said_by_field(nobody, given, sentence):
    assert said(nobody.post("auth/login", given)) == (422, sentence)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 5000, b"1" * 5000])
def test_what_is_no_json_is_said_to_be_none(nobody, body):
    answer = nobody.client.post("/api/v1/auth/login", body, content_type="application/json")

    assert said(answer)[0] in (400, 422)
