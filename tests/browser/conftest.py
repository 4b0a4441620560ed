import pytest


@pytest.fixture
def open_sheet(page_of):
    """``open_sheet("commandant")``: the sheet as this user sees it; by default the tactical officer's."""

    def opened(username="tactical", **options):
        page = page_of(username, **options)
        page.goto("/sheet/")
        return page

    return opened
