"""What administrators are alerted of: only what lasts, once when it is so and once when it is over."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from rotc.alerts import letters
from rotc.alerts.kinds import KINDS
from rotc.alerts.looking import forget, look
from rotc.alerts.models import Alert, Look
from rotc.alerts.rounds import Rounds
from rotc.alerts.seeing import Observed, Store
from rotc.figures.gathering import GATHERING
from rotc.figures.models import Span
from rotc.figures.tally import Tally
from rotc.jobs.models import Job
from rotc.messages.models import Notification
from rotc.operations import heartbeat
from rotc.operations.models import Heartbeat
from tests import factories
from tests.accounts.mail_server import Sink
from tests.figures.spans import MB, NOON, minutes, seen

WELL = {"routes": {"today:today": [0.1] * 30}}
SLOW = {"routes": {"today:today": [1.5] * 30}}


@pytest.fixture(autouse=True)
def at_work(db):
    """The worker is heard at any time that a test looks at, and nothing is gathered yet."""
    GATHERING.take()
    Heartbeat.objects.create(part="worker", beat_at=NOON + timedelta(hours=3))


def look_on(facts, start, count, **told):
    """A minute as these facts say, then a look at it, ``count`` times; the time after that."""
    for minute in range(count):
        now = NOON + minutes(start + minute)
        seen(now - minutes(1), **facts, **told)
        look(now)
    return start + count


def opened():
    return {alert.kind for alert in Alert.objects.filter(cleared_at=None)}


def told():
    return list(Notification.objects.order_by("pk").values_list("person__username", "text"))


def test_it_is_raised_when_it_lasts_told_once_and_cleared_when_it_is_well_for_long_enough(administrator):
    at = look_on(SLOW, 1, 1)
    assert opened() == set(), "once is a hiccup"
    at = look_on(SLOW, at, 6)
    assert opened() == {"slow"}
    said = "Pages are slow. 5 in 100 of 60 answers in five minutes took more than 1.7 s."
    assert told() == [("admin", said)]
    at = look_on(WELL, at, 8)
    assert opened() == {"slow"}, "it was slow in the five minutes before"
    look_on(WELL, at, 2)
    assert opened() == set()
    assert told()[1:] == [("admin", "It is over: pages are slow.")]
    assert Notification.objects.last().path == "/settings/operations/"
    alert = Alert.objects.get()
    assert (alert.raised_at, alert.cleared_at) == (NOON + minutes(2), NOON + minutes(16))


def test_what_comes_and_goes_is_not_told_each_time(administrator):
    for minute in range(1, 30):
        now = NOON + minutes(minute)
        Job.objects.bulk_create(Job(kind="recompute") for _ in range(501 if minute % 2 else 0))
        look(now)
        Job.objects.all().delete()
    assert told() == []

    Job.objects.bulk_create(Job(kind="recompute") for _ in range(501))
    look(NOON + minutes(40)), look(NOON + minutes(41))
    for minute in range(42, 70):
        Job.objects.update(done_at=None if minute % 3 else NOON)
        look(NOON + minutes(minute))
    assert [text.split(".")[0] for _, text in told()] == ["Background work piles up"]


def test_every_administrator_hears_of_it_and_nobody_else(administrator, commandant, clerk):
    factories.staff("second", "administrator", None)
    look_on(SLOW, 1, 3)
    assert {username for username, _ in told()} == {"admin", "second"}


@pytest.mark.parametrize("answers", [[9.0] * 19, [0.1] * 19])
def test_of_few_requests_no_rate_is_worth_an_alert(db, answers):
    look_on({"routes": {"a": answers}, "errors": 19}, 1, 1)
    assert opened() == set()
    assert Look.objects.get().found == {}


def test_the_figures_of_all_processes_count_together(db):
    for minute in (1, 2, 3):
        for process in ("one", "two"):
            seen(NOON + minutes(minute - 1), process=process, routes={"a": [0.1] * 6}, errors=1)
        look(NOON + minutes(minute))
    assert opened() == {"errors"}
    assert (
        Alert.objects.get().measured == "16.7\N{NO-BREAK SPACE}% of 36 answers in five minutes were errors."
    )


GOOD = Observed(
    at=NOON, answers=Tally(), database_errors=0, queue=0, oldest=timedelta(0), silence=timedelta(0),
    storage=True, backup=None, disk=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "just_well", "wrong"),
    [
        ("queue", {"queue": 500}, {"queue": 501, "oldest": timedelta(minutes=90)}),
        ("worker", {"silence": timedelta(seconds=120)}, {"silence": timedelta(seconds=121)}),
        ("worker", {}, {"silence": None}),
        ("database", {"database_errors": 2}, {"database_errors": 3}),
        ("storage", {}, {"storage": False}),
        ("backup", {"backup": timedelta(days=1)}, {"backup": timedelta(days=1, minutes=1)}),
        ("disk", {"disk": (2000 * MB, 20_000 * MB)}, {"disk": (1999 * MB, 20_000 * MB)}),
        ("disk", {"disk": (5 * 1024 * MB, 1_000_000 * MB)}, {"disk": (5 * 1024 * MB - 1, 1_000_000 * MB)}),
        ("disk", {"disk": (1024 * MB, 2000 * MB)}, {"disk": (1023 * MB, 2000 * MB)}),
    ],
)
def test_where_each_alert_begins(kind, just_well, wrong):
    from dataclasses import replace

    assert KINDS[kind].found(replace(GOOD, **just_well)) == ""
    assert KINDS[kind].found(replace(GOOD, **wrong)).endswith(".")
    assert not any(each.found(GOOD) for each in KINDS.values())


def test_the_fullest_disk_of_all_machines_is_the_one_that_counts(db):
    for minute in (1, 2):
        seen(NOON + minutes(minute - 1), process="one")
        seen(NOON + minutes(minute - 1), process="two", disk_free=MB, disk_size=900 * MB)
        look(NOON + minutes(minute))
    assert opened() == {"disk"}


def looks_at(newest_backup, start, count):
    """Looks at a store whose newest backup is of that moment, None for none."""
    for minute in range(start, start + count):
        look(NOON + minutes(minute), Store(answers=True, newest_backup=newest_backup))
    return start + count


def test_a_backup_is_missed_a_day_after_the_last_and_no_more_with_the_next(db):
    at = looks_at(NOON - timedelta(days=1), 0, 3)
    assert opened() == {"backup"}
    assert Alert.objects.get().measured == "None was made for 24 h 2 min; Background work says why."
    looks_at(NOON, at, 1)
    assert opened() == set()


def test_backups_are_missed_in_the_store_whatever_the_jobs_say(db):
    Job.objects.create(kind="back up", due_at=NOON - timedelta(days=2), done_at=NOON)
    looks_at(None, 1, 3)
    assert opened() == {"backup"}


def test_a_system_that_stands_for_less_than_a_day_misses_no_backup(db):
    Job.objects.create(kind="back up", due_at=NOON - timedelta(hours=20), failed_at=NOON)
    looks_at(None, 1, 3)
    assert opened() == set()


def test_an_alert_that_this_release_does_not_know_is_cleared(administrator):
    Alert.objects.create(kind="weather", measured="It rains.", raised_at=NOON)
    look(NOON + minutes(1))
    assert opened() == set()


def test_a_store_that_keeps_nothing_is_missed(db, settings, tmp_path, monkeypatch):
    from rotc.operations import looks
    from rotc.operations.looks import Watch

    monkeypatch.setattr("rotc.alerts.seeing.STORAGE", Watch("a store", looks.at_storage, good_for=0))
    folder = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path / "file"}}
    settings.STORAGES = settings.STORAGES | {"default": folder}
    (tmp_path / "file").write_text("no folder")
    for minute in (1, 2, 3):
        look(NOON + minutes(minute))
    assert opened() == {"storage"}


def test_a_database_that_was_away_is_told_of_when_it_is_back(administrator):
    for _ in range(3):
        GATHERING.database_failed()
    Rounds("web", aside=nullcontext).turn(NOON + minutes(1))
    assert [text for _, text in told()] == ["The database fails. It failed 3 times within five minutes."]


def test_a_round_writes_what_was_seen_and_looks(administrator):
    GATHERING.answered("today:today", 0.1, error=False, by_database=False)
    Rounds("web", lambda: 7, nullcontext).turn(NOON + timedelta(seconds=65))
    Rounds("worker", aside=nullcontext).turn(NOON + timedelta(seconds=66))
    web, worker = Span.objects.order_by("part")
    assert (web.begins_at, web.streams, list(web.routes)) == (NOON, 7, ["today:today"])
    assert (worker.begins_at, worker.routes) == (NOON, {})
    assert Look.objects.count() == 1, "once, however many processes look"


def test_a_round_that_fails_ends_nothing(db, monkeypatch):
    from django.db import OperationalError

    from rotc.alerts import looking
    from rotc.figures import writing

    def refuse(*args, **kwargs):
        raise OperationalError("gone")

    with monkeypatch.context() as away:
        away.setattr(writing, "write", refuse)
        away.setattr(looking, "look", refuse)
        Rounds("web", aside=nullcontext).turn(NOON + minutes(1))
    Rounds("web", aside=nullcontext).turn(NOON + minutes(2))
    assert Span.objects.get().database_errors == 2


def test_a_worker_that_is_silent_is_missed_within_three_minutes_and_greeted(administrator):
    Heartbeat.objects.update(beat_at=NOON)
    for minute in (1, 2):
        look(NOON + minutes(minute))
        assert opened() == set()
    look(NOON + minutes(3))
    assert opened() == {"worker"}
    Heartbeat.objects.update(beat_at=NOON + minutes(9))
    look(NOON + minutes(4)), look(NOON + minutes(5))
    assert opened() == set()
    assert [text for _, text in told()] == [
        "The worker is silent. It has said nothing for 3 min.",
        "It is over: the worker is silent.",
    ]


def test_what_is_past_its_time_goes_and_what_is_open_stays(db):
    long_ago = timezone.now() - timedelta(days=8)
    for cleared_at in (long_ago, timezone.now(), None):
        Alert.objects.create(
            kind=f"{cleared_at}"[:20], measured="x", raised_at=long_ago, cleared_at=cleared_at
        )
    Look.objects.create(minute=long_ago)
    assert forget(before=timezone.now() - timedelta(days=7)) == 2
    assert Alert.objects.count() == 2


# --- by e-mail


def letters_sent(now):
    letters.send(now, aside=nullcontext)


@pytest.fixture
def with_mail(settings, administrator):
    settings.SENDS_LETTERS = True
    administrator.email = "admin@school.example"
    administrator.save()


def written():
    return [(letter.subject, letter.to) for letter in mail.outbox]


def test_administrators_are_written_once_when_it_is_so_and_once_when_it_is_over(with_mail):
    look_on(SLOW, 1, 3)
    for _ in range(3):
        letters_sent(NOON + minutes(4))
    assert written() == [("[ROTC Grading] Pages are slow", ["admin@school.example"])]
    assert "30 Nov, 12:02, Manila time: 5 in 100" in mail.outbox[0].body
    look_on(WELL, 4, 10)
    for _ in range(3):
        letters_sent(NOON + minutes(15))
    assert written()[1:] == [("[ROTC Grading] It is over: pages are slow", ["admin@school.example"])]


def test_without_a_mail_server_nobody_is_written_and_later_not_of_what_is_old(with_mail, settings):
    settings.SENDS_LETTERS = False
    look_on(SLOW, 1, 3)
    letters_sent(NOON + minutes(3))
    settings.SENDS_LETTERS = True
    letters_sent(NOON + timedelta(days=2))
    assert written() == []


def test_a_mail_server_that_is_away_stops_nothing_and_is_tried_again(with_mail, settings):
    look_on(SLOW, 1, 3)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    letters_sent(NOON + minutes(3))
    sink = Sink()
    settings.EMAIL_PORT = sink.port
    letters_sent(NOON + minutes(4))
    letters_sent(NOON + minutes(5))
    sink.end()
    assert [(to, letter["Subject"]) for to, letter in sink.letters] == [
        ("admin@school.example", "[ROTC Grading] Pages are slow")
    ]


def test_the_heartbeat_is_what_silence_is_reckoned_from(db):
    heartbeat.beat(["worker"])
    look(timezone.now())
    assert "worker" not in Look.objects.get().found
