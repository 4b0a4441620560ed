"""The real system watches itself: web and worker write each minute, and who is killed is missed."""

import json
import secrets
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.accounts.mail_server import Sink
from tests.operations.test_health import TOKEN
from tests.operations.test_now import samples
from tests.served import Server, Stream, free_port

PEOPLE = """
import json
from tests import factories
term = factories.open_term()
factories.staff("boss", "administrator", None)
factories.staff("second", "administrator", None)
cadet = factories.enroll(factories.company(term, "Alpha").children.first(), "2026-0001", "Dela Cruz", "Juan")
from rotc.accounts.models import User
User.objects.filter(username="boss").update(email="boss@school.example")
print(json.dumps(cadet.pk))
"""
# Looks at minutes of the past, so that the system's own looks of this minute are not met. All of a test's are counted
# back from one moment: a minute may turn between two processes.
LOOKS = """
import json
from datetime import datetime, timedelta
from rotc.alerts.looking import look
from rotc.alerts.models import Alert
from rotc.operations.models import Heartbeat
now = datetime.fromisoformat("{now}")
def looked(*minutes_ago):
    return [look(now - timedelta(minutes=ago)) for ago in minutes_ago]
def told():
    from rotc.messages.models import Notification
    of_worker = Notification.objects.filter(text__contains="orker is silent").order_by("pk")
    return list(of_worker.values_list("person__username", "text"))
def silent():
    return Alert.objects.filter(kind="worker", cleared_at=None).count()
"""


@pytest.fixture
def prepared(tmp_path):
    """Two administrators, and nobody at work yet."""
    sink = Sink()
    server = Server(
        tmp_path, start=False, ROTC_EMBEDDED_WORKER="0", METRICS_TOKEN=TOKEN, DEFAULT_FROM_EMAIL="rotc@school.example",
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port), EMAIL_USE_TLS="0",
        REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
    )  # fmt: skip
    if server.database:
        server.manage("migrate", "--noinput")
    server.cadet = server.answer(PEOPLE)
    server.looks = LOOKS.format(now=datetime.now(UTC).replace(second=0))
    server.sink = sink
    yield server
    server.end()
    sink.end()


def until(true, patience=90):
    ending = time.monotonic() + patience
    while not (found := true()):
        assert time.monotonic() < ending
        time.sleep(0.3)
    return found


def test_two_who_look_in_the_same_moment_tell_once(prepared):
    # Nobody ever heard the worker: that is found by each look.
    looks = f"{prepared.looks}\nprint(json.dumps(looked(9, 8, 7, 6, 5)))"
    with ThreadPoolExecutor(3) as pool:
        each = list(pool.map(lambda _: prepared.answer(looks), range(3)))
    assert [sum(minute) for minute in zip(*each, strict=True)] == [1] * 5
    said = "The worker is silent. It was never heard."
    assert prepared.answer(f"{prepared.looks}\nprint(json.dumps(told()))") == [
        ["boss", said],
        ["second", said],
    ]


def test_a_worker_that_is_killed_is_missed_within_three_minutes_and_greeted_when_it_is_back(prepared):
    def work():
        worker = subprocess.Popen(prepared.python("manage.py", "work"), **prepared.beside)
        until(
            lambda: prepared.answer(
                f"{prepared.looks}\nprint(Heartbeat.objects.filter(part='worker', beat_at__gt=now - timedelta(minutes=1)).count())"
            )
        )
        return worker

    worker = work()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    # As if that had been twelve minutes ago, and minutes went by.
    found = prepared.answer(
        f"{prepared.looks}\nHeartbeat.objects.update(beat_at=now - timedelta(minutes=12))\n"
        "looked(11); well = silent()\n"
        "looked(10, 9); print(json.dumps([well, silent()]))"
    )
    assert found == [0, 1]

    worker = work()
    found = prepared.answer(
        f"{prepared.looks}\nlooked(8, 7)\n"
        "from rotc.alerts.letters import send\nsend(now); send(now)\n"
        "print(json.dumps([silent(), told()]))"
    )
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert found[0] == 0
    texts = ["The worker is silent. It has said nothing for 3 min.", "It is over: the worker is silent."]
    assert found[1] == [[who, text] for text in texts for who in ("boss", "second")]
    letters = [(to, letter["Subject"]) for to, letter in prepared.sink.letters]
    assert [letter for letter in letters if "worker" in letter[1]] == [
        ("boss@school.example", "[ROTC Grading] The worker is silent"),
        ("boss@school.example", "[ROTC Grading] It is over: the worker is silent"),
    ]


def test_a_minute_after_it_began_web_and_worker_are_seen_by_a_collector_though_redis_is_down(prepared):
    prepared.start()
    worker = subprocess.Popen(prepared.python("manage.py", "work"), **prepared.beside)
    session = prepared.session_of("boss")
    stream = Stream(prepared, session, timeout=120)
    for _ in range(30):
        assert prepared.get(f"/roster/{prepared.cadet}/?q=2026-0001", session=session).status == 200
    assert prepared.get("/roster/2026-0001/", session=session).status == 404

    def collected():
        answer = prepared.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status == 200
        found = samples(answer.text)
        # The round of a minute may come in the middle of the thirty.
        seen = found.get(("rotc_requests", "roster:cadet"), 0) >= 30
        both = {key[1] for key in found if key[0] == "rotc_process_memory_bytes"} == {"web", "worker"}
        return (found, answer.text) if seen and both else None

    found, text = until(collected, patience=130)
    worker.kill()
    worker.wait()
    stream.close()
    assert found["rotc_requests", "roster:cadet"] == 30
    assert found["rotc_service_up", "redis"] == 0
    assert found["rotc_streams_open",] == 1
    assert "2026-0001" not in text and "Dela Cruz" not in text
    assert prepared.get("/metrics", Authorization=f"Bearer {secrets.token_hex(20)}").status == 404
    kept = prepared.answer(
        "import json; from rotc.figures.models import Span\n"
        "print(json.dumps([span.routes for span in Span.objects.all()]))"
    )
    assert "2026" not in json.dumps(kept)
