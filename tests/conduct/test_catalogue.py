"""The catalogue, as the Commandant edits it."""

import pytest
from django.utils import timezone

from rotc.conduct import actions
from rotc.conduct.models import Citation
from rotc.journal.models import JournalEntry

LINE = {
    "code": "d15",
    "title": "Phone in ranks",
    "kind": "demerit",
    "offense_class": "I",
    "least_points": 1,
    "most_points": 2,
}


@pytest.fixture
def late(db):
    return Citation.objects.get(code="D01")


def test_the_catalogue_says_that_it_is_a_proposal(as_user, tactical):
    page = as_user(tactical).get("/conduct/catalogue/").content.decode()
    assert "the project's own proposal; edit to the unit's rules" in page
    assert page.index("Class I<") < page.index("Class III") < page.index("Merits")
    assert "3 to 5 points" in page


def test_a_line_is_added_and_journaled(as_user, commandant):
    page = as_user(commandant).post("/conduct/catalogue/new/", LINE, follow=True).content.decode()
    assert "D15 added." in page
    line = Citation.objects.get(code="D15")
    assert JournalEntry.objects.get(subject=f"citation:{line.pk}").changes == {
        "title": [None, "Phone in ranks"],
        "points": [None, "1 to 2 points"],
    }


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"code": "D01"}, "The catalogue has a line D01 already."),
        ({"least_points": 3}, "3 to 2 cannot be."),
        ({"most_points": 201}, "less than or equal to 200"),
        ({"offense_class": ""}, "A demerit has a class: I, II or III."),
        ({"kind": "merit"}, "A merit has no class."),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_words(as_user, commandant, facts, sentence):
    reply = as_user(commandant).post("/conduct/catalogue/new/", LINE | facts)
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    assert not Citation.objects.filter(code="D15").exists()


def test_entries_keep_the_points_that_they_were_given_with(as_user, commandant, enrollment, late):
    [entry] = actions.give(
        [enrollment], kind="", points=None, reason="", citation=late, date=timezone.localdate(), by=commandant
    )
    facts = {"title": "Late", "least_points": 2, "most_points": 4}
    as_user(commandant).post(f"/conduct/catalogue/{late.pk}/", facts)
    late.refresh_from_db()
    entry.refresh_from_db()
    assert (late.title, late.points_said) == ("Late", "2 to 4 points")
    assert (entry.reason, entry.points) == ("Late to formation", 1)
    line = JournalEntry.objects.get(subject=f"citation:{late.pk}")
    assert line.changes == {"title": ["Late to formation", "Late"], "points": ["1 point", "2 to 4 points"]}


def test_a_line_is_withdrawn_and_restored(as_user, commandant, tactical, late):
    client = as_user(commandant)
    client.post(f"/conduct/catalogue/{late.pk}/withdraw/")
    assert "Withdrawn" in client.get("/conduct/catalogue/").content.decode()
    assert client.post(f"/conduct/catalogue/{late.pk}/withdraw/").status_code == 422
    assert "Late to formation" not in as_user(tactical).get("/conduct/catalogue/").content.decode()
    as_user(commandant).post(f"/conduct/catalogue/{late.pk}/restore/")
    assert "Late to formation" in as_user(tactical).get("/conduct/catalogue/").content.decode()


def test_only_the_command_edits_it(as_user, tactical, late):
    client = as_user(tactical)
    assert client.get("/conduct/catalogue/new/").status_code == 403
    assert client.post(f"/conduct/catalogue/{late.pk}/withdraw/").status_code == 403
    assert client.get(f"/conduct/catalogue/{late.pk}/").status_code == 403
