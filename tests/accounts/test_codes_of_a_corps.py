"""Codes for a whole corps: who has one, who gets one, what is printed, and that nobody else knows a password."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.accounts.actions import deactivate, open_accounts
from rotc.accounts.codes import ALPHABET
from rotc.accounts.letting_in import issue_codes
from rotc.accounts.models import AccessCode, User
from tests import factories

CODE = re.compile(rf"\b[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}\b")
CODES = "/people/codes/"
EVERYBODY = {"everybody": "1", "confirmed": "1"}
PILE = re.compile(r'<section class="pile">(.*?)</div>\s*</section>', re.DOTALL)
NUMBER = re.compile(r"Student number (\S+?)<br>")


@pytest.fixture
def admin(as_user, administrator):
    return as_user(administrator)


def without_password(enrollments) -> list[User]:
    """Their accounts, as an import opens them."""
    return open_accounts([(each.cadet, None) for each in enrollments], by=None)


@pytest.fixture
def states(platoon):
    """One cadet of each state: has a password, open code, code expired, no code yet, deactivated."""
    has = factories.enroll(platoon, "2026-0001", "Has", "Ana")
    others = factories.many(platoon, 4)
    users = without_password(others)
    issue_codes(users[:2], by=None)
    AccessCode.objects.filter(user=users[1]).update(expires_at=timezone.now() - timedelta(hours=1))
    deactivate(users[3], by=None)
    return [has, *others]


def found(client, **asked) -> list[str]:
    page = client.get(CODES, asked).content.decode()
    return re.findall(r'name="enrollment" value="(\d+)"', page)


def test_the_overview_counts_how_everybody_stands(admin, states):
    page = admin.get(CODES).content.decode()

    said = dict(re.findall(r">([A-Z][a-z ]+) <b>(\d+)</b>", page))
    assert said == {
        "All": "5",
        "No code yet": "1",
        "Open code": "1",
        "Code expired": "1",
        "Has a password": "1",
        "Deactivated": "1",
    }
    assert "on paper" in page


@pytest.mark.parametrize(
    ("state", "place"), [("password", 0), ("open", 1), ("expired", 2), ("none", 3), ("closed", 4)]
)
def test_a_state_shows_only_those_who_stand_so(admin, states, state, place):
    assert found(admin, state=state) == [str(states[place].pk)]


def test_unit_level_and_state_narrow_together(admin, states, bravo, platoon):
    other = factories.many(bravo, 2, start=50)

    assert found(admin, unit=bravo.pk, state="none") == [str(each.pk) for each in other]
    assert found(admin, unit=platoon.pk, ms="MS1", state="none") == [str(states[3].pk)]
    assert (
        "No cadet of these stands so"
        in admin.get(CODES, {"unit": bravo.pk, "state": "open"}).content.decode()
    )


def test_only_those_who_could_not_come_in_are_ticked_before(admin, states):
    page = admin.get(CODES).content.decode()

    assert re.findall(r'value="(\d+)" checked', page) == [str(states[2].pk), str(states[3].pk)]


def test_before_everybody_gets_a_code_the_page_says_what_it_means(admin, states):
    page = admin.post(f"{CODES}slips/", {"everybody": "1", "seen": "5"}).content.decode()

    assert "Print 4 slips?" in page
    assert "1 has an open code" in page and "1 has a password already" in page and "1 is deactivated" in page
    assert AccessCode.objects.count() == 2


def test_slips_lie_by_company_platoon_and_name(admin, platoon, alpha, bravo):
    second = alpha.children.get(path__endswith="2nd/")
    expected = [
        each.cadet.student_number
        for unit, start in ((platoon, 30), (second, 10), (bravo.children.first(), 20))
        for each in factories.many(unit, 3, start)
    ]

    page = admin.post(f"{CODES}slips/", EVERYBODY | {"seen": "9"}).content.decode()

    piles = PILE.findall(page)
    assert [NUMBER.findall(pile) for pile in piles] == [expected[:6], expected[6:]]
    assert "Alpha Company · 2nd Platoon" in piles[0]
    assert len(set(CODE.findall(page))) == 9


def test_a_filter_in_force_holds_for_everybody_found(admin, states, bravo):
    factories.many(bravo, 2, start=50)

    page = admin.post(f"{CODES}slips/", EVERYBODY | {"unit": bravo.pk, "seen": "2"}).content.decode()

    assert len(CODE.findall(page)) == 2


def test_who_was_enrolled_meanwhile_is_not_swept_along(admin, states):
    answer = admin.post(f"{CODES}slips/", EVERYBODY | {"seen": "4"})

    assert answer.status_code == 422
    assert "There are 5 of them now, not 4 as you saw" in answer.content.decode()
    assert AccessCode.objects.count() == 2


def test_a_reload_shows_no_slips_again_and_spoils_none(admin, states):
    once = re.search(r'name="once" value="(\w+)"', admin.get(CODES).content.decode())[1]
    ticked = {"enrollment": [states[3].pk], "once": once}
    first = admin.post(CODES, ticked)

    again = admin.post(CODES, ticked)

    assert first["Cache-Control"] == "no-store"
    assert again.status_code == 422
    assert "These codes were shown already" in again.content.decode()
    assert not CODE.search(again.content.decode())
    assert AccessCode.objects.filter(user__cadet=states[3].cadet, revoked_at=None).count() == 1


def shown_on(page) -> dict:
    return dict(re.findall(r'name="(once|newest)" value="(\w+)"', page.content.decode()))


@pytest.mark.parametrize("deed", ["slips", "revoke"])
def test_slips_that_somebody_else_printed_meanwhile_are_not_ended_unseen(admin, states, deed):
    everybody = {"everybody": "1", "seen": "5"}
    asked = admin.post(f"{CODES}{deed}/", everybody)
    [(user, _)] = issue_codes([states[3].cadet.user], by=None)

    answer = admin.post(f"{CODES}{deed}/", everybody | {"confirmed": "1"} | shown_on(asked))

    assert answer.status_code == 422
    assert "Somebody issued codes to 1 of these since you saw this page" in answer.content.decode()
    assert user.access_codes.filter(revoked_at=None).count() == 1


def test_a_tick_on_an_old_page_ends_no_code_that_is_newer(admin, states):
    listed = admin.get(CODES)
    [(user, _)] = issue_codes([states[3].cadet.user], by=None)

    refused = admin.post(CODES, {"enrollment": [states[3].pk]} | shown_on(listed))
    other = admin.post(CODES, {"enrollment": [states[1].pk]} | shown_on(listed))

    assert refused.status_code == 422
    assert user.access_codes.filter(revoked_at=None).count() == 1
    assert len(CODE.findall(other.content.decode())) == 1


def test_before_codes_go_out_the_page_says_where_they_are_to_be_typed(admin, states):
    page = admin.post(f"{CODES}slips/", {"everybody": "1"}).content.decode()

    assert "http://testserver/code/" in page


def test_codes_are_revoked_after_a_count_and_let_nobody_in(admin, client, states):
    user = states[1].cadet.user
    [(_, code)] = issue_codes([user], by=None)
    chosen = {"enrollment": [each.pk for each in states]}

    preview = admin.post(f"{CODES}revoke/", chosen).content.decode()
    said = admin.post(f"{CODES}revoke/", chosen | {"confirmed": "1"}, follow=True).content.decode()

    assert "Revoke 1 open code?" in preview
    assert "2 codes revoked." in said  # the expired one has no further use either
    client.logout()
    assert client.post("/code/", {"name": user.username, "code": code}).status_code == 422


def test_one_code_is_revoked_on_the_page_of_its_holder(admin, states):
    user = states[1].cadet.user
    assert (
        "One-time code" in (page := admin.get(f"/people/{user.pk}/").content.decode())
        or "one-time code" in page
    )

    said = admin.post(f"/people/{user.pk}/code/revoke/", follow=True).content.decode()

    assert "code is revoked" in said
    assert "has no open code" in admin.post(f"/people/{user.pk}/code/revoke/", follow=True).content.decode()


def test_with_nobody_chosen_nothing_is_done(admin, states):
    for deed in ("slips", "letters", "revoke"):
        answer = admin.post(f"{CODES}{deed}/", {"confirmed": "1", "enrollment": ["x"]})
        assert answer.status_code == 422
        assert "No code was touched" in answer.content.decode()


@pytest.fixture
def corps(term):
    """1,200 cadets in 8 companies, their accounts opened as an import opens them."""
    everybody = []
    for number, letter in enumerate("ABCDEFGH"):
        everybody += factories.many(factories.company(term, f"Company {letter}"), 150, start=number * 150)
    without_password(everybody)
    return everybody


def test_after_a_corps_got_its_codes_nobody_has_a_password_that_anybody_else_knows(admin, client, corps):
    page = admin.post(f"{CODES}slips/", EVERYBODY | {"seen": "1200"}).content.decode()

    told = dict(zip(NUMBER.findall(page), CODE.findall(page), strict=True))
    assert len(set(told.values())) == 1200
    cadets = User.objects.filter(cadet__isnull=False)
    assert not any(user.has_usable_password() for user in cadets)
    kept = "".join(AccessCode.objects.values_list("digest", flat=True))
    assert not any(code in kept or code.replace("-", "") in kept for code in told.values())
    (mine, code), (_, other) = list(told.items())[:2]
    client.logout()
    assert client.post("/code/", {"name": mine, "code": other}).status_code == 422
    assert client.post("/code/", {"name": mine, "code": code}).status_code == 302
    client.post("/code/password/", {"password1": "a phrase of my own", "password2": "a phrase of my own"})
    client.logout()
    assert client.post("/code/", {"name": mine, "code": code}).status_code == 422
    assert client.login(username=mine, password="a phrase of my own")


def test_codes_for_a_corps_take_trips_by_the_hundred_and_not_by_the_head(admin, corps):
    def trips(**asked):
        with CaptureQueriesContext(connection) as found:
            assert admin.post(f"{CODES}slips/", EVERYBODY | asked).status_code == 200
        return len(found)

    company = corps[0].unit
    few, many = trips(unit=company.pk), trips()

    # What grows are the inserts, which go in lots.
    assert many - few <= 1050 // 50


def test_the_way_of_an_invited_officer_leads_past_the_second_factor(admin, client, alpha, settings):
    page = admin.post(
        "/people/add/",
        {
            "first_name": "Rosa",
            "last_name": "Luna",
            "username": "rosa",
            "role": "tactical_officer",
            "unit": alpha.pk,
        },
    ).content.decode()
    client.logout()
    settings.STAFF_NEED_SECOND_FACTOR = True

    client.post("/code/", {"name": "rosa", "code": CODE.search(page)[0]})
    answer = client.post(
        "/code/password/", {"password1": "a phrase of my own", "password2": "a phrase of my own"}
    )

    assert answer["Location"] == "/"
    for wanted in ("/", "/sheet/", "/people/", "/attendance/"):
        assert client.get(wanted)["Location"] == "/accounts/2fa/totp/activate/"
    asked = client.get("/accounts/2fa/totp/activate/")["Location"]
    client.post(asked, {"password": "a phrase of my own"})
    assert "authenticator app" in client.get("/accounts/2fa/totp/activate/").content.decode()


def test_the_overview_is_a_file_too_with_the_filter_in_force_and_no_code_in_it(admin, states):
    answer = admin.get(CODES, {"state": "open", "as": "csv"})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].replace(chr(34), "") == "Student ID,Name,Unit,MS Level,Account"
    assert len(lines) == 2 and "Code until" in lines[1]
    assert not CODE.search(answer.content.decode())
