"""Officers who edit one sheet at random, into each other's way: nothing is lost without a word."""

import random

import pytest

from tests.bench import conflicts, typists
from tests.served import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("counted"), DJANGO_SETTINGS_MODULE=conflicts.COUNTED)
    yield running
    running.end()


def test_every_conflict_is_shown_and_no_edit_is_lost_among_three_browsers(page_of, counted):
    company = typists.formed(counted, 12, officers=3)
    chance = random.Random(3)
    officers = [
        conflicts.seated(page_of(name, at=counted), company, random.Random(chance.random()))
        for name in company["officers"]
    ]
    conflicts.edited(officers, 40, chance)
    cells = conflicts.settled(officers, counted)
    found = conflicts.told(officers, company["ids"], counted, cells)
    assert found.made > 0, "they are in each other's way"
    assert not found.unshown, "each conflict is shown to whom it happened, and no other"
    assert (found.gaps, found.unjournaled, found.overtaken, found.lost) == ([], [], [], [])
