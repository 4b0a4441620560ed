"""What a plan shows is what stands in the database after it, and nothing of it once it is taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.empty import rolled_back
from tests.imports.rosters import rosters, run_through


@pytest.mark.django_db
@settings(max_examples=30)
@given(first=rosters(), second=rosters(), may_form=st.booleans())
def test_preview_equals_the_database_after_and_an_undo_leaves_it_as_before(alpha, first, second, may_form):
    with rolled_back():
        run_through(alpha.term, [first, second], may_form=may_form)
