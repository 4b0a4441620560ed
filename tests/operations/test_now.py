"""The Operations page and ``/metrics``: who reads them, and that both say what the processes saw."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from rotc.alerts.looking import look
from rotc.alerts.models import Alert
from rotc.figures.models import Span
from rotc.figures.queries import WINDOWS, steps
from rotc.messages.actions import tell
from rotc.messages.models import Notification
from tests.figures.spans import MB, NOON, minutes, seen
from tests.operations.test_health import TOKEN
from tests.reports.reading import csv_rows

PAGE = "/settings/operations/"


def lately(count=1):
    """A whole minute that is over, a few minutes ago."""
    return timezone.now().replace(second=0, microsecond=0) - minutes(count)


@pytest.fixture
def busy(db):
    """Two web processes and a worker, three minutes long."""
    for ago in (3, 2, 1):
        at = lately(ago)
        seen(at, process="one", routes={"exams:sheet": [0.04] * 90 + [0.7] * 10}, streams=20, memory=120 * MB)
        seen(
            at,
            process="two",
            routes={"exams:sheet": [0.04] * 90, "today:today": [0.01] * 10},
            errors=2,
            streams=22,
        )
        seen(at, part="worker", process="three", queries={"SELECT x FROM y WHERE z = %s": [2, 0.45]})
    look(timezone.now())


def text_of(answer) -> str:
    """What it says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("who", ["commandant", "tactical", "clerk", "cadet"])
def test_it_is_for_administrators(request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/settings/").content.decode()


def test_it_is_found_from_the_settings(as_user, administrator):
    assert f'href="{PAGE}"' in as_user(administrator).get("/settings/").content.decode()


def test_before_anything_was_seen_it_says_so(as_user, administrator):
    said = text_of(as_user(administrator).get(PAGE))
    assert "Nothing is wrong." in said and "Nobody asked for a page in this time." in said


def test_it_shows_all_processes_as_one_beside_the_targets(as_user, administrator, busy):
    said = text_of(as_user(administrator).get(PAGE))
    assert "Errors target not met 2.0 % 12 of 600 requests; the target is under 1 %" in said
    assert re.search(r"Response time target met 4\d ms 95 of 100 of 600 requests", said)
    assert "Queue target met 0 jobs wait; the target is under 100" in said
    assert "Open streams 42 pages are live" in said
    assert "Memory, web 120 MB the largest of 2" in said
    assert "SELECT x FROM y WHERE z = %s 6 450 ms" in said
    assert "web, web, worker" in said


def test_each_chart_is_told_in_words_and_its_figures_stand_in_a_table(as_user, administrator, busy):
    page = as_user(administrator).get(PAGE).content.decode()
    charts = re.findall(r'<svg[^>]*role="img" aria-label="([^"]+)"', page)
    assert len(charts) == 6 and "Open streams: from 42 to 42." in charts
    assert page.count("<rect") >= 6
    assert re.search(r'<td class="num">42</td>', page)


@pytest.mark.parametrize(("over", "many"), [("hour", 30), ("day", 24), ("week", 28)])
def test_the_while_is_chosen_in_the_address(as_user, administrator, busy, over, many):
    answer = as_user(administrator).get(PAGE, {"over": over})
    assert answer.content.decode().count('aria-current="true"') == 1
    assert len(answer.context["steps"]) == many
    assert "600 requests" in text_of(answer)


def test_another_while_does_not_exist(as_user, administrator):
    assert as_user(administrator).get(PAGE, {"over": "year"}).status_code == 404


@pytest.mark.parametrize("over", WINDOWS)
def test_whatever_falls_into_a_window_falls_into_one_of_its_steps(over):
    window = WINDOWS[over]
    for now in (NOON, NOON + timedelta(hours=11, minutes=59), NOON + timedelta(hours=12, seconds=1)):
        first = window.begins(now)
        assert first <= now - window.length + window.step
        spans = [Span(begins_at=first, streams=1), Span(begins_at=now.replace(second=0), streams=2)]
        found = steps(window, spans, now)
        assert (found[0].at, found[0].streams, found[-1].streams) == (first, 1, 2)


def test_what_is_wrong_stands_first_and_what_was_wrong_below(as_user, administrator, busy):
    now = timezone.now()
    Alert.objects.create(kind="disk", measured="0.5 of 20.0 GB are free.", raised_at=now)
    Alert.objects.create(kind="slow", measured="It took long.", raised_at=now - minutes(60), cleared_at=now)
    long_ago = now - timedelta(days=8)
    Alert.objects.create(kind="queue", measured="Long ago.", raised_at=long_ago, cleared_at=long_ago)
    said = text_of(as_user(administrator).get(PAGE))
    assert "Something is wrong." in said
    assert said.index("The disk is nearly full.") < said.index("Database connected")
    assert said.index("Alerts of the last 7 days") < said.index("Pages are slow") and "Long ago." not in said


def test_whoever_looks_at_it_has_read_what_they_were_told_of_it(as_user, administrator):
    tell([administrator], "The disk is nearly full.", path=PAGE)
    as_user(administrator).get(PAGE)
    assert Notification.objects.get().read_at


def test_response_times_are_taken_as_a_file_with_the_slowest_first(as_user, administrator, busy):
    rows = csv_rows(as_user(administrator).get(PAGE, {"over": "day", "as": "csv"}).content)
    assert list(rows[0]) == ["Address", "Requests", "Errors", "p50 ms", "p95 ms", "p99 ms"]
    assert [(row["Address"], row["Requests"], row["Errors"]) for row in rows] == [
        ("exams:sheet", "570", "6"),
        ("today:today", "30", "6"),
    ]


def test_a_week_of_many_processes_costs_the_same_trips(as_user, administrator, busy):
    client = as_user(administrator)

    def trips():
        client.get(PAGE, {"over": "week"})
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE, {"over": "week"})
        return len([each for each in found if "heartbeat" not in each["sql"]])

    before = trips()
    for hours in range(4, 150):
        at = lately(hours * 60).replace(minute=0)
        Span.objects.create(minutes=60, begins_at=at, part="web", routes={"a": [0, 12, 3]})
    assert trips() == before


# --- for a collector


def metrics(client, token=TOKEN):
    return client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {token}")


def samples(text) -> dict:
    """Every sample by its name and labels, as a collector reads them."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_without_a_token_in_the_surroundings_the_address_does_not_exist(client, db):
    assert metrics(client).status_code == 404
    assert metrics(client, "").status_code == 404
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ñ"]
)
def test_without_the_token_there_is_nothing(client, db, settings, given):
    settings.METRICS_TOKEN = TOKEN
    headers = {} if given is None else {"HTTP_AUTHORIZATION": given}
    assert client.get("/metrics", **headers).status_code == 404


def test_an_administrator_without_the_token_finds_nothing_either(as_user, administrator, settings):
    settings.METRICS_TOKEN = TOKEN
    assert as_user(administrator).get("/metrics").status_code == 404


def test_a_collector_reads_the_figures_of_all_processes_as_one(client, busy, settings):
    settings.METRICS_TOKEN = TOKEN
    Alert.objects.create(kind="disk", measured="x", raised_at=timezone.now())
    answer = metrics(client)
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples(answer.content.decode())
    assert found["rotc_requests", "exams:sheet"] == 570
    assert found["rotc_errors", "today:today"] == 6
    assert found["rotc_response_seconds", "0.5", "exams:sheet"] < 0.05
    assert 0.6 < found["rotc_response_seconds", "0.99", "exams:sheet"] < 0.85
    assert found["rotc_streams_open",] == 42
    assert found["rotc_process_memory_bytes", "web", "one"] == 120 * MB
    assert (found["rotc_alert", "disk"], found["rotc_alert", "slow"]) == (1, 0)
    assert found["rotc_queue_jobs",] == 0 and found["rotc_database_bytes",] > 10_000
    assert found["rotc_service_up", "redis"] == 1
