"""What a person is told: on every page, theirs alone, until they have read it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from rotc.messages.actions import forget_read, mark_all_read, mark_read, tell
from rotc.messages.models import Notification

LIST = "/notifications/"


def body(client, path=LIST) -> str:
    return client.get(path).content.decode()


def test_the_count_stands_on_every_page_and_goes_when_it_is_read(as_user, clerk):
    tell([clerk], "The roster is committed.", path="/imports/")
    client = as_user(clerk)
    assert '<b>1<span class="visually-hidden"> unread</span></b>' in body(client, "/roster/")
    notification = Notification.objects.get()
    answer = client.post(reverse("messages:follow", args=[notification.pk]))
    assert answer.headers["Location"] == "/imports/"
    assert "unread</span>" not in body(client, "/roster/")


def test_what_comes_in_is_said_on_the_page_that_is_open(as_user, clerk):
    client = as_user(clerk)
    assert 'hx-trigger="notifications-changed from:body"' in body(client, "/roster/")
    tell([clerk], "The roster is committed.")
    assert "The roster is committed." in body(client, "/notifications/tray/")
    Notification.objects.update(told_at=timezone.now() - timedelta(minutes=2))
    assert "The roster is committed." not in body(client, "/notifications/tray/")


def test_nobody_sees_or_follows_anothers(as_user, clerk, tactical):
    tell([clerk], "Only for the clerk.")
    client = as_user(tactical)
    assert "Only for the clerk." not in body(client)
    assert client.post(reverse("messages:follow", args=[Notification.objects.get().pk])).status_code == 404
    assert Notification.objects.get().read_at is None


def test_a_cadet_has_them_too(as_user, cadet):
    tell([cadet], "Training tomorrow.")
    assert "Training tomorrow." in body(as_user(cadet))


def test_all_are_read_that_were_shown_and_none_that_came_after(as_user, clerk, tactical):
    tell([clerk, tactical], "First.")
    shown = Notification.objects.get(person=clerk).pk
    tell([clerk], "Second.")
    as_user(clerk).post("/notifications/read/", {"up_to": shown})
    assert list(Notification.objects.filter(read_at=None).order_by("pk").values_list("person", "text")) == [
        (tactical.pk, "First."),
        (clerk.pk, "Second."),
    ]


def test_a_person_named_twice_is_told_once(clerk):
    tell([clerk, clerk], "Once.")
    assert Notification.objects.count() == 1


def test_a_long_text_is_cut(clerk):
    tell([clerk], "x" * 1000)
    assert len(Notification.objects.get().text) == 300


@pytest.mark.parametrize("path", ["//elsewhere.example/", "https://elsewhere.example/"])
def test_it_never_leads_elsewhere(clerk, path):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell([clerk], "Come here.", path=path)


def test_what_was_read_long_ago_goes_and_what_nobody_read_stays(clerk):
    for text in ("read long ago", "read now", "never read"):
        tell([clerk], text)
    mark_read(Notification.objects.get(text="read long ago"))
    Notification.objects.filter(text="read long ago").update(read_at=timezone.now() - timedelta(days=31))
    mark_read(Notification.objects.get(text="read now"))
    assert forget_read(before=timezone.now() - timedelta(days=30)) == 1
    assert set(Notification.objects.values_list("text", flat=True)) == {"read now", "never read"}


def test_reading_twice_keeps_the_first_moment(clerk):
    tell([clerk], "Once.")
    mark_read(Notification.objects.get())
    before = Notification.objects.get().read_at
    mark_all_read(by=clerk, up_to=Notification.objects.get().pk)
    assert Notification.objects.get().read_at == before


@pytest.mark.parametrize("size", [3, 300])
def test_the_list_costs_the_same_however_long(queries_of, clerk, size):
    for number in range(size):
        Notification.objects.create(person=clerk, text=f"Number {number}.")
    # Session, person, appointments, how many, the notifications, unread, unit name.
    assert queries_of(clerk, LIST) <= 8
