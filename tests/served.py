"""The real thing to test against: ``manage.py serve`` in its own process, and Chromium in front of it.

``server`` is one running system on its own data folder (or PostgreSQL database, when the suite runs on
one); ``Server(folder, **env)`` makes another. Tests never touch its database from their own process:
``server.script`` runs lines there, ``server.manage`` a command.
"""

import atexit
import http.client
import itertools
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "t" * 32  # of a form
PASSWORD = "correct horse battery"  # of everybody whom the factories make
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
OF_THE_SUITE = ("DATABASE_URL", "REDIS_URL", "ROTC_ENV", "ROTC_DATA_DIR", "PORT", "DJANGO_SETTINGS_MODULE")


_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_steps = itertools.count(os.getpid())  # another run begins elsewhere


def free_port() -> int:
    """A port for a server that binds it later, and again when it returns. It is of a range of this xdist worker's own,
    below those that the system gives to whoever names none: nobody takes it meanwhile.
    """
    while True:
        port = 20_000 + 1_000 * _worker + next(_steps) % 1_000
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@cache
def _prepared() -> Path:
    """A data folder with an empty database and collected static files."""
    folder = Path(tempfile.mkdtemp(prefix="rotc-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clean = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
    lines = "import django; django.setup(); from rotc.web.server.prepare import prepare; prepare()"
    env = clean | {"ROTC_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "rotc.settings"}
    subprocess.run([sys.executable, "-c", lines], cwd=ROOT, env=env, check=True)
    (folder / "secret_key").unlink()
    return folder


def ask(port, method, path, *, session=None, form=None, body=None, timeout=15, genuine=False, **headers):
    """One request on a connection of its own; the answer with ``status``, ``headers`` and ``text``.

    ``genuine``: with the token by which a form of this site is known.
    """
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    cookies = [f"sessionid={session}" if session else "", headers.get("Cookie", "")]
    if genuine:
        cookies.append(f"csrftoken={TOKEN}")
        headers["X-CSRFToken"] = TOKEN
    if any(cookies):
        headers["Cookie"] = "; ".join(filter(None, cookies))
    if form is not None:
        body = urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")
        return answer


class Server:
    """A running system. ``env`` overrides its variables; ``start=False`` leaves it prepared but stopped.

    Its empty database and static files are copies of ones made once a run, unless it is ``fresh``.
    """

    def __init__(self, folder, *, start=True, fresh=False, **env):
        self.folder = Path(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = None
        clean = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
        self.env = clean | {"ROTC_DATA_DIR": str(self.folder)} | self._own_database() | env
        self.process = None
        if not fresh:
            shutil.copytree(_prepared(), self.folder, dirs_exist_ok=True)
        if start:
            self.start()

    def start(self, patience=180):
        self.log = (self.folder / "serve.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        ending = time.monotonic() + patience
        while not self._alive():
            if self.process.poll() is not None or time.monotonic() > ending:
                raise RuntimeError(f"the server did not start:\n{self.said()}")
            time.sleep(0.05)
        return self

    def stop(self, ask="SIGTERM", patience=30) -> int:
        """Ask it to stop as a host or Ctrl-C does; the exit status."""
        self.process.send_signal(signal.Signals[ask])
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.log.close()

    def shuts_its_door(self, patience=60):
        """Wait until it lets nobody in any more."""
        ending = time.monotonic() + patience
        with suppress(ConnectionError):
            while time.monotonic() < ending:
                socket.create_connection(("127.0.0.1", self.port), timeout=10).close()
                time.sleep(0.02)
            raise AssertionError("it still lets people in")

    def end(self):
        """Stop it however it stands, and drop its database."""
        if self.process and self.process.poll() is None:
            self.stop()
        elif self.process:
            self.log.close()
        if self.database:
            _on_postgres(f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def family(self) -> list[int]:
        """The process ids of the server, its keeper and its worker, once all three run."""
        ending = time.monotonic() + 60
        while len(found := _descent(self.process.pid)) < 3 and time.monotonic() < ending:
            time.sleep(0.05)
        return found

    @staticmethod
    def runs(pid) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def said(self) -> str:
        return (self.folder / "serve.log").read_text()

    def manage(self, *arguments, check=True):
        """Run a management command beside the server; the finished process, with its text output."""
        return self._run("manage.py", *map(str, arguments), check=check)

    def script(self, lines: str, *, check=True) -> str:
        """Run Python ``lines`` with Django set up on the server's database; what they print."""
        return self._run("-c", f"import django; django.setup()\n{lines}", check=check).stdout

    def answer(self, lines: str):
        """The last line that ``lines`` print, read as JSON."""
        return json.loads(self.script(lines).splitlines()[-1])

    def session_of(self, username) -> str:
        """The value of a session cookie that is signed in as ``username``, made without the form."""
        return self.sessions_of([username])[0]

    def sessions_of(self, usernames) -> list[str]:
        return self.answer(
            "import json\n"
            "from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY\n"
            "from django.contrib.sessions.backends.db import SessionStore\n"
            "from rotc.accounts.models import User\n"
            "keys = []\n"
            f"for name in {list(usernames)!r}:\n"
            "    user = User.objects.get(username=name)\n"
            "    session = SessionStore()\n"
            "    session[SESSION_KEY] = str(user.pk)\n"
            "    session[BACKEND_SESSION_KEY] = 'rotc.accounts.backends.SignInNames'\n"
            "    session[HASH_SESSION_KEY] = user.get_session_auth_hash()\n"
            "    session.create()\n"
            "    keys.append(session.session_key)\n"
            "print(json.dumps(keys))"
        )

    def get(self, path, *, session=None, **headers):
        return self.ask("GET", path, session=session, **headers)

    def ask(self, method, path, **facts):
        """One request on a connection of its own; see ``ask``."""
        return ask(self.port, method, path, **facts)

    def _own_database(self):
        url = os.environ.get("DATABASE_URL", "")
        if not url.startswith("postgres"):
            return {}
        self.database = f"rotc_served_{secrets.token_hex(4)}"
        _on_postgres(f'CREATE DATABASE "{self.database}"')
        return {"DATABASE_URL": urlsplit(url)._replace(path=f"/{self.database}").geturl()}

    def _alive(self):
        try:
            return self.get("/api/live/").status == 200
        except OSError:
            return False

    @property
    def beside(self) -> dict:
        """How a process that works on the same system is started."""
        return {"cwd": ROOT, "env": self.env | {"DJANGO_SETTINGS_MODULE": "rotc.settings"}}

    @staticmethod
    def python(*arguments) -> list[str]:
        return [sys.executable, *arguments]

    def _run(self, *arguments, check):
        done = subprocess.run(
            self.python(*arguments), **self.beside, capture_output=True, text=True, timeout=120, check=False
        )
        if check and done.returncode:
            raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done


def _descent(pid) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in children for each in _descent(int(child)))]


def _on_postgres(statement):
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)


class Stream:
    """An open stream: what it said so far, and the names of its events."""

    def __init__(self, server, session, *, path="/events/", timeout=20, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
        self.connection.request("GET", path, headers={"Cookie": f"sessionid={session}", **headers})
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def next_event(self) -> str | None:
        """The next event's name; None when the stream has ended."""
        while line := self.answer.readline():
            if line.startswith(b"event: "):
                return line[7:].decode().strip()
        return None

    def close(self):
        self.answer.close()
        self.connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One running system for the tests of a module, empty when it starts."""
    running = Server(tmp_path_factory.mktemp("served"))
    yield running
    running.end()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one for the whole run."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; our own database is still used by one thread only.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield running
        running.close()


@pytest.fixture
def page_of(browser, server):
    """``page_of("commandant")``: a page signed in through the form; None is a signed-out page.

    Options are Playwright's for a new context (``viewport``, ``color_scheme``, ``java_script_enabled``…).
    A script error on any of these pages fails the test.
    """
    contexts, errors = [], []

    def open_page(username=None, *, password=PASSWORD, at=server, phone=False, **options):
        if phone:
            options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, **options}
        context = browser.new_context(base_url=at.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if username:
            sign_in(page, username, password)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors


def sign_in(page, username, password=PASSWORD):
    page.goto("/accounts/login/")
    fill_in(page, username, password)
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def fill_in(where, username, password=PASSWORD):
    """Signs in with the form that stands on a page or in a frame of it."""
    where.locator("input[name=login]").fill(username)
    where.locator("input[name=password]").fill(password)
    where.locator("form:has(input[name=password]) button").first.click()
