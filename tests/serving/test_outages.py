"""What people see while a part is away, and that everything is there again when it returns, with no restart."""

import io
import json
import secrets
import time
from threading import Thread

import psycopg
import pytest
from PIL import Image

from tests.buckets import guarded
from tests.fleet import POSTGRES
from tests.gate import Gate
from tests.served import Server

PLATOON = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadets = factories.platoon_of(alpha.children.first(), 3)
factories.staff("tactical.alpha", "tactical_officer", alpha)
print(json.dumps([[each.pk for each in cadets], term.exams.first().pk]))
"""


@pytest.fixture(scope="module")
def gated(tmp_path_factory):
    """A server whose PostgreSQL stands behind a gate."""
    database = f"rotc_gated_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
        folder, port, user = connection.execute(
            "SELECT split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user"
        ).fetchone()
    gate = Gate(f"{folder}/.s.PGSQL.{port}")
    url = f"postgres://{user}@127.0.0.1:{gate.port}/{database}?sslmode=disable&connect_timeout=3"
    server = Server(tmp_path_factory.mktemp("gated"), DATABASE_URL=url, ROTC_EMBEDDED_WORKER="0")
    server.cadets, server.exam = server.answer(PLATOON)
    server.session = server.session_of("tactical.alpha")
    server.gate = gate
    yield server
    gate.open()
    server.end()
    gate.end()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def save(server, cadet, version, typed):
    return server.ask(
        "POST",
        "/sheet/cells/",
        session=server.session,
        form={f"{server.cadets[cadet]}.{server.exam}.{version}:": typed},
        genuine=True,
    )


def comes_back(asking, patience=60):
    ending = time.monotonic() + patience
    while asking().status != 200:
        assert time.monotonic() < ending, asking().text
        time.sleep(0.2)


@pytest.mark.parametrize("away", ["shut", "deafen"])
def test_without_the_database_pages_say_so_and_return_with_it(gated, away):
    assert gated.get("/", session=gated.session).status == 200
    getattr(gated.gate, away)()
    for answer in (gated.get("/", session=gated.session), save(gated, 0, 0, "80")):
        assert answer.status == 503
        assert "The database does not answer." in answer.text
        assert answer.headers["Retry-After"] == "5"
        assert "Traceback" not in answer.text
    told = gated.get("/api/v1/roster", Authorization="Bearer any")
    assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert list(json.loads(told.text)) == ["error"]
    assert gated.get("/api/live/").status == 200
    gated.gate.open()
    comes_back(lambda: gated.get("/", session=gated.session))


def test_whoever_stood_in_line_when_the_database_went_is_not_let_wait_for_it_once_more(gated):
    comes_back(lambda: gated.get("/", session=gated.session))
    answers = []
    gated.gate.deafen()
    line = [Thread(target=lambda: answers.append(gated.get("/", session=gated.session))) for _ in range(12)]
    for each in line:
        each.start()
    for each in line:
        each.join()
    gated.gate.open()
    assert [answer.status for answer in answers] == [503] * 12
    comes_back(lambda: save(gated, 2, 0, "80"))


def test_a_save_that_was_cut_off_is_stored_once(gated):
    comes_back(lambda: save(gated, 1, 0, "80"))
    gated.gate.shut()
    assert save(gated, 1, 1, "85").status == 503
    gated.gate.open()
    comes_back(lambda: save(gated, 1, 1, "85"))
    assert save(gated, 1, 1, "85").status == 200, "the same value twice is no conflict"


OFFICE = """
import json
from tests import factories
cadet = factories.enroll(factories.company(factories.open_term(), "Alpha"), "2026-0001", "Reyes", "Ana")
factories.staff("office", "administrator", None)
print(json.dumps(cadet.pk))
"""
GONE = "The store of files and photos cannot be reached"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A server whose uploads go to a bucket behind a gate, with one cadet and their photo."""
    with guarded("rotc-outages") as bucket:
        server = Server(tmp_path_factory.mktemp("stored"), ROTC_EMBEDDED_WORKER="0", **bucket.env)
        server.photo = f"/roster/{server.answer(OFFICE)}/photo/"
        server.session, server.gate, server.bucket = server.session_of("office"), bucket.gate, bucket
        assert give_photo(server).status == 302
        yield server
        bucket.gate.open()
        server.end()


def give_photo(server):
    """A photo as a browser sends it; it waits ten seconds for the answer."""
    picture = io.BytesIO()
    Image.effect_noise((480, 480), 80).save(picture, "PNG")
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    return server.ask(
        "POST", server.photo, session=server.session, genuine=True, timeout=10,
        body=head + picture.getvalue() + b"\r\n--x--\r\n", Content_Type="multipart/form-data; boundary=x",
    )  # fmt: skip


def shows_photo(server):
    return server.get(server.photo, session=server.session)


@pytest.mark.parametrize(
    "away", [lambda gate: gate.shut(), lambda gate: gate.slow(500)], ids=["gone", "slow"]
)
def test_a_photo_for_a_store_that_is_gone_or_slow_is_refused_in_words_and_taken_when_it_returns(stored, away):
    away(stored.gate)
    answer = give_photo(stored)
    assert answer.status == 503
    assert GONE in answer.text
    stored.gate.open()
    comes_back(lambda: shows_photo(stored))
    assert give_photo(stored).status == 302


def test_a_photo_that_arrives_after_it_was_refused_is_dropped_again(stored):
    theirs = {
        stored.answer(
            "import json; from rotc.roster.models import Cadet; print(json.dumps(Cadet.objects.get().photo))"
        )
    }
    ever = stored.bucket.ever_held("photos/")
    stored.gate.slow(500)
    assert give_photo(stored).status == 503
    stored.gate.open()
    ending = time.monotonic() + 60
    while not (stored.bucket.ever_held("photos/") > ever and stored.bucket.names("photos/") == theirs):
        assert time.monotonic() < ending, (stored.bucket.ever_held("photos/"), stored.bucket.names("photos/"))
        time.sleep(0.1)
    comes_back(lambda: shows_photo(stored))


def test_pages_do_not_wait_for_a_store_that_says_nothing(stored):
    # A first roster takes longer than those that follow.
    assert stored.get("/roster/", session=stored.session).status == 200
    stored.gate.deafen()
    waiting = [Thread(target=shows_photo, args=[stored]) for _ in range(8)]
    for each in waiting:
        each.start()
    assert stored.get("/roster/", session=stored.session).status == 200
    assert any(each.is_alive() for each in waiting), "the page came before the store was given up"
    assert GONE in give_photo(stored).text
    for each in waiting:
        each.join()
    stored.gate.open()
    comes_back(lambda: shows_photo(stored))
