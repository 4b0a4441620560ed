"""The morning letter: asked for, without repetition, and nothing lost when no server takes it."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from rotc.accounts.models import User
from rotc.jobs import actions as jobs
from rotc.messages import digest
from rotc.messages.actions import ask_for_digest, tell
from rotc.messages.models import Notification
from rotc.refusals import NotNow
from tests.accounts.mail_server import Sink


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.SENDS_LETTERS = True


@pytest.fixture
def officer(tactical):
    tactical.email = "tac@example.test"
    tactical.save(update_fields=["email"])
    ask_for_digest(by=tactical, wanted=True)
    return tactical


@pytest.fixture
def morning(django_capture_on_commit_callbacks):
    """``morning()``: the job as a worker does it, each step committed; what it said."""

    def work():
        steps = digest.steps(jobs.ask("digest", by=None))
        while True:
            try:
                with django_capture_on_commit_callbacks(execute=True):
                    next(steps)
            except StopIteration as end:
                return end.value

    return work


def test_what_is_unread_goes_out_once(officer, morning):
    tell([officer], "Training tomorrow, Saturday Day 4.")
    tell([officer], "Recompute: done.")
    assert morning() == "1 letter went out."
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["tac@example.test"], "2 notifications not read yet")
    assert "Training tomorrow, Saturday Day 4." in letter.body
    assert re.search(r"https?://\S+/notifications/\n", letter.body)
    assert morning() == "0 letters went out."
    tell([officer], "One more.")
    morning()
    assert "Training tomorrow" not in mail.outbox[1].body and "One more." in mail.outbox[1].body


def test_what_was_read_needs_no_letter(officer, morning, as_user):
    tell([officer], "Recompute: done.")
    as_user(officer).post(reverse("messages:follow", args=[Notification.objects.get().pk]))
    assert morning() == "0 letters went out."


def test_nobody_gets_a_letter_who_did_not_ask(tactical, commandant, morning):
    tactical.email = "tac@example.test"
    tactical.save(update_fields=["email"])
    tell([tactical, commandant], "Recompute: done.")
    assert morning() == "0 letters went out."


def test_it_is_asked_for_and_stopped_on_the_page(as_user, tactical):
    tactical.email = "tac@example.test"
    tactical.save(update_fields=["email"])
    client, address = as_user(tactical), reverse("messages:list")
    assert "can go to tac@example.test" in client.get(address).content.decode()
    client.post(reverse("messages:digest"), {"wanted": "1"})
    assert "goes to tac@example.test" in client.get(address).content.decode()
    client.post(reverse("messages:digest"), {"wanted": "0"})
    assert User.objects.get(pk=tactical.pk).digest_since is None


def test_the_page_says_why_no_letter_can_go_out(as_user, tactical):
    assert (
        "cannot go out to you: no e-mail" in as_user(tactical).get(reverse("messages:list")).content.decode()
    )


def test_without_a_mail_server_nothing_is_offered(as_user, tactical, settings, morning):
    settings.SENDS_LETTERS = False
    assert "By e-mail" not in as_user(tactical).get(reverse("messages:list")).content.decode()
    assert morning() == digest.NOT_SET_UP


def test_a_mailbox_that_two_share_gets_nothing(officer, morning, commandant):
    commandant.email = "tac@example.test"
    commandant.save(update_fields=["email"])
    tell([officer], "Recompute: done.")
    assert morning() == "0 letters went out."
    assert not Notification.objects.exclude(mailed_at=None).exists()


@pytest.fixture
def through(settings):
    """``through(sink)``: letters go to that server."""

    def lead(sink):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", sink.port, False
        settings.EMAIL_TIMEOUT = 2

    return lead


def test_an_address_that_takes_no_letter_is_given_up_and_its_owner_told(officer, morning, through):
    tell([officer], "Recompute: done.")
    sink = Sink(refused=["tac@example.test"])
    through(sink)
    morning()
    sink.end()
    assert User.objects.get(pk=officer.pk).digest_since is None
    assert "is switched off" in Notification.objects.filter(person=officer).first().text
    assert not Notification.objects.exclude(mailed_at=None).exists()


def test_while_no_server_answers_nothing_counts_as_told(officer, morning, through):
    tell([officer], "Recompute: done.")
    sink = Sink()
    sink.end()
    through(sink)
    with pytest.raises(NotNow, match=r"The mail server does not answer. 0 letters went out"):
        morning()
    assert not Notification.objects.exclude(mailed_at=None).exists()
    assert User.objects.get(pk=officer.pk).digest_since, "it goes out when the server is back"
