from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rotc import access
from rotc.accounts import setup
from rotc.accounts.actions import appoint_first_administrator
from rotc.accounts.models import User
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow

pytestmark = pytest.mark.django_db
ANSWERS = {
    "username": "Chief",
    "first_name": "Lina",
    "last_name": "Cruz",
    "password1": "river stone lantern",
    "password2": "river stone lantern",
}


def path():
    return setup.link("http://unit.example").removeprefix("http://unit.example")


def test_the_link_makes_the_first_administrator_and_signs_them_in(client):
    answer = client.post(path(), ANSWERS)

    chief = User.objects.get(username="Chief")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(chief.pk)
    assert access.may(chief, access.MANAGE_ACCOUNTS)
    assert list(JournalEntry.objects.values_list("what", "actor_id", "how").order_by("pk")) == [
        ("account opened", chief.pk, "setup"),
        ("appointed", chief.pk, "setup"),
    ]


def test_a_used_link_is_over(client):
    used = path()
    client.post(used, ANSWERS)
    client.logout()

    answer = client.post(used, ANSWERS | {"username": "second"})

    assert answer.status_code == 410
    assert not User.objects.filter(username="second").exists()


def test_the_link_lives_a_day(client, monkeypatch):
    link, now = path(), timezone.now()

    monkeypatch.setattr("time.time", (now + timedelta(hours=25)).timestamp)

    assert client.get(link).status_code == 410


def test_a_made_up_link_opens_nothing(client):
    assert client.get("/setup/setup:abc:def/").status_code == 410


def test_there_is_no_link_once_there_is_an_administrator(administrator, capsys):
    assert setup.link("http://unit.example") is None
    call_command("setup_link")
    assert "There is an administrator already" in capsys.readouterr().out


def test_the_second_of_two_who_used_the_link_at_once_is_refused(administrator):
    with pytest.raises(NotNow, match="There is an administrator already"):
        appoint_first_administrator("late", password="river stone lantern")


def test_a_weak_password_is_refused_in_words(client):
    answer = client.post(path(), ANSWERS | {"password1": "chief", "password2": "chief"})

    assert answer.status_code == 422
    assert "too short" in answer.content.decode()
    assert not User.objects.exists()


def test_two_different_passwords_are_refused_in_words(client):
    answer = client.post(path(), ANSWERS | {"password2": "another long phrase"})

    assert "The two passwords differ" in answer.content.decode()
