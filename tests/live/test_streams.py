"""Streams as browsers meet them: who gets one, what it carries, what it costs, when it ends."""

import os
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from rotc.web.server.server import PATIENCE
from tests.served import Server, Stream

# A fact of one cadet changes, in a process that is not the server.
CHANGE = """
from django.db import transaction
from rotc import reactions
from rotc.roster.models import Enrollment
with transaction.atomic():
    changed = Enrollment.objects.get(cadet__student_number={number!r})
    reactions.facts_changed(changed.term, [changed.pk])
"""
NUDGE = """
from rotc.accounts.models import User
from rotc.live.channels import user_channel
from rotc.live.nudges import nudge_after_commit
nudge_after_commit([user_channel(User.objects.get(username={name!r}).pk)], {event!r})
"""
UNIT = """
from tests import factories
term = factories.open_term()
alpha = factories.company(term, "Alpha")
factories.staff("commandant", "commandant", term.units.get(kind="corps"))
factories.staff("tactical.alpha", "tactical_officer", alpha)
factories.staff("tactical.bravo", "tactical_officer", factories.company(term, "Bravo"))
factories.platoon_of(alpha.children.get(path__endswith="1st/"), {cadets})
"""


def change(server, number):
    server.script(CHANGE.format(number=number))


def nudge(server, name, event):
    server.script(NUDGE.format(name=name, event=event))


@pytest.fixture(scope="module")
def unit(server):
    """The server with a unit on it: 60 cadets of Alpha, 77-0001 to 77-0060."""
    server.began = time.monotonic()
    server.script(UNIT.format(cadets=60))
    return server


@pytest.fixture
def listen(unit):
    """``listen(username)``: their open stream."""
    streams = []

    def opened(username):
        stream = Stream(unit, unit.session_of(username))
        streams.append(stream)
        assert stream.next_event() == "stream-open"
        return stream

    yield opened
    for stream in streams:
        stream.close()


def test_a_signed_out_person_gets_no_stream(unit):
    answer = unit.get("/events/")
    assert answer.status == 401
    assert answer.text == "Sign in first.\n"


def test_a_made_up_session_gets_no_stream(unit):
    assert unit.get("/events/", session="made-up").status == 401


def test_a_stream_is_only_read(unit):
    assert unit.ask("POST", "/events/", form={}).status == 405


def test_an_unknown_host_gets_no_stream(unit):
    assert unit.get("/events/", Host="elsewhere.example").status == 400


def test_a_stream_is_never_kept_nor_held_back(listen):
    headers = listen("77-0001").answer.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"


def test_a_change_made_by_a_command_reaches_the_cadet_and_their_officers(unit, listen):
    hearing = [listen(name) for name in ("77-0001", "tactical.alpha", "commandant")]
    change(unit, "77-0001")
    assert [stream.next_event() for stream in hearing] == ["standings-changed"] * 3


def test_a_cadet_hears_of_nobody_else(unit, listen):
    other, elsewhere = listen("77-0002"), listen("tactical.bravo")
    change(unit, "77-0001")
    # Whatever had come of it would have come before this.
    nudge(unit, "77-0002", "jobs-changed")
    nudge(unit, "tactical.bravo", "jobs-changed")
    assert other.next_event() == "jobs-changed"
    assert elsewhere.next_event() == "jobs-changed"


def test_the_channels_are_not_for_the_asking(unit):
    stream = Stream(unit, unit.session_of("77-0003"), path="/events/?channel=units&channel=cadet-1")
    stream.next_event()
    change(unit, "77-0001")
    nudge(unit, "77-0003", "jobs-changed")
    assert stream.next_event() == "jobs-changed"
    stream.close()


def test_a_job_done_by_the_worker_reaches_who_asked_and_whom_it_concerns(unit, listen):
    asked, concerned = listen("commandant"), listen("77-0005")
    unit.script(
        "from rotc.accounts.models import User\nfrom rotc.jobs.actions import ask\n"
        "from rotc.roster.models import Term\n"
        "ask('recompute', by=User.objects.get(username='commandant'), term=Term.objects.get().pk)"
    )
    assert concerned.next_event() == "standings-changed"
    assert asked.next_event() == "jobs-changed"
    assert "standings-changed" in iter(asked.next_event, None)


def test_the_first_stream_of_a_page_is_told_what_changed_since_the_page_was_asked_for(unit):
    mine, others = unit.sessions_of(["77-0010", "tactical.bravo"])
    # One just started cannot tell what it missed, and tells everything.
    while time.monotonic() < unit.began + 15:
        time.sleep(0.5)
    change(unit, "77-0010")
    nudge(unit, "tactical.bravo", "jobs-changed")
    hearing = [Stream(unit, session, path="/events/?age=1000") for session in (mine, others)]
    told = [[stream.next_event(), stream.next_event()] for stream in hearing]
    assert told == [["stream-open", "standings-changed"], ["stream-open", "jobs-changed"]]
    for stream in hearing:
        stream.close()


def test_a_stream_that_comes_back_is_not_told_again_what_its_page_asks_for_itself(unit):
    [session] = unit.sessions_of(["77-0013"])
    change(unit, "77-0013")
    back = Stream(unit, session, path="/events/?age=1000", **{"Last-Event-ID": "1"})
    assert back.next_event() == "stream-open"
    nudge(unit, "77-0013", "jobs-changed")
    assert back.next_event() == "jobs-changed"
    back.close()


@pytest.mark.parametrize("age", ["", "x", "-1", "9" * 5000, "1&" + "a&" * 2000])
def test_a_page_of_a_strange_age_gets_its_stream(unit, age):
    with closing(Stream(unit, unit.session_of("77-0012"), path=f"/events/?age={age}")) as stream:
        assert stream.next_event() == "stream-open"


def test_a_stream_ends_when_rights_change(unit, listen):
    stream = listen("tactical.alpha")
    nudge(unit, "tactical.alpha", "rights-changed")
    assert stream.next_event() == "rights-changed"
    assert stream.next_event() is None


def test_a_stream_ends_when_a_new_password_ends_its_session(unit, listen):
    stream = listen("77-0006")
    unit.script(
        "from rotc.accounts.letting_in import set_password\n"
        "from rotc.accounts.models import User\n"
        "set_password(User.objects.get(username='77-0006'), password='parade-ground-2027', by=None)"
    )
    assert stream.next_event() == "rights-changed"
    assert stream.next_event() is None


def test_the_sixth_stream_of_a_person_ends_their_first(listen):
    first, *others = [listen("77-0006") for _ in range(6)]
    assert first.next_event() == "stream-displaced"
    assert first.next_event() is None
    assert len(others) == 5


def test_three_hundred_open_streams_hold_no_thread_and_no_connection(unit):
    sessions = unit.sessions_of([f"77-{number:04}" for number in range(1, 61)])
    for session in sessions[:5]:
        with closing(Stream(unit, session)) as stream:
            stream.next_event()
    before = cost(unit)
    with ExitStack() as open_streams:
        streams = [
            open_streams.enter_context(closing(Stream(unit, session)))
            for session in sessions
            for _ in range(5)
        ]
        assert [stream.next_event() for stream in streams] == ["stream-open"] * 300
        # What the streams hold, they hold on; a look of the server's own is over in a moment. The door may have
        # opened its second thread.
        assert settles(lambda: cost(unit), lambda now: now[0] <= before[0] + 1 and now[1] <= before[1])
        change(unit, "77-0060")
        assert [stream.next_event() for stream in streams[-5:]] == ["standings-changed"] * 5


def settles(measure, fits, patience=20):
    """Whether what is measured fits at some moment; it is measured again until then."""
    ending = time.monotonic() + patience
    while not (fitting := fits(measure())) and time.monotonic() < ending:
        time.sleep(0.3)
    return fitting


def cost(server):
    """How many threads the server has, and how many connections to the database."""
    process = Path(f"/proc/{server.process.pid}")
    threads = len(list((process / "task").iterdir()))
    if server.database:
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            held = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND state <> 'idle' AND backend_type = 'client backend'",
                [server.database],
            )
            return threads, held.fetchone()[0]
    return threads, sum(name.endswith("rotc.sqlite3") for name in open_files(process))


def open_files(process):
    for each in (process / "fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield os.readlink(each)


def test_streams_end_when_the_server_stops(tmp_path):
    server = Server(tmp_path, ROTC_EMBEDDED_WORKER="0")
    server.script(UNIT.format(cadets=1))
    stream = Stream(server, server.session_of("77-0001"), timeout=120)
    stream.next_event()
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < PATIENCE, "nobody waits for a stream"
    assert stream.next_event() is None
    stream.close()
    server.end()
