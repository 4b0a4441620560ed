"""A browser that kept a page asks again after every release."""

import pytest

from rotc.web.release import release, release_of


@pytest.mark.parametrize(
    "name", ["rotc/standings/pages.py", "templates/standings/standing.html", "static/css/a.css"]
)
def test_a_change_to_any_file_that_pages_are_made_of_is_another_release(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text("before")
    before = release_of(tmp_path)
    assert release_of(tmp_path) == before
    file.write_text("after")
    assert release_of(tmp_path) != before


def test_the_standing_page_is_kept_for_one_release_only(as_user, cadet):
    assert release() in as_user(cadet).get("/standing/")["ETag"]
