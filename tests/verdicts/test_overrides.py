"""A code set by hand: it decides the rating, everybody reads why, and it ends only when it is lifted."""

import re

import pytest
from django.utils import timezone

from rotc.journal.models import JournalEntry
from rotc.refusals import BadValue, NotNow, TermClosed
from rotc.standings.models import Standing
from rotc.verdicts.models import Override
from rotc.verdicts.overrides import lift_override, set_override
from tests import factories
from tests.reports import graded


@pytest.fixture
def override(enrollment, commandant):
    graded.record(enrollment, "PP", 0, 0, 80, 80, 80)
    return set_override(enrollment, "INC", reason="Papers are missing", by=commandant)


def lift(client, override, **given):
    facts = {"reason": "They came", "seen": override.pk} | given
    return client.post(f"/verdicts/code/{override.enrollment_id}/lift/", facts)


def test_a_code_is_the_rating_and_the_figures_stay(override, enrollment):
    standing = Standing.objects.get(enrollment=enrollment)
    assert (standing.rating, standing.verdict) == ("INC", "overridden")
    assert standing.total is not None


def test_the_journal_says_who_set_and_lifted_it_and_why(override, enrollment, commandant):
    lift_override(enrollment, seen=override.pk, reason="They came", by=commandant)
    lifted, made = JournalEntry.objects.filter(what__startswith="code", enrollment_id=enrollment.pk)
    assert (made.changes, made.reason) == ({"code": [None, "INC"]}, "Papers are missing")
    assert (lifted.changes, lifted.reason) == ({"code": ["INC", None]}, "They came")
    assert lifted.actor_id == commandant.pk


def test_another_code_takes_the_place_of_the_first_and_the_same_changes_nothing(override, enrollment):
    assert set_override(enrollment, "INC", reason="Again", by=None) == override
    set_override(enrollment, "DO", reason="Left school", by=None)
    assert [(each.code, bool(each.lifted_at)) for each in Override.objects.all()] == [
        ("DO", False),
        ("INC", True),
    ]
    assert Standing.objects.get(enrollment=enrollment).rating == "DO"


@pytest.mark.parametrize(
    ("code", "reason"), [("DRP", "Because"), ("", "Because"), ("INC", "  "), ("T", "x" * 201)]
)
def test_a_code_that_the_policy_does_not_know_or_without_a_reason_is_refused(enrollment, code, reason):
    with pytest.raises(BadValue):
        set_override(enrollment, code, reason=reason, by=None)
    assert not Override.objects.exists()


def test_a_closed_term_sets_and_lifts_none(override, enrollment, term):
    term.closed_at = timezone.now()
    term.save()
    with pytest.raises(TermClosed):
        lift_override(enrollment, seen=override.pk, reason="They came", by=None)
    with pytest.raises(TermClosed):
        set_override(enrollment, "DO", reason="Left school", by=None)


def test_the_cadet_reads_the_code_and_its_reason_and_cannot_lift_it(as_user, cadet, override, enrollment):
    page = as_user(cadet).get("/standing/").content.decode()
    assert "INC set by hand: Papers are missing" in page
    assert "Lift" not in page
    assert lift(as_user(cadet), override).status_code == 403


def test_the_sheet_and_the_board_know_of_it(as_user, commandant, override, enrollment):
    client = as_user(commandant)
    sheet = client.get("/sheet/").content.decode()
    assert re.search(rf'<td id="g{enrollment.pk}"[^>]*>INC', sheet)
    assert re.search(rf'<td id="r{enrollment.pk}"[^>]*>INC set by hand</td>', sheet)
    assert "Nobody has a total yet" in client.get("/board/").content.decode()


def test_who_enters_scores_lifts_it_with_a_reason_from_the_cadets_standing(
    as_user, tactical, override, enrollment
):
    client = as_user(tactical)
    assert "Lift INC" in client.get(f"/standing/{enrollment.pk}/").content.decode()
    page = client.get(f"/verdicts/code/{enrollment.pk}/lift/").content.decode()
    assert "by Sgt Maria Commandant: Papers are missing" in page
    assert lift(client, override, reason="").status_code == 422
    assert lift(client, override).status_code == 302
    assert Standing.objects.get(enrollment=enrollment).verdict == "in_progress"
    assert client.get(f"/verdicts/code/{enrollment.pk}/lift/").status_code == 404


def test_a_code_that_was_changed_meanwhile_is_not_lifted(as_user, tactical, override, enrollment):
    set_override(enrollment, "DO", reason="Left school", by=None)
    assert lift(as_user(tactical), override).status_code == 422
    assert Standing.objects.get(enrollment=enrollment).rating == "DO"
    with pytest.raises(NotNow):
        lift_override(enrollment, seen=override.pk, reason="They came", by=None)


def test_who_does_not_enter_scores_lifts_none(as_user, clerk, bravo, override, enrollment):
    assert lift(as_user(clerk), override).status_code == 403
    assert "Lift INC" not in as_user(clerk).get(f"/standing/{enrollment.pk}/").content.decode()
    stranger = factories.staff("tactical.bravo", "tactical_officer", bravo)
    assert lift(as_user(stranger), override).status_code == 404


# --- set by hand, on its page


def send(client, enrollment, **given):
    facts = {"code": "INC", "reason": "Papers are missing", "seen": ""} | given
    return client.post(f"/verdicts/code/{enrollment.pk}/", facts)


def test_an_officer_sets_a_code_from_the_cadets_standing_and_reads_who_did_what(
    as_user, tactical, enrollment
):
    client = as_user(tactical)
    path = f"/verdicts/code/{enrollment.pk}/"
    assert path in client.get(f"/standing/{enrollment.pk}/").text
    page = client.get(path).text
    assert "No code was ever set by hand" in page
    assert send(client, enrollment).status_code == 302
    [override] = Override.objects.all()
    assert (override.code, override.set_by) == ("INC", tactical)
    page = client.get(path).text
    assert "<b>INC</b> is in force: Papers are missing" in page
    assert '<option value="INC">' not in page  # it is in force already
    lift(client, override)
    page = client.get(path).text
    assert "Code lifted" in page
    assert "They came" in page
    assert tactical.title in page


def test_a_code_goes_in_the_place_of_the_one_that_was_seen(as_user, tactical, override, enrollment):
    assert send(as_user(tactical), enrollment, code="DO", seen=override.pk).status_code == 302
    assert Standing.objects.get(enrollment=enrollment).rating == "DO"


@pytest.mark.parametrize("code", ["INC", "DO"])
def test_over_a_code_that_was_not_seen_nothing_is_written_and_a_sentence_says_so(
    as_user, tactical, override, enrollment, code
):
    answer = send(as_user(tactical), enrollment, code=code, reason="Left school")
    assert answer.status_code == 422
    assert "A code was set or lifted since you opened this" in answer.text
    assert 'value="Left school"' in answer.text
    assert f'name="seen" value="{override.pk}"' in answer.text
    assert list(Override.objects.values_list("code", "lifted_at")) == [("INC", None)]


def test_over_a_code_that_was_lifted_meanwhile_nothing_is_written(as_user, tactical, override, enrollment):
    lift_override(enrollment, seen=override.pk, reason="They came", by=None)
    assert send(as_user(tactical), enrollment, code="DO", seen=override.pk).status_code == 422
    assert not Override.objects.filter(lifted_at=None).exists()


def test_the_code_in_force_is_not_set_again(as_user, tactical, override, enrollment):
    answer = send(as_user(tactical), enrollment, seen=override.pk)
    assert "INC is in force already" in answer.text
    assert Override.objects.count() == 1


@pytest.mark.parametrize(
    "given", [{"code": "X"}, {"code": "DRP"}, {"reason": ""}, {"seen": "x"}, {"seen": "-1"}]
)
def test_what_cannot_be_a_code_is_asked_for_again(as_user, tactical, enrollment, given):
    assert send(as_user(tactical), enrollment, **given).status_code == 422
    assert not Override.objects.exists()


def test_in_a_closed_term_the_page_is_read_and_sets_nothing(as_user, tactical, override, enrollment):
    graded.close(enrollment.term)
    client = as_user(tactical)
    assert "is closed. Its codes stay" in client.get(f"/verdicts/code/{enrollment.pk}/").text
    assert "is closed" in send(client, enrollment, code="DO", seen=override.pk).text
    assert "/verdicts/code/" not in client.get(f"/standing/{enrollment.pk}/").text
    assert Override.objects.filter(lifted_at=None).get() == override


def test_who_may_not_set_codes_finds_no_page_for_it(
    as_user, clerk, leader, cadet, administrator, bravo, enrollment
):
    for user in (clerk, leader, cadet, administrator):
        assert as_user(user).get(f"/verdicts/code/{enrollment.pk}/").status_code == 403
        assert send(as_user(user), enrollment).status_code == 403
    stranger = factories.staff("tactical.bravo", "tactical_officer", bravo)
    assert send(as_user(stranger), enrollment).status_code == 404
    assert not Override.objects.exists()
