"""Nudges between processes through Redis, and what happens while it is away."""

import subprocess
import time
from contextlib import closing

import pytest
import redis

from tests.live.test_streams import UNIT, change, nudge
from tests.served import Server, Stream, free_port

pytestmark = pytest.mark.redis


class PrivateRedis:
    """A Redis of the test's own, to be killed and started again on the same port."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with closing(redis.Redis(port=self.port)) as client:
            ending = time.monotonic() + 20
            while time.monotonic() < ending:
                try:
                    return client.ping()
                except redis.ConnectionError:
                    time.sleep(0.05)
        raise RuntimeError("Redis did not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    running = PrivateRedis(tmp_path_factory.mktemp("redis"))
    yield running
    running.kill()


@pytest.fixture(scope="module")
def unit(store, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("relayed"), REDIS_URL=store.url)
    server.script(UNIT.format(cadets=2))
    yield server
    server.end()


@pytest.fixture
def listening(unit):
    with closing(Stream(unit, unit.session_of("77-0001"))) as stream:
        assert stream.next_event() == "stream-open"
        yield stream


def test_a_change_made_in_another_process_reaches_a_stream(unit, listening):
    change(unit, "77-0001")
    assert listening.next_event() == "standings-changed"


def test_a_cadet_still_hears_of_nobody_else(unit, listening):
    change(unit, "77-0002")
    nudge(unit, "77-0001", "jobs-changed")
    assert listening.next_event() == "jobs-changed"


def test_many_nudges_at_once_are_told_once(unit, listening):
    unit.script(
        "from rotc.live.nudges import nudge_after_commit\n"
        "from rotc.accounts.models import User\n"
        "me = f\"user-{User.objects.get(username='77-0001').pk}\"\n"
        "for _ in range(60): nudge_after_commit([me], 'jobs-changed')\n"
        "nudge_after_commit([me], 'rights-changed')"
    )
    heard = list(iter(listening.next_event, None))
    assert heard[-1] == "rights-changed"
    assert len(heard) <= 3


def test_work_and_pages_go_on_without_redis_and_streams_catch_up(unit, store, listening):
    session = unit.session_of("commandant")
    store.kill()
    for _ in range(3):
        assert unit.get("/", session=session).status == 200
    change(unit, "77-0001")  # the command ends well, its nudge is lost
    store.start()
    # Told on the relay's return, on the same stream: something may have been missed.
    assert [listening.next_event(), listening.next_event()] == ["jobs-changed", "standings-changed"]
    change(unit, "77-0001")
    assert listening.next_event() == "standings-changed"


def test_work_asked_for_while_redis_is_away_is_done(unit, store):
    store.kill()
    job = unit.answer(
        "from rotc.jobs.actions import ask\nfrom rotc.roster.models import Term\n"
        "print(ask('recompute', by=None, term=Term.objects.get().pk).pk)"
    )
    store.start()
    # Nobody heard the bell; a worker that sweeps finds it.
    ending = time.monotonic() + 90
    while time.monotonic() < ending:
        said = unit.answer(
            f"import json\nfrom rotc.jobs.models import Job\nprint(json.dumps(Job.objects.get(pk={job}).said))"
        )
        if said:
            break
    assert said.startswith("2 standings")
