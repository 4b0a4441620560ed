"""What people see while a part is away, and that everything is there again when it returns, with no restart."""

import json
import secrets
import time

import psycopg
import pytest

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


def comes_back(asking, patience=20):
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


def test_a_save_that_was_cut_off_is_stored_once(gated):
    assert save(gated, 1, 0, "80").status == 200
    gated.gate.shut()
    assert save(gated, 1, 1, "85").status == 503
    gated.gate.open()
    comes_back(lambda: save(gated, 1, 1, "85"))
    assert save(gated, 1, 1, "85").status == 200, "the same value twice is no conflict"
