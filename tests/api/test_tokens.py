"""A token opens what its person may, until it is revoked, ends, or their sessions are ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.accounts import actions, letting_in
from rotc.accounts.models import ApiToken, User
from rotc.accounts.tokens import LIVES, MOST, make_token
from rotc.api.service import SIGN_IN_FIRST
from rotc.journal.models import JournalEntry
from tests.api.conftest import HOME, Caller
from tests.factories import PASSWORD

NEW = "another long phrase"


def is_in(caller) -> bool:
    answer = caller.get("me/standing")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def is_told_to_sign_in(answer):
    assert (answer.status_code, answer.json()) == (401, {"error": SIGN_IN_FIRST})
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Cache-Control"] == "no-store"


@pytest.fixture
def juan(by, cadet):
    return by(cadet)


def test_a_session_opens_nothing_here(as_user, cadet):
    client = as_user(cadet)
    assert client.get("/standing/").status_code == 200

    is_told_to_sign_in(client.get(f"{HOME}me/standing"))
    is_told_to_sign_in(client.post(f"{HOME}auth/logout"))


def test_a_token_opens_no_page(juan):
    answer = juan.client.get("/standing/", headers=juan.headers)

    assert answer.status_code == 302


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic abc",
        "Token {}",
        "{}",
        "Bearer {}x",
        "Bearer  {}",
        "Bearer é",
    ],
)
def test_what_is_no_good_token_opens_nothing(juan, header):
    is_told_to_sign_in(
        juan.client.get(f"{HOME}me/standing", headers={"authorization": header.format(juan.token)})
    )


def test_a_token_ends_with_its_time(juan):
    assert timezone.now() + LIVES - ApiToken.objects.get().expires_at < timedelta(minutes=1)
    ApiToken.objects.update(made_at=timezone.now() - LIVES, expires_at=timezone.now())

    is_told_to_sign_in(juan.get("me/standing"))


def test_signing_out_revokes_the_token_it_is_sent_with_and_no_other(by, cadet, enrollment):
    one, other = by(cadet), by(cadet)

    assert one.post("auth/logout").json() == {"done": True}

    is_told_to_sign_in(one.post("auth/logout"))
    assert is_in(other)


# --- whatever ends the sessions ends the tokens


def redeem(client, cadet, administrator):
    [(_, code)] = letting_in.issue_codes([cadet], by=administrator)
    client.post("/code/", {"name": "2026-0001", "code": code})
    client.post("/code/password/", {"password1": NEW, "password2": NEW})


def change_password(client, cadet, administrator):
    client.force_login(cadet)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})


def deactivate_and_reactivate(client, cadet, administrator):
    client.force_login(administrator)
    client.post(f"/people/{cadet.pk}/deactivate/")
    client.post(f"/people/{cadet.pk}/reactivate/")


def sign_out_everywhere(client, cadet, administrator):
    client.force_login(administrator)
    client.post(f"/people/{cadet.pk}/end-sessions/")


@pytest.mark.parametrize("deed", [redeem, change_password, deactivate_and_reactivate, sign_out_everywhere])
def test_whatever_ends_the_sessions_ends_the_tokens(client, juan, cadet, administrator, deed):
    assert is_in(juan)

    deed(client, cadet, administrator)

    is_told_to_sign_in(juan.get("me/standing"))
    assert JournalEntry.objects.filter(what="API token revoked", cadet_id=cadet.cadet_id).count() == 1


def test_a_code_that_is_issued_and_not_used_ends_nothing(juan, cadet, administrator):
    letting_in.issue_codes([cadet], by=administrator)

    assert is_in(juan)


def test_a_closed_account_opens_nothing_however_it_was_closed(juan, cadet):
    User.objects.filter(pk=cadet.pk).update(is_active=False)

    is_told_to_sign_in(juan.get("me/standing"))


def test_no_token_is_made_for_a_password_that_was_changed_meanwhile(cadet):
    stale = User.objects.get(pk=cadet.pk)
    letting_in.set_password(cadet, password=NEW, by=cadet)

    assert make_token(stale, name="Late", second_step=False, by=stale) is None


def test_no_token_is_made_for_an_account_that_was_closed_meanwhile(cadet, administrator):
    actions.deactivate(User.objects.get(pk=cadet.pk), by=administrator)

    assert make_token(cadet, name="Late", second_step=False, by=cadet) is None


# --- their page


def test_the_page_lists_them_and_revokes_one(client, by, cadet, enrollment):
    one, other = by(cadet), by(cadet)
    assert is_in(one)
    client.force_login(cadet)
    page = client.get("/accounts/tokens/").content.decode()
    newest, oldest = ApiToken.objects.all()
    assert newest.hint in page and oldest.hint in page
    assert "not yet" in page, "the other was never used"
    assert one.token not in page

    answer = client.post(f"/accounts/tokens/{oldest.pk}/revoke/", follow=True)

    assert "Test is signed out." in answer.content.decode()
    assert oldest.hint not in answer.content.decode()
    is_told_to_sign_in(one.get("me/standing"))
    assert is_in(other)


def test_nobody_revokes_or_sees_anothers(client, juan, cadet, tactical):
    token = ApiToken.objects.get()
    client.force_login(tactical)

    assert token.hint not in client.get("/accounts/tokens/").content.decode()
    assert client.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    assert client.get(f"/accounts/tokens/{token.pk}/revoke/").status_code == 405
    assert is_in(juan)


def test_what_happened_to_tokens_stands_in_the_journal(client, juan, cadet):
    token = ApiToken.objects.get()
    client.force_login(cadet)
    client.post(f"/accounts/tokens/{token.pk}/revoke/")

    revoked, made = JournalEntry.objects.filter(subject=f"user:{cadet.pk}", what__startswith="API token")
    assert (made.what, made.how, made.changes) == ("API token made", "api", {"token": [None, str(token)]})
    assert (revoked.what, revoked.how, revoked.changes) == (
        "API token revoked",
        "page",
        {"token": [str(token), None]},
    )


def test_nobody_has_more_than_twenty(by, nobody, cadet):
    for _ in range(MOST):
        by(cadet)

    answer = nobody.post("auth/login", {"username": "2026-0001", "password": PASSWORD})

    assert answer.status_code == 409
    assert "Revoke one on the page of your account" in answer.json()["error"]
    ApiToken.objects.filter(pk=ApiToken.objects.first().pk).update(revoked_at=timezone.now())
    assert nobody.post("auth/login", {"username": "2026-0001", "password": PASSWORD}).status_code == 200


def test_when_it_was_last_used_is_written_once_in_five_minutes(juan, enrollment):
    assert is_in(juan)
    first = ApiToken.objects.get().last_used_at
    with CaptureQueriesContext(connection) as trips:
        assert is_in(juan)
    assert not [each for each in trips if each["sql"].startswith("UPDATE")]
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=first - timedelta(minutes=6))
    assert is_in(juan)
    assert ApiToken.objects.get().last_used_at >= first


def test_a_token_that_ended_is_kept_for_a_month(by, cadet, administrator):
    from rotc.accounts.tokens import forget_ended_tokens

    by(cadet), by(cadet), by(cadet)
    newest, revoked, ended = ApiToken.objects.all()
    then = timezone.now() - timedelta(days=40)
    ApiToken.objects.filter(pk=revoked.pk).update(revoked_at=then)
    ApiToken.objects.filter(pk=ended.pk).update(made_at=then - timedelta(days=1), expires_at=then)

    assert forget_ended_tokens(before=timezone.now() - timedelta(days=30)) == 2
    assert ApiToken.objects.get() == newest


def test_a_token_of_one_who_is_appointed_reaches_what_they_reach_and_no_further(by, tactical, leader, cadet):
    assert by(tactical).get("sheet").status_code == 200
    assert by(leader).get("sheet").status_code == 403
    assert by(cadet).get("roster").status_code == 403
    assert Caller().get("roster").status_code == 401
