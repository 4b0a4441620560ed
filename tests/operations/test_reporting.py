"""Errors reach Sentry from web and worker, and nothing of whom they happened to goes along."""

import gzip
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.served import Server

SECRETS = [
    "Dela Cruz",
    "dela.cruz@school.example",
    "2026-0001",
    "2026-0002",
    "73.25",
    "sessionid",
    "tactical.alpha",
]
SCENE = """
import json
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
cadet = factories.enroll(alpha.children.first(), "2026-0001", "Dela Cruz", "Juan")
cadet.cadet.email = "dela.cruz@school.example"
cadet.cadet.save()
factories.staff("tactical.alpha", "tactical_officer", alpha)
print(json.dumps([term.pk, cadet.pk, term.exams.first().pk]))
"""
BREAK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ALTER TABLE rotc_score RENAME TO rotc_score_aside")
"""


class Post(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        opened = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
        body = opened[self.headers["Content-Encoding"]](body)
        self.server.taken.append((self.path, body.decode()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def sentry():
    """Takes what is reported to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def reporting(sentry, tmp_path_factory):
    server = Server(
        tmp_path_factory.mktemp("reporting"), SENTRY_DSN=f"http://key@127.0.0.1:{sentry.server_port}/42"
    )
    server.scene = server.answer(SCENE)
    server.officer = server.session_of("tactical.alpha")
    server.script(BREAK)
    yield server
    server.end()


def reports(sentry, logger):
    """What was reported by this logger, once there is something."""
    ending = time.monotonic() + 30
    while True:
        events = [json.loads(body.splitlines()[2]) for _, body in list(sentry.taken)]
        if found := [event for event in events if event.get("logger") == logger]:
            return found
        assert time.monotonic() < ending, sentry.taken
        time.sleep(0.1)


def test_an_error_of_a_page_is_reported_without_whose_it_was(reporting, sentry):
    _, cadet, exam = reporting.scene
    answer = reporting.ask(
        "POST", "/sheet/cells/?of=2026-0002", session=reporting.officer, genuine=True,
        form={f"{cadet}.{exam}.0:": "73.25"}, Referer=f"{reporting.url}/roster/?q=Dela+Cruz",
    )  # fmt: skip
    assert answer.status == 500
    [report] = reports(sentry, "django.request")
    frames = report["exception"]["values"][-1]["stacktrace"]["frames"]
    assert any(frame["module"] == "rotc.exams.saving" for frame in frames)
    assert set(report) <= {
        "event_id", "timestamp", "level", "platform", "logger", "release", "environment", "exception", "sdk",
    }  # fmt: skip


def test_an_error_of_a_job_is_reported_too(reporting, sentry):
    term, *_ = reporting.scene
    reporting.script(
        "from rotc.accounts.models import User; from rotc.jobs.actions import ask\n"
        f"ask('recompute', by=User.objects.get(username='tactical.alpha'), term={term})"
    )
    report = reports(sentry, "rotc.jobs.actions")[0]
    assert report["logentry"]["message"] == "%s stopped at attempt %s"


def test_nothing_of_anybody_left_the_house(reporting, sentry):
    assert {path for path, _ in sentry.taken} == {"/api/42/envelope/"}
    told = "".join(body for _, body in sentry.taken)
    assert [secret for secret in [*SECRETS, reporting.officer, os.uname().nodename] if secret in told] == []
    assert '"vars"' not in told and '"request"' not in told and '"breadcrumbs"' not in told


def test_without_an_address_the_library_is_not_even_loaded(server):
    assert server.script("import sys; print('sentry_sdk' in sys.modules)").strip() == "False"
