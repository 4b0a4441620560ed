"""The journal: complete, readable by those who may, and never altered."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from rotc.exams.actions import record_score
from rotc.journal.models import JournalEntry
from tests import factories


@pytest.fixture
def two_scores(enrollment, term, tactical):
    prelim = term.exams.get(name="Prelim")
    record_score(enrollment, prelim, typed="80", seen_version=0, by=tactical)
    record_score(enrollment, prelim, typed="90", seen_version=1, by=tactical)
    return enrollment, prelim


@pytest.mark.parametrize(
    "statement", ["UPDATE rotc_journalentry SET actor = 'x'", "DELETE FROM rotc_journalentry"]
)
def test_the_database_itself_refuses_to_alter_it(two_scores, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert JournalEntry.objects.filter(what="score recorded").count() == 2


def test_the_history_of_a_cell_reads_from_to_and_who(as_user, tactical, two_scores):
    enrollment, prelim = two_scores
    page = as_user(tactical).get(reverse("journal:score", args=[enrollment.pk, prelim.pk])).content.decode()
    assert "80 → <b>90</b>" in page
    assert "Sgt Maria Tactical.Alpha" in page


def test_the_newest_line_of_a_cell_offers_the_value_before_it_and_what_was_put_back_is_called_so(
    as_user, tactical, two_scores
):
    client, address = as_user(tactical), reverse("journal:score", args=[n.pk for n in two_scores])
    page = client.get(address).content.decode()
    assert page.count("/undo/") == 1 and ">Back to 80</a>" in page
    client.post(reverse("changes:undo_last"))
    page = client.get(address).content.decode()
    assert "Put back" in page and ">Back to 90</a>" in page
    assert "Taken back" not in page and "Take back" not in page


def test_the_history_of_a_cadet_in_a_term_holds_their_lines_and_nobody_elses(
    as_user, tactical, two_scores, platoon
):
    enrollment, prelim = two_scores
    other = factories.enroll(platoon, "2026-0002", "Peña", "Rosa")
    record_score(other, prelim, typed="13", seen_version=0, by=None)
    page = as_user(tactical).get(reverse("journal:enrollment", args=[enrollment.pk])).content.decode()
    assert "80 → <b>90</b>" in page
    assert "13" not in page.split("<tbody>")[1].split("</tbody>")[0].replace(":13", "")


def test_the_history_of_a_cadet_across_terms_opens(as_user, tactical, two_scores):
    enrollment, _ = two_scores
    page = as_user(tactical).get(reverse("journal:cadet", args=[enrollment.cadet_id])).content.decode()
    assert "80 → <b>90</b>" in page


@pytest.mark.parametrize("person", ["cadet", "leader"])
def test_a_history_is_for_those_who_see_grades(as_user, request, person, two_scores):
    enrollment, prelim = two_scores
    client = as_user(request.getfixturevalue(person))
    assert client.get(reverse("journal:score", args=[enrollment.pk, prelim.pk])).status_code == 403
    assert client.get(reverse("journal:enrollment", args=[enrollment.pk])).status_code == 403


def test_another_companys_history_does_not_exist(as_user, two_scores, bravo):
    enrollment, prelim = two_scores
    officer = factories.staff("tactical.bravo", "tactical_officer", bravo)
    assert as_user(officer).get(reverse("journal:score", args=[enrollment.pk, prelim.pk])).status_code == 404
    assert as_user(officer).get(reverse("journal:enrollment", args=[enrollment.pk])).status_code == 404


def test_the_history_of_a_day_opens(as_user, tactical, term, enrollment):
    day = term.training_days.first()
    assert as_user(tactical).get(reverse("journal:day", args=[day.pk])).status_code == 200


def test_the_terms_history_costs_the_same_queries_at_3_and_at_300(queries_of, commandant, enrollment, term):
    address = reverse("journal:term", args=[term.name])
    few = queries_of(commandant, address)
    JournalEntry.objects.bulk_create(
        JournalEntry(what="invented", subject="x", actor="x", how="x", term_id=term.pk) for _ in range(300)
    )
    assert queries_of(commandant, address) == few
