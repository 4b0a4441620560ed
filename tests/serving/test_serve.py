"""The server as the system starts it: alive, bounded, and gone cleanly."""

import http.client
import select
import signal
import subprocess
import time
from contextlib import ExitStack, closing, contextmanager
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.served import PASSWORD, Server

LINGER = 2  # seconds for which the server reads on what it has refused
AT_WORK = """
import sys
from django.db import transaction
from rotc.accounts.models import User
with transaction.atomic():
    list(User.objects.select_for_update())
    print("begun", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def own(tmp_path):
    """A server of the test's own, with one administrator, ``admin``."""
    running = Server(tmp_path)
    running.script("from tests import factories; factories.staff('admin', 'administrator', None)")
    yield running
    running.end()


@contextmanager
def at_work(server):
    """Somebody is at work on the database as long as the block lasts: nobody else can write."""
    busy = subprocess.Popen(
        server.python("-c", f"import django; django.setup()\n{AT_WORK}"),
        **server.beside, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert busy.stdout.readline() == "begun\n"
        yield
    finally:
        busy.communicate("done\n")


def token_of(server) -> str:
    return SimpleCookie(server.get("/accounts/login/").headers["Set-Cookie"])["csrftoken"].value


def calling(server) -> closing:
    return closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60))


def sign_in(connection, token):
    """Ask to be signed in, and leave the answer to whoever reads it."""
    form = {"login": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
    connection.request("POST", "/accounts/login/", body=urlencode(form), headers=headers)


def refusal_of(server, **sent):
    """What is answered to a body that is too large. Whoever is slow to send it is hung up on, though not at once."""
    began = time.monotonic()
    with calling(server) as connection:
        try:
            connection.request("POST", "/accounts/login/", **sent)
        except ConnectionError:
            assert time.monotonic() - began > LINGER
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_it_is_alive_as_soon_as_it_serves(server):
    answer = server.get("/api/live/")
    assert (answer.status, answer.text) == (200, "ok")


def test_a_signed_out_person_is_sent_to_sign_in(server):
    answer = server.get("/")
    assert answer.status == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_first_start_makes_everything_and_says_how_to_go_on(tmp_path):
    first = Server(tmp_path, fresh=True)
    try:
        said = first.said()
        assert f"{first.url}/setup/" in said
        assert f"ROTC_DATA_DIR={first.folder}" in said
        assert "manage.py seed_demo --cadets 300 --seed 1" in said
        assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
        assert first.get("/accounts/login/").status == 200
    finally:
        first.end()


def test_static_files_are_compressed_and_kept(server):
    page = server.get("/accounts/login/")
    style = next(part for part in page.text.split('"') if part.startswith("/static/css/app."))
    answer = server.get(style, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]


def test_no_header_moves_the_site(server):
    answer = server.get("/", Daphne_Root_Path="/elsewhere")
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_an_unknown_host_is_refused(server):
    assert server.get("/accounts/login/", Host="elsewhere.example").status == 400


def test_a_body_over_the_limit_is_refused_in_words(server):
    status, text = refusal_of(server, body=b"x" * (settings.BODY_LIMIT + 1))
    assert status == 413
    assert "larger than 12 MB" in text
    assert "Nothing was stored" in text


def test_a_body_that_does_not_say_its_size_is_refused_when_it_passes_the_limit(server):
    def pieces():
        for _ in range(settings.BODY_LIMIT // 65536 + 1):
            yield b"x" * 65536

    chunked = {"Transfer-Encoding": "chunked"}
    assert refusal_of(server, body=pieces(), encode_chunked=True, headers=chunked)[0] == 413
    assert server.get("/api/live/").status == 200


def test_a_body_at_the_limit_is_read(server):
    answer = server.ask("POST", "/accounts/login/", body=b"x" * settings.BODY_LIMIT)
    assert answer.status == 403  # No CSRF token: it came as far as Django.


def test_a_port_that_is_taken_is_said_in_words(server, tmp_path):
    second = Server(tmp_path, start=False)
    second.port = server.port
    said = second.manage("serve", "--port", server.port, check=False)
    second.end()
    assert said.returncode == 1
    assert "Address already in use" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("ask", ["SIGTERM", "SIGINT"])
def test_it_stops_cleanly_with_everything_it_started(own, ask):
    family = own.family()
    assert len(family) == 3, "server, keeper, worker"
    assert own.stop(ask) == 0
    assert not any(own.runs(pid) for pid in family)
    assert "Traceback" not in own.said()


def test_a_killed_server_takes_its_worker_with_it(own):
    family = own.family()
    own.process.kill()
    own.process.wait()
    ending = time.monotonic() + 60
    while any(own.runs(pid) for pid in family[1:]) and time.monotonic() < ending:
        time.sleep(0.1)
    assert not any(own.runs(pid) for pid in family[1:])


def test_a_request_in_flight_is_answered_before_it_stops(own):
    token = token_of(own)
    with calling(own) as connection:
        with at_work(own):
            sign_in(connection, token)
            own.process.send_signal(signal.SIGTERM)
            own.shuts_its_door()
            with pytest.raises(subprocess.TimeoutExpired):  # it stays for whoever waits for it
                own.process.wait(1)
        answer = connection.getresponse()
        assert answer.status == 302, "signed in, although the server was told to stop meanwhile"
    assert own.process.wait(30) == 0


def test_busy_pages_leave_room_for_what_is_small(own):
    token = token_of(own)
    with ExitStack() as stack:
        asking = [stack.enter_context(calling(own)) for _ in range(8)]
        with at_work(own):
            for connection in asking:
                sign_in(connection, token)
            assert own.get("/api/live/").status == 200
            answered, _, _ = select.select([each.sock for each in asking], [], [], 0)
            assert len(answered) < len(asking), "it stood in line behind those who sign in"


def test_production_refuses_to_start_half_configured(tmp_path):
    server = Server(tmp_path, start=False, ROTC_ENV="production", DATABASE_URL="", REDIS_URL="")
    said = server.manage("serve", check=False)
    server.end()
    assert said.returncode != 0
    assert "is not set. In production the system needs it." in said.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
@pytest.mark.parametrize(
    "value", ["hunter2", "hunter2://host/0", "postgres:/hunter2", "redis://:hun:ter2@host:hunter2/0"]
)
def test_an_address_that_cannot_be_is_refused_by_its_name_and_never_shown(tmp_path, name, value):
    server = Server(tmp_path, start=False, **{name: value})
    said = server.manage("check", check=False)
    server.end()
    assert said.returncode != 0
    assert f"{name} must be an address" in said.stderr
    assert "hunter2" not in said.stderr + said.stdout


def test_the_database_survives_a_stop_and_a_start(own):
    own.stop()
    own.start()
    names = own.answer(
        "import json; from rotc.accounts.models import User\n"
        "print(json.dumps(list(User.objects.values_list('username', flat=True))))"
    )
    assert names == ["admin"]
