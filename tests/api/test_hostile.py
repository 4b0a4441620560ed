"""Whatever is sent, the answer is JSON in words, never a 500 and never more than was due."""

import json

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st

from rotc.accounts.models import ApiToken
from rotc.attendance.models import AttendanceMark
from rotc.web import trouble
from tests.api.conftest import HOME, Caller

ODD = [
    None, True, False, 0, -1, 1, 1.0, 1.5, -0.0, 1e308, 10**18, 2**63, 2**64, 10**40, "", " ", "x", "P", "p", "0", "1",
    "null", "٣", "é", "\0", "a\0b", "\ud800", "x" * 100_000, "2026-13-45", "2026-11-30", "0001-01-01", "9999-12-31",
    "2026-11-30T07:00:00", "2026-11-30T07:00:00+99:00", "2099-12-31T23:59:59+23:59", "2000-01-01T00:00:00-23:59",
    "1600000000", "../../etc/passwd", "<script>alert(1)</script>", "' OR 1=1 --", "{}", [], [[]], [None], {}, {"a": 1},
]  # fmt: skip
BODIES = [
    b"", b" ", b"null", b"[]", b"0", b'""', b"{", b"}", b"NaN", b"Infinity", b'{"a": NaN}', b"\xff", b"\xfe\xff\x00{",
    b"[" * 100_000, b'{"a":' * 50_000, b"1" * 100_000, b'{"scans": null}', b'{"scans": {}}', b'{"scans": 5}',
    b'{"scans": "x"}', b'{"scans": [}', b'{"scans": [' + b"null," * 300 + b"null]}", b'{"username": {"$ne": 1}}',
]  # fmt: skip
SCAN = {
    "id": "5b0fa7a4-0f3a-4bb1-9d30-6a1d1f1e0a01",
    "student_number": "2026-0001",
    "day": "2026-11-28",
    "mark": "P",
    "at": "2026-11-28T07:12:00+08:00",
    "seen": 0,
}


def refused_in_words(answer, *, among=range(400, 500)):
    assert answer.status_code in among, answer.status_code
    assert answer["Content-Type"] == "application/json"
    assert list(answer.json()) == ["error"]
    sentence = answer.json()["error"]
    assert sentence.endswith(".") and "Traceback" not in sentence and len(sentence) < 600


@pytest.fixture
def officer(by, tactical, enrollment):
    return by(tactical)


def sent(caller, path, body: bytes):
    return caller.client.post(HOME + path, body, content_type="application/json", headers=caller.headers)


@pytest.mark.parametrize("body", BODIES, ids=[repr(each[:20]) for each in BODIES])
def test_a_body_that_is_nothing_sensible_is_refused_in_words(officer, nobody, body):
    refused_in_words(sent(nobody, "auth/login", body), among=(400, 422))
    refused_in_words(sent(officer, "attendance", body), among=(400, 422))


def test_a_body_that_is_too_large_is_not_even_read(officer, nobody):
    body = b'{"scans": [' + b"{}," * 100_000 + b"{}]}"

    for caller, path in ((nobody, "auth/login"), (officer, "attendance")):
        answer = sent(caller, path, body)
        refused_in_words(answer, among=(413,))
        assert answer.json()["error"] == "The body may have 256 KB at most. Nothing was changed."


@pytest.mark.parametrize("field", ["username", "password", "code", "device", "other"])
def test_each_field_of_signing_in_takes_anything_calmly(cadet, field):
    for odd in ODD:
        cache.clear()
        whole = {"username": "2026-0001", "password": "wrong", field: odd}
        refused_in_words(sent(Caller(), "auth/login", json.dumps(whole).encode()), among=(401, 422))


@pytest.mark.parametrize("field", [*SCAN, "cadet", "other"])
def test_each_field_of_a_scan_takes_anything_calmly(officer, field):
    for odd in ODD:
        whole = SCAN | {field: odd}
        if field == "cadet":
            del whole["student_number"]
        answer = sent(officer, "attendance", json.dumps({"scans": [whole, whole | {"mark": "?"}]}).encode())
        assert answer.status_code == 200, (field, odd)
        one, two = answer.json()["scans"]
        assert two["status"] == 422
        assert one["status"] in (200, 404, 409, 422), (field, odd)
        assert (one["error"] is None) == (one["status"] == 200)


@pytest.mark.parametrize("path", ["me/standing", "sheet", "roster", "attendance"])
def test_each_word_of_an_address_takes_anything_calmly(officer, path):
    for name in ("term", "unit", "columns", "q", "show", "ms", "page", "where", "as"):
        for odd in ODD:
            if isinstance(odd, str) and "\ud800" in odd:
                continue  # no address can carry it
            answer = officer.get(path, **{name: str(odd)})
            assert answer.status_code in (200, 404, 405, 422), (name, odd)
            assert answer["Content-Type"].startswith("application/json")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SCAN, "scans", "cadet", "x"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(
    given=st.lists(
        anything | st.fixed_dictionaries({name: anything | st.just(good) for name, good in SCAN.items()}),
        max_size=3,
    )
)
def test_whatever_the_scans_each_is_answered(officer, given):
    answer = sent(officer, "attendance", json.dumps({"scans": given}).encode())

    assert answer.status_code in (200, 400, 422)
    if answer.status_code == 200:
        assert len(answer.json()["scans"]) == len(given)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head", "trace"])
def test_another_method_is_refused_in_words(officer, method):
    answer = getattr(officer.client, method)(f"{HOME}attendance", headers=officer.headers)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    if method != "head":
        refused_in_words(answer)


@pytest.mark.parametrize(
    "path", ["", "x", "sheet/", "sheet/1", "../v2/sheet", "me", "auth/login/", "sheet%00"]
)
def test_an_address_that_is_none_is_refused_in_words(officer, path):
    refused_in_words(officer.get(path), among=(404,))


def test_a_mistake_of_ours_shows_no_trace(officer, monkeypatch):
    from rotc.api import sheet

    def broken(*given):
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(sheet, "sheet_for", broken)
    officer.client.raise_request_exception = False
    answer = officer.get("sheet")

    assert (answer.status_code, answer.json()) == (500, {"error": trouble.BROKEN})
    assert "secret" not in answer.content.decode()


def test_a_database_that_went_away_is_said_to_have(officer, monkeypatch):
    from django.db import OperationalError

    from rotc.api import sheet

    def away(*given):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(sheet, "sheet_for", away)
    monkeypatch.setattr(trouble, "_away_until", 0.0)
    officer.client.raise_request_exception = False
    answer = officer.get("sheet")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer.json()["error"].startswith("The database does not answer.")


def test_a_database_that_is_held_by_others_is_said_to_be(officer, monkeypatch):
    from django.db import OperationalError

    from rotc.api import sheet

    def held(*given):
        raise OperationalError("database is locked")

    monkeypatch.setattr(sheet, "sheet_for", held)
    answer = officer.get("sheet")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "try again in a few seconds" in answer.json()["error"]


def test_nothing_of_all_this_left_a_trace(officer):
    for body in BODIES:
        sent(officer, "attendance", body)

    assert AttendanceMark.objects.count() == 0
    assert ApiToken.objects.count() == 1
