"""What `/api/health/` says: each of its lines turns when its part stops, and back when it returns, with no restart."""

import json
import secrets
import signal
import subprocess
import time
from datetime import datetime
from types import SimpleNamespace

import psycopg
import pytest

from rotc.operations.health import status
from tests.buckets import guarded
from tests.fleet import POSTGRES
from tests.gate import Gate
from tests.live.test_relay import PrivateRedis
from tests.served import Server

WELL = {
    "database": "connected",
    "redis": "connected",
    "worker": "running",
    "scheduler": "running",
    "storage": "connected",
}
TOKEN = "a-token-that-nobody-guesses-0123456789"


@pytest.fixture(scope="module")
def database():
    """An empty PostgreSQL database behind a gate."""
    name = f"rotc_health_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        folder, port, user = connection.execute(
            "SELECT split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user"
        ).fetchone()
    gate = Gate(f"{folder}/.s.PGSQL.{port}")
    yield SimpleNamespace(
        gate=gate, url=f"postgres://{user}@127.0.0.1:{gate.port}/{name}?sslmode=disable&connect_timeout=3"
    )
    gate.end()
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def bucket():
    """A bucket behind a gate."""
    with guarded("rotc-health") as found:
        yield found


@pytest.fixture(scope="module")
def whole(database, bucket, tmp_path_factory):
    """Web, worker, PostgreSQL, Redis and a bucket, as in production."""
    redis = PrivateRedis(tmp_path_factory.mktemp("redis"))
    server = Server(
        tmp_path_factory.mktemp("watched"), DATABASE_URL=database.url, REDIS_URL=redis.url,
        METRICS_TOKEN=TOKEN, ROTC_EMBEDDED_WORKER="0", **bucket.env,
    )  # fmt: skip
    server.work = lambda: subprocess.Popen(server.python("manage.py", "work"), **server.beside)
    server.worker = server.work()
    server.redis, server.database_gate, server.bucket_gate = redis, database.gate, bucket.gate
    yield server
    server.worker.kill()
    server.worker.wait()
    server.end()
    redis.kill()


def health(server):
    """``(status code, what it says)``, asked as a browser that is signed in does."""
    answer = server.get("/api/health/", session="a-session-that-would-be-looked-up")
    return answer.status, json.loads(answer.text)


def becomes(server, *, code, status, patience=90, **parts):
    """Ask until exactly these parts are not as they should be; what the answer says then."""
    ending = time.monotonic() + patience
    wanted = WELL | parts
    while True:
        was, said = health(server)
        if said["services"] == wanted:
            assert (was, said["status"]) == (code, status)
            return said
        assert time.monotonic() < ending, said
        time.sleep(0.2)


def quickest(server):
    """Seconds for an answer; the best of three, as the machine may be busy with something else."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        health(server)
        took.append(time.monotonic() - began)
    return min(took)


@pytest.mark.redis
def test_a_system_that_is_well_says_so(whole):
    said = becomes(whole, code=200, status="healthy")
    assert list(said) == ["status", "timestamp", "services", "version", "environment"]
    assert list(said["services"]) == list(WELL)
    assert datetime.fromisoformat(said["timestamp"]).tzinfo
    assert said["environment"] == "embedded"


@pytest.mark.redis
@pytest.mark.parametrize("away", ["shut", "deafen"])
def test_without_its_database_it_is_unhealthy(whole, away):
    becomes(whole, code=200, status="healthy")
    getattr(whole.database_gate, away)()
    becomes(whole, code=503, status="unhealthy", database="unreachable")
    assert quickest(whole) < 1
    answer = whole.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200 and 'rotc_service_up{service="database"} 0.0' in answer.text
    whole.database_gate.open()
    becomes(whole, code=200, status="healthy")


@pytest.mark.redis
def test_without_redis_it_is_degraded_and_the_worker_is_not_called_stopped(whole):
    becomes(whole, code=200, status="healthy")
    whole.redis.process.send_signal(signal.SIGSTOP)
    becomes(whole, code=200, status="degraded", redis="unreachable")
    assert quickest(whole) < 1
    whole.redis.kill()
    becomes(whole, code=200, status="degraded", redis="unreachable")
    whole.redis.start()
    becomes(whole, code=200, status="healthy")


@pytest.mark.redis
def test_a_worker_and_a_bucket_that_are_gone_are_missed_and_greeted(whole):
    becomes(whole, code=200, status="healthy")
    whole.worker.kill()
    whole.worker.wait()
    whole.bucket_gate.deafen()
    becomes(whole, code=200, status="degraded", worker="stopped", scheduler="stopped", storage="unreachable")
    assert quickest(whole) < 1
    whole.worker = whole.work()
    becomes(whole, code=200, status="degraded", storage="unreachable")
    whole.bucket_gate.open()
    becomes(whole, code=200, status="healthy")


def test_it_needs_nothing_but_itself_on_one_machine(server):
    family = server.family()
    assert len(family) == 3, "server, keeper, worker"
    becomes(server, code=200, status="healthy", redis="not configured")


def test_uploads_that_cannot_be_kept_are_said(server):
    uploads = server.folder / "uploads"
    becomes(server, code=200, status="healthy", redis="not configured")
    uploads.rename(server.folder / "aside")
    uploads.write_text("no folder")
    becomes(server, code=200, status="degraded", redis="not configured", storage="unreachable")
    uploads.unlink()
    (server.folder / "aside").rename(uploads)
    becomes(server, code=200, status="healthy", redis="not configured")


@pytest.mark.parametrize(
    ("parts", "is_said"),
    [
        ({}, "healthy"),
        ({"redis": "not configured"}, "healthy"),
        ({"redis": "unreachable"}, "degraded"),
        ({"scheduler": "stopped"}, "degraded"),
        ({"database": "unreachable", "worker": "stopped", "scheduler": "stopped"}, "unhealthy"),
    ],
)
def test_the_whole_is_said_from_its_parts(parts, is_said):
    assert status(WELL | parts) == is_said
