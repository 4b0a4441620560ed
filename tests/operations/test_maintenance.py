"""Maintenance: who is let in, what the others read, and that it ends."""

import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rotc.journal.models import JournalEntry
from rotc.operations import maintenance
from rotc.operations.models import Maintenance

PAGE = "/settings/maintenance/"


@pytest.fixture(autouse=True)
def forgotten():
    yield
    maintenance._known = None


def until(**ahead):
    return timezone.now() + timedelta(**ahead)


def typed(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("who", ["cadet", "tactical", "clerk"])
def test_others_read_when_to_come_back(request, as_user, commandant, who):
    client = as_user(request.getfixturevalue(who))
    end = until(minutes=30)
    maintenance.begin(until=end, because="The roster of MS2 is being mended.", by=commandant)
    for answer in (client.get("/"), client.get("/standing/"), client.post("/sheet/cells/")):
        words = answer.content.decode()
        assert answer.status_code == 503
        assert f"It is back at {maintenance.said(end)}, Manila time." in words
        assert "The roster of MS2 is being mended." in words
        assert 1700 < int(answer["Retry-After"]) <= 1801


def test_who_is_not_signed_in_reads_it_too(client, commandant):
    maintenance.begin(until=until(minutes=30), by=commandant)
    assert client.get("/").status_code == 503
    assert client.get("/accounts/login/").status_code == 200, "or nobody could end it"
    assert client.get("/api/live/").status_code == 200
    assert client.get("/api/health/").json()["services"]["database"]


@pytest.mark.parametrize("who", ["commandant", "administrator"])
def test_those_who_run_it_work_on_and_see_that_it_is_closed(request, as_user, commandant, who):
    client = as_user(request.getfixturevalue(who))
    end = until(hours=1)
    maintenance.begin(until=end, by=commandant)
    page = client.get("/terms/")
    assert page.status_code == 200
    assert f"Closed for maintenance until {maintenance.said(end)}" in page.content.decode()


def test_it_ends_by_itself(as_user, cadet, commandant):
    maintenance.begin(until=until(hours=1), by=commandant)
    assert as_user(cadet).get("/standing/").status_code == 503
    Maintenance.objects.update(begun_at=until(hours=-2), until=until(seconds=-1))
    maintenance.look()
    assert as_user(cadet).get("/standing/").status_code == 200


def test_it_is_begun_and_ended_on_its_page(as_user, commandant, tactical):
    client = as_user(commandant)
    client.post(PAGE, {"until": typed(until(hours=2)), "because": "Moving house."})
    assert "Moving house." in client.get(PAGE).content.decode()
    assert as_user(tactical).get("/").status_code == 503
    client = as_user(commandant)
    assert "open to everybody" in client.post(f"{PAGE}end/", follow=True).content.decode()
    assert as_user(tactical).get("/").status_code == 200
    assert [line.what for line in JournalEntry.objects.filter(subject="maintenance")] == [
        "maintenance ended",
        "maintenance begun",
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"until": ""}, "required"),
        ({"until": "soon"}, "valid date/time"),
        ({"until": "2020-01-01T08:00"}, "in the future"),
        ({"until": "2099-01-01T08:00"}, "within two days"),
        ({"until": typed(until(hours=1)), "because": "x" * 201}, "at most 200"),
    ],
)
def test_an_end_that_cannot_be_closes_nothing(as_user, commandant, given, why):
    answer = as_user(commandant).post(PAGE, given)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert maintenance.announced() is None
    assert not Maintenance.objects.exists()


def test_ending_what_is_not_going_on_is_said_to_be_so(as_user, commandant):
    answer = as_user(commandant).post(f"{PAGE}end/", follow=True)
    assert "no maintenance now" in answer.content.decode()


def test_said_anew_the_first_one_is_over(commandant):
    maintenance.begin(until=until(hours=1), by=commandant)
    maintenance.begin(until=until(hours=2), by=commandant)
    assert Maintenance.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("who", ["tactical", "clerk", "cadet"])
def test_others_close_nothing(request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"until": typed(until(hours=1))}).status_code == 403
    assert client.post(f"{PAGE}end/").status_code == 403


def test_a_command_closes_and_opens(db, capsys):
    call_command("maintenance", minutes=20, because="A new disk.")
    assert "it opens by itself then" in capsys.readouterr().out
    assert maintenance.announced().because == "A new disk."
    call_command("maintenance", end=True)
    assert maintenance.announced() is None
    with pytest.raises(CommandError, match="in the future"):
        call_command("maintenance", minutes=0)
    with pytest.raises(CommandError, match="200 characters at most"):
        call_command("maintenance", minutes=20, because="x" * 201)


def test_a_running_system_closes_and_opens_within_seconds(server):
    """The command is a process of its own: the web process finds out by itself, and no save is taken meanwhile."""
    session = server.answer(
        "import json; from tests import factories; term = factories.open_term();"
        "factories.staff('t', 'tactical_officer', factories.company(term, 'Alpha')); print(json.dumps('t'))"
    )
    session = server.session_of(session)

    def turns(status):
        ending = time.monotonic() + 15
        while server.get("/", session=session).status != status:
            assert time.monotonic() < ending
            time.sleep(0.2)

    turns(200)
    server.script("from django.core.management import call_command; call_command('maintenance', minutes=5)")
    turns(503)
    assert "Manila time" in server.get("/sheet/", session=session).text
    assert server.get("/api/live/").status == 200
    server.script("from django.core.management import call_command; call_command('maintenance', end=True)")
    turns(200)
