"""The worker beside the server: kept alive, told to stop, and nothing it held is lost."""

import os
import signal
import subprocess
import time

import pytest

from tests.served import Server

ASK = """
import json
from rotc.jobs.actions import ask
from rotc.roster.models import Term
print(json.dumps(ask("recompute", by=None, term=Term.objects.get().pk).pk))
"""
# Asks for work and kills the worker the moment it has begun.
ASK_AND_KILL = """
import json, os, signal
from rotc.jobs.actions import ask
from rotc.jobs.models import Job
from rotc.roster.models import Term
job = ask("recompute", by=None, term=Term.objects.get().pk)
while not Job.objects.values_list("attempts", flat=True).get(pk=job.pk):
    pass
os.kill({worker}, signal.SIGKILL)
job.refresh_from_db()
print(json.dumps([job.pk, job.open]))
"""
UNIT = """
from tests import factories
factories.many(factories.company(factories.open_term(), "Alpha"), {cadets})
"""


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("worked"))
    server.script(UNIT.format(cadets=2000))
    yield server
    server.end()


def finished(server, job, patience=180):
    """What the job said in the end and how often it was begun."""
    ending = time.monotonic() + patience
    while time.monotonic() < ending:
        said, attempts = server.answer(
            "import json\nfrom rotc.jobs.models import Job\n"
            f"job = Job.objects.get(pk={job})\nprint(json.dumps([job.said, job.attempts]))"
        )
        if said:
            return said, attempts
    raise AssertionError(f"job {job} was not finished:\n{server.said()}")


def test_the_worker_does_what_is_asked(unit):
    said, attempts = finished(unit, unit.answer(ASK))
    assert said.startswith("2,000 standings of")
    assert attempts == 1


def test_a_killed_worker_is_replaced_and_its_job_finished(unit):
    worker = unit.family()[2]
    job, was_open = unit.answer(ASK_AND_KILL.format(worker=worker))
    assert was_open, "it was killed in the middle"
    said, attempts = finished(unit, job)
    assert said.startswith("2,000 standings of")
    assert attempts == 2
    assert unit.family()[2] != worker


def test_a_job_goes_on_after_a_stop_and_a_start(unit):
    job = unit.answer(ASK)
    assert unit.stop() == 0
    unit.start()
    said, attempts = finished(unit, job)
    assert said.startswith("2,000 standings of")
    assert attempts <= 2


@pytest.mark.redis
def test_work_in_a_process_of_its_own_drains_when_told_to_stop(tmp_path):
    queue = f"redis://127.0.0.1:6379/{14 if os.environ.get('PYTEST_XDIST_WORKER') == 'gw1' else 13}"
    server = Server(tmp_path, REDIS_URL=queue, ROTC_EMBEDDED_WORKER="0")
    worker = None
    try:
        server.script(UNIT.format(cadets=10))
        worker = subprocess.Popen(server.python("manage.py", "work"), **server.beside)
        said, _ = finished(server, server.answer(ASK))
        assert said.startswith("10 standings of")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    finally:
        if worker and worker.poll() is None:
            worker.kill()
            worker.wait()
        server.end()


@pytest.mark.redis
def test_what_a_killed_worker_of_its_own_held_is_finished_by_the_next(tmp_path):
    queue = f"redis://127.0.0.1:6379/{14 if os.environ.get('PYTEST_XDIST_WORKER') == 'gw1' else 13}"
    server, workers = Server(tmp_path, REDIS_URL=queue, ROTC_EMBEDDED_WORKER="0"), []
    try:
        server.script(UNIT.format(cadets=2000))
        workers.append(subprocess.Popen(server.python("manage.py", "work"), **server.beside))
        job, was_open = server.answer(ASK_AND_KILL.format(worker=workers[0].pid))
        assert was_open, "it was killed in the middle"
        workers.append(subprocess.Popen(server.python("manage.py", "work"), **server.beside))
        said, attempts = finished(server, job)
        assert said.startswith("2,000 standings of")
        assert attempts == 2
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
        server.end()
