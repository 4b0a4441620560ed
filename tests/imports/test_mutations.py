"""Damaged files end neither in a server error nor in a partial write. ``tests.bench.mutations`` tries thousands."""

import random

import pytest

from tests.imports.mutations import COLUMNS, corps, formats, given, mutated, whole


@pytest.fixture
def giving(db, as_user):
    """``(client, term)`` of somebody who may give every kind of file."""
    term, importer = corps()
    return as_user(importer), term


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_read_and_writes_all_or_nothing(giving, seed):
    given(*giving, *mutated(random.Random(seed)))


@pytest.mark.parametrize(("kind", "suffix"), [(kind, suffix) for kind in COLUMNS for suffix in formats(kind)])
def test_the_same_files_whole_are_committed(giving, kind, suffix):
    assert given(*giving, kind, f"whole.{suffix}", whole(kind, suffix)) == "committed"
