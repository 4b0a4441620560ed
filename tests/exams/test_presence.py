"""Who else is on a sheet, and asking for what changed since any moment at all."""

import pytest
from django.core.cache import caches

from rotc.exams import presence
from rotc.live.channels import unit_channel
from tests import factories

CHANGES = "/sheet/changes/"


@pytest.fixture
def told(monkeypatch, alpha):
    """What the event stream is given for the open pages over Alpha."""
    found, channel = [], unit_channel(alpha.term_id, alpha.path)
    monkeypatch.setattr(
        "rotc.live.nudges.send_event", lambda to, event, data: found.append(event) if to == channel else None
    )
    return found


def test_two_sheets_that_one_officer_has_open_side_by_side_do_not_call_each_other_for_ever(
    told, tactical, alpha
):
    first, second = alpha.children.order_by("path")
    for _ in range(3):
        presence.here(tactical, first)
        presence.here(tactical, second)
    assert len(told) == 2


def test_an_officer_on_two_sheets_is_seen_on_both_and_once_on_the_company(told, tactical, commandant, alpha):
    first, second = alpha.children.order_by("path")
    presence.here(tactical, first)
    presence.here(tactical, second)
    for unit in (first, second, alpha):
        assert presence.here(commandant, unit) == [tactical.title]
    assert presence.here(tactical, first) == [commandant.title]


def test_who_is_on_a_sheet_of_another_company_is_not_named(told, tactical, alpha, bravo):
    other = factories.staff("bravo.tactical", "tactical_officer", bravo)
    presence.here(other, bravo)
    assert presence.here(tactical, alpha) == []


def test_who_says_it_at_the_same_moment_as_another_is_not_lost(
    monkeypatch, tactical, commandant, leader, alpha
):
    presence.here(leader, alpha)
    cache = caches["default"]
    read = cache.get

    def meanwhile(*asked):
        monkeypatch.setattr(cache, "get", read)
        found = read(*asked)
        presence.here(commandant, alpha)
        return found

    monkeypatch.setattr(cache, "get", meanwhile)
    presence.here(tactical, alpha)
    presence.here(commandant, alpha)
    assert presence.here(leader, alpha) == sorted([tactical.title, commandant.title])


@pytest.mark.parametrize(
    "since",
    ["0001-01-01T00:00:00+00:00", "0001-01-01T00:00:20+14:00", "9999-12-31T23:59:59-14:00", "yesterday"],
)
def test_a_moment_that_no_sheet_was_read_at_is_refused_in_words(as_user, tactical, enrollment, since):
    reply = as_user(tactical).get(CHANGES, {"since": since})
    assert reply.status_code == 422
    assert "Open the sheet again" in reply.content.decode()
