"""The API of a real server: over HTTP, from several callers at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from rotc.accounts.tokens import MOST
from tests.served import PASSWORD, ask

PEOPLE = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
factories.enroll(alpha.children.first(), "2026-0001", "Dela Cruz", "Juan")
factories.enroll(alpha.children.first(), "2026-0002", "Cruz", "Ana")
factories.staff("tactical", "tactical_officer", alpha)
factories.staff("other", "tactical_officer", alpha)
day = term.training_days.filter(date__lte=factories.today()).last()
print('"%s"' % day)
"""
KEPT = """
import json
from rotc.accounts.models import ApiToken
from rotc.attendance.models import AttendanceMark, Scan
from rotc.journal.models import JournalEntry
print(json.dumps([
    Scan.objects.count(), AttendanceMark.objects.count(),
    JournalEntry.objects.filter(what="attendance marked").count(), ApiToken.objects.filter(user__username="other").count(),
]))
"""


def send(server, method, path, *, token="", given=None, **headers):
    body = None if given is None else json.dumps(given)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    answer = ask(server.port, method, f"/api/v1/{path}", body=body, timeout=60, **headers)
    return answer, json.loads(answer.text)


def sign_in(server, username):
    return send(server, "POST", "auth/login", given={"username": username, "password": PASSWORD})


@pytest.fixture(scope="module")
def day(server):
    return server.answer(PEOPLE)


@pytest.fixture(scope="module")
def token(server, day):
    answer, told = sign_in(server, "tactical")
    assert answer.status == 200
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Set-Cookie") is None
    return told["token"]


def test_a_phone_signs_in_marks_reads_and_signs_out(server, token, day):
    scan = {
        "id": str(uuid4()),
        "student_number": "2026-0001",
        "day": day,
        "mark": "P",
        "at": f"{day}T07:12:00+08:00",
    }

    _, told = send(server, "POST", "attendance", token=token, given={"scans": [scan]})
    assert (told["stored"], told["scans"][0]["mark"]["time_in"]) == (1, "07:12")
    _, sheet = send(server, "GET", "sheet?columns=all", token=token)
    assert [row["marks"] for row in sheet["rows"]] == [[None], ["P"]]
    _, roster = send(server, "GET", "roster?q=dela", token=token)
    assert [each["student_number"] for each in roster["cadets"]] == ["2026-0001"]

    _, cadet = sign_in(server, "2026-0001")
    _, standing = send(server, "GET", "me/standing", token=cadet["token"])
    assert standing["days"][0]["mark"] == "P"
    send(server, "POST", "auth/logout", token=cadet["token"])
    answer, told = send(server, "GET", "me/standing", token=cadet["token"])
    assert (answer.status, list(told)) == (401, ["error"])


def test_one_scan_sent_by_many_lines_at_once_is_stored_once(server, token, day):
    before = server.answer(KEPT)
    scan = {"id": str(uuid4()), "student_number": "2026-0002", "day": day, "mark": "L"}

    with ThreadPoolExecutor(6) as lines:
        told = list(
            lines.map(
                lambda _: send(server, "POST", "attendance", token=token, given={"scans": [scan]}), range(6)
            )
        )

    assert [answer.status for answer, _ in told] == [200] * 6
    assert sorted(each["scans"][0]["again"] for _, each in told) == [False] + [True] * 5
    assert [now - then for now, then in zip(server.answer(KEPT), before, strict=True)] == [1, 1, 1, 0]


def test_many_sign_ins_at_once_make_no_more_tokens_than_one_may_have(server, token):
    with ThreadPoolExecutor(6) as lines:
        told = list(lines.map(lambda _: sign_in(server, "other")[0].status, range(MOST + 4)))

    assert sorted(told) == [200] * MOST + [409] * 4
    assert server.answer(KEPT)[3] == MOST


def test_what_is_larger_than_any_file_is_cut_off(server, token):
    answer = ask(
        server.port,
        "POST",
        "/api/v1/attendance",
        body=b"x",
        Content_Length="99999999",
        Authorization=f"Bearer {token}",
    )

    assert answer.status == 413


def test_a_session_alone_opens_nothing(server, token):
    session = server.session_of("tactical")

    assert server.get("/sheet/", session=session).status == 200
    assert server.get("/api/v1/sheet", session=session).status == 401
