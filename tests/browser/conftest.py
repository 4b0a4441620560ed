"""A company whose sheet the tests of a module type into: they ask for it by name."""

import pytest

from tests.browser.sheet import EMPTY, PEOPLE, SECOND_PLATOON


@pytest.fixture(scope="module")
def company(server):
    server.script(PEOPLE)


@pytest.fixture(scope="module")
def second_platoon(server, company):
    """One cadet of the second platoon, whom the sheet of the first does not show."""
    server.script(SECOND_PLATOON)


@pytest.fixture
def blank(server, company):
    """No score stands on the sheet, and its term is open."""
    server.script(EMPTY)


@pytest.fixture
def open_sheet(page_of):
    """``open_sheet("commandant")``: the sheet as this user sees it; by default the tactical officer's."""

    def opened(username="tactical", **options):
        page = page_of(username, **options)
        page.goto("/sheet/")
        return page

    return opened
