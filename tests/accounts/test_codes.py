import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rotc.accounts.actions import deactivate
from rotc.accounts.adapter import TOO_MANY
from rotc.accounts.codes import ALPHABET
from rotc.accounts.doors import WRONG_CODE
from rotc.accounts.letting_in import issue_codes, redeem_code
from rotc.accounts.models import AccessCode, User
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Cadet
from tests import factories

NEW = {"password1": "another long phrase", "password2": "another long phrase"}


def enter(client, name, code):
    return client.post("/code/", {"name": name, "code": code})


def issued_to(user, by=None) -> str:
    [(_, code)] = issue_codes([user], by=by)
    return code


def test_a_code_lets_its_owner_choose_a_password_and_is_then_used_up(client, cadet):
    code = issued_to(cadet)

    assert enter(client, "2026-0001", code)["Location"] == "/code/password/"
    answer = client.post("/code/password/", NEW)
    client.logout()

    assert answer["Location"] == "/"
    assert client.login(username="2026-0001", password=NEW["password1"])
    client.logout()
    assert WRONG_CODE in enter(client, "2026-0001", code).content.decode()


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} "])
def test_a_code_may_be_typed_in_small_letters_without_dash_or_with_spaces(client, cadet, change):
    assert enter(client, "2026-0001", change(issued_to(cadet))).status_code == 302


def test_staff_come_in_by_their_username(client, tactical):
    assert enter(client, "Tactical.Alpha", issued_to(tactical)).status_code == 302


def test_a_code_is_readable_and_only_its_digest_is_kept(cadet):
    code = issued_to(cadet)

    assert re.fullmatch(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", code)
    assert not set("01OIL") & set(ALPHABET)
    kept = AccessCode.objects.values_list("digest", flat=True)[0]
    assert code.replace("-", "") not in kept
    assert code not in str(JournalEntry.objects.values_list("changes", "reason", "what"))


def ways_a_code_fails():
    yield "another's code", lambda code, user: issued_to(factories.staff("other", "administrator", None))
    yield "a newer one", lambda code, user: issued_to(user) and code
    yield "two weeks old", lambda code, user: AccessCode.objects.update(expires_at=timezone.now()) and code
    yield "account closed", lambda code, user: deactivate(user, by=None) or code
    yield "never issued", lambda code, user: "ABCDE-FGHJK"


@pytest.mark.parametrize("spoil", [pytest.param(way, id=name) for name, way in ways_a_code_fails()])
def test_whatever_is_wrong_with_a_code_the_answer_is_the_same(client, cadet, spoil):
    shown = spoil(issued_to(cadet), cadet)

    answer = enter(client, "2026-0001", shown)

    assert answer.status_code == 422
    assert WRONG_CODE in answer.content.decode()
    assert WRONG_CODE in enter(client, "nobody-there", shown).content.decode()


def test_after_five_wrong_codes_even_the_right_one_waits(client, cadet):
    for _ in range(5):
        enter(client, "2026-0001", "ABCDE-FGHJK")

    assert TOO_MANY in enter(client, " 2026-0001", issued_to(cadet)).content.decode()


def test_a_weak_password_uses_up_nothing(client, cadet):
    enter(client, "2026-0001", issued_to(cadet))

    answer = client.post("/code/password/", {"password1": "short", "password2": "short"})

    assert "too short" in answer.content.decode()
    assert client.post("/code/password/", NEW)["Location"] == "/"


def test_choosing_a_password_takes_a_code_first(client, db):
    assert client.post("/code/password/", NEW)["Location"] == "/code/"


def test_a_code_that_was_entered_is_forgotten_after_a_quarter_of_an_hour(client, cadet, monkeypatch):
    enter(client, "2026-0001", issued_to(cadet))
    later = timezone.now() + timedelta(minutes=16)

    monkeypatch.setattr("time.time", later.timestamp)

    assert client.post("/code/password/", NEW)["Location"] == "/code/"


def test_of_two_who_use_a_code_at_once_one_is_refused(cadet):
    issued_to(cadet)
    code = AccessCode.objects.get()
    redeem_code(code, password="the first phrase", by=cadet)

    with pytest.raises(NotNow, match="used or replaced meanwhile"):
        redeem_code(code, password="the second phrase", by=cadet)

    assert User.objects.get(pk=cadet.pk).check_password("the first phrase")


def test_a_password_that_is_changed_ends_an_open_code(client, cadet):
    code = issued_to(cadet)
    client.force_login(cadet)
    client.post("/accounts/password/change/", {"oldpassword": factories.PASSWORD, **NEW})
    client.logout()

    assert WRONG_CODE in enter(client, "2026-0001", code).content.decode()


def test_codes_are_not_issued_to_a_closed_account(cadet, administrator):
    deactivate(cadet, by=administrator)

    with pytest.raises(NotNow, match="deactivated"):
        issue_codes([User.objects.get(pk=cadet.pk)], by=administrator)


def test_slips_for_a_company_open_missing_accounts_and_are_never_stored(as_user, administrator, platoon):
    known = factories.enroll(platoon, "2026-0001", "Dela Cruz", "Juan")
    new = Cadet.objects.create(student_number="2026-0002", last_name="Peña", first_name="Ana")
    from rotc.roster.actions import enroll

    ticked = [known.pk, enroll(new, platoon.term, platoon, by=None).pk]

    answer = as_user(administrator).post("/people/codes/", {"enrollment": ticked})

    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "Peña, Ana" in page and "2026-0002" in page and "http://testserver/code/" in page
    shown = re.findall(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", page)
    assert len(shown) == AccessCode.objects.count() == 2


def test_nobody_ticked_is_said_in_words(as_user, administrator, enrollment):
    answer = as_user(administrator).post("/people/codes/", {"enrollment": ["x", "9" * 40]})

    assert answer.status_code == 422
    assert "Nobody is ticked" in answer.content.decode()


def test_a_code_for_somebody_locked_out_comes_from_the_command_line(client, administrator, capsys):
    call_command("access_code", "ADMIN")
    code = re.search(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", capsys.readouterr().out)[0]

    assert enter(client, "admin", code).status_code == 302
