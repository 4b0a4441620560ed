"""One cell of the grade sheet: saved, refused, in conflict; its journal and its consequences."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term
from rotc.standings.models import Standing
from tests import factories


@pytest.fixture
def prelim(term):
    return term.exams.get(name="Prelim")


@pytest.fixture
def save(as_user, tactical, enrollment, prelim):
    """``save("87", version=0)`` as the tactical officer of Alpha."""

    def post(value, version=0, user=tactical, of=enrollment):
        cell = f"{of.pk}.{prelim.pk}.{version}:"
        return as_user(user).post(reverse("exams:cells"), {cell: value}, headers={"HX-Request": "true"})

    return post


def stored(enrollment, exam):
    return Score.objects.get(enrollment=enrollment, exam=exam)


def test_a_saved_cell_is_named_with_its_new_version(save, enrollment, prelim):
    reply = save("87,5")
    assert reply.status_code == 200
    assert (
        f'value="{enrollment.pk}.{prelim.pk}" data-status="200" data-version="1" data-typed="87.5"'
        in reply.content.decode()
    )
    assert stored(enrollment, prelim).raw == Decimal("87.5")


def test_the_reply_brings_the_computed_cells_and_stays_small(save, enrollment):
    reply = save("80")
    assert f'<td id="x{enrollment.pk}">32.00</td>' in reply.content.decode()
    assert len(reply.content) <= 600


def test_the_standing_follows_in_the_same_breath(save, enrollment):
    save("80")
    assert Standing.objects.get(enrollment=enrollment).proficiency == Decimal("32.00")


def test_the_journal_says_who_what_from_and_to(save, enrollment, prelim, tactical):
    save("80")
    save("90", version=1)
    entry = JournalEntry.objects.filter(subject=f"score:{enrollment.pk}:{prelim.pk}").first()
    assert entry.changes == {"Prelim": ["80", "90"]}
    assert entry.actor_id == tactical.pk
    assert entry.actor == "Sgt Maria Tactical.Alpha"
    assert entry.how == "typed"


def test_a_stale_save_is_refused_and_shows_what_stands_there(save, enrollment, prelim, commandant):
    save("80")
    save("91", version=1, user=commandant)
    reply = save("88", version=1)
    text = reply.content.decode()
    assert reply.status_code == 409
    assert 'data-version="2" data-typed="91" data-by="Sgt Maria Commandant"' in text
    assert stored(enrollment, prelim).raw == Decimal("91")


def test_two_first_saves_of_one_blank_cell_conflict_too(save, commandant):
    save("80")
    assert save("81", version=0, user=commandant).status_code == 409


def test_the_same_value_twice_is_no_conflict_and_no_second_line_in_the_journal(save, enrollment, prelim):
    save("80")
    assert save("80.0", version=0).status_code == 200
    assert stored(enrollment, prelim).version == 1
    assert JournalEntry.objects.filter(what="score recorded").count() == 1


def test_out_of_range_is_refused_in_words_and_nothing_changes(save, enrollment, prelim):
    reply = save("105")
    assert reply.status_code == 422
    assert "Prelim, Dela Cruz, Juan: 105 is above 100. Not saved." in reply.content.decode()
    assert not Score.objects.exists()


@pytest.mark.parametrize("version", ["", "-1", "x", "99999999999999999999"])
def test_a_version_that_is_none_is_refused_not_guessed(save, version):
    assert save("80", version=version).status_code == 422
    assert not Score.objects.exists()


def test_clearing_a_cell_is_a_blank_and_not_a_zero(save, enrollment, prelim):
    save("80")
    save("", version=1)
    assert stored(enrollment, prelim).raw is None
    assert Standing.objects.get(enrollment=enrollment).proficiency is None


def test_a_no_show_counts_as_nothing_right(save, enrollment):
    save("ABS")
    assert Standing.objects.get(enrollment=enrollment).proficiency == Decimal("0")


def test_a_closed_term_takes_no_score(save, term):
    Term.objects.filter(pk=term.pk).update(closed_at=timezone.now())
    reply = save("80")
    assert reply.status_code == 422
    assert "is closed" in reply.content.decode()
    assert not Score.objects.exists()


def test_a_cadet_of_another_company_does_not_exist_for_the_tactical_officer(save, bravo):
    stranger = factories.enroll(bravo, "2026-0900", "Peña", "Rosa")
    assert save("80", of=stranger).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("clerk", 403), ("leader", 403), ("cadet", 403)])
def test_who_may_not_score_is_refused(save, request, person, status):
    assert save("80", user=request.getfixturevalue(person)).status_code == status
    assert not Score.objects.exists()


def test_an_exam_of_another_term_is_refused(as_user, tactical, enrollment):
    other = factories.open_term("2025-2026", 2, starts=None).exams.first()
    reply = as_user(tactical).post(reverse("exams:cells"), {f"{enrollment.pk}.{other.pk}.0:": "80"})
    assert reply.status_code == 422
    assert "another term" in reply.content.decode()
    assert not Score.objects.exists()
