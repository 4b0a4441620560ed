"""All that an import did, on paper."""

import pytest

from rotc.operations.models import Letterhead
from rotc.roster.models import Cadet
from tests.imports.conftest import ANA, HEAD, JUAN, checked, committed, csv_of, taken_back


@pytest.fixture
def clerks(as_user, clerk):
    return as_user(clerk)


def test_the_log_says_what_was_written_by_whom_and_what_was_left_out(clerks, term, alpha):
    Letterhead.objects.update(unit_name="Invented ROTC Unit", university="Invented University")
    committed(clerks, checked(clerks, term, csv_of(HEAD, JUAN)))
    data = csv_of("ID,Name,MS,Course", "0012-0001,,MS2,", '3,"Cruz, Ben",MS1,BSX', '4,"Cruz, Cai",MS9,')
    url = checked(clerks, term, data, name="Mga kadete.csv")
    committed(clerks, url)
    page = clerks.get(f"{url}log/").content.decode()
    for said in (
        "Invented ROTC Unit", "Invented University", "Mga kadete.csv", "Sgt Maria Clerk",
        "1 new, 1 changed, 0 the same, 1 left out because of a problem",
        "MS Level: MS1 → <b>MS2</b>", "Cruz, Ben", "BSX", "“MS9” is not in the list",
    ):  # fmt: skip
        assert said in page, said
    assert "Taken back" not in page


def test_after_an_undo_it_names_what_stayed_and_why(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN, ANA))
    committed(clerks, url)
    Cadet.objects.filter(student_number="0012-0002").update(religion="Islam")
    taken_back(clerks, url)
    page = clerks.get(f"{url}log/").content.decode()
    assert "What the undo left as it is" in page and "Religion is “Islam” by now" in page
    assert "Dela Cruz, Juan" in page


def test_before_the_commit_there_is_no_log(clerks, term, alpha):
    url = checked(clerks, term, csv_of(HEAD, JUAN))
    assert clerks.get(f"{url}log/").url == url


def test_a_log_of_many_rows_costs_the_same_trips(clerks, clerk, term, alpha, queries_of):
    def trips(many):
        lines = [f'{many}-{n},"Cruz, Ana"' for n in range(many)]
        url = checked(clerks, term, csv_of("ID,Name", *lines))
        committed(clerks, url)
        return queries_of(clerk, f"{url}log/")

    assert trips(2) == trips(60)
