"""Adopting a draft: who would change is shown first, and exactly that comes of it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from rotc.exams.actions import record_score
from rotc.exams.models import Score
from rotc.grading import Policy
from rotc.journal.models import JournalEntry
from rotc.policies import actions
from rotc.policies.flips import flips
from rotc.policies.models import PolicyDraft
from rotc.refusals import BadValue
from rotc.roster.models import Term
from rotc.standings.models import Standing
from rotc.verdicts import overrides
from tests import factories
from tests.policies.typed import page_of
from tests.reports import graded
from tests.standings.test_always_true import fresh, stored


@pytest.fixture
def page(term):
    return page_of(term)


@pytest.fixture
def officer(as_user, commandant):
    """The commandant, signed in."""
    return as_user(commandant)


@pytest.fixture
def cadets(platoon):
    """Five cadets, present on two days, with the same score in each exam; the first has demerits."""
    found = factories.platoon_of(platoon, 5)
    for each, raw in zip(found, (40, 40, 60, 88, 100), strict=True):
        graded.record(each, "PP", 0, 20 if each == found[0] else 0, raw, raw, raw)
    return found


@pytest.fixture
def draft(term, commandant):
    """A draft from NAVRESCOM."""
    return actions.begin_draft(term, Policy.preset("navrescom"), source="NAVRESCOM", by=commandant)


def shown(client, page) -> dict:
    """What the page that shows who would change sends back."""
    form = client.get(f"{page}flips/").context["form"]
    return {name: form[name].value() for name in ("version", "in_force", "seen")}


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- who flips


def test_who_would_change_is_counted_first_and_listed_the_worst_first(officer, page, draft, cadets):
    answer = officer.get(f"{page}flips/")
    text = words(answer)
    assert "Of 5 cadets 4 would change" in text
    assert "1 a worse rating" in text
    assert "1 a pass now" in text
    assert "2 a better rating" in text
    assert [
        (each.enrollment_id, each.was, each.before.total, each.would_be, each.after.total)
        for each in answer.context["page"].whole.all
    ] == [
        (cadets[3].pk, "1.00", Decimal("95.20"), "1.25", Decimal("97.60")),
        (cadets[0].pk, "No pass", Decimal("70.00"), "2.50", Decimal("82.00")),
        (cadets[1].pk, "3.00", Decimal("76.00"), "2.00", Decimal("88.00")),
        (cadets[2].pk, "2.50", Decimal("84.00"), "1.50", Decimal("92.00")),
    ]


def test_under_the_policy_in_force_itself_nobody_changes(term, cadets):
    assert flips(term, term.rules).all == []


def test_the_whole_list_is_a_file(officer, page, draft, cadets):
    lines = officer.get(f"{page}flips/", {"as": "csv"}).content.decode().splitlines()
    assert len(lines) == 5
    assert lines[2] == (
        '"77-0001","Cadet001","Test","Alpha","1st","A pass now","No pass","70.00","2.50","82.00",""'
    )
    assert officer.get(f"{page}flips/", {"as": "xlsx"}).status_code == 200
    assert JournalEntry.objects.filter(what="list taken").count() == 2


def test_a_cadet_absent_three_times_in_a_row_would_be_dropped_for_confirmation(
    officer, page, draft, platoon, cadets
):
    absent = factories.enroll(platoon, "77-0900", "Zafra", "Leo")
    graded.record(absent, "AAA", 0, 0, 100, 100, 100)
    found = officer.get(f"{page}flips/").context["page"].whole
    assert found.counts[0] == ("▼", "dropped for confirmation", 1)
    assert found.all[0].enrollment_id == absent.pk
    assert found.all[0].would_be == "DRP"
    assert "3 in a row" in found.all[0].why


def test_a_preset_can_be_tried_without_a_draft(officer, page, cadets):
    answer = officer.get(f"{page}flips/", {"with": "navrescom"})
    assert "would change" in words(answer)
    assert "Adopt" not in words(answer)
    assert not PolicyDraft.objects.exists()


def test_the_list_is_narrowed_to_a_company(officer, page, draft, cadets, bravo):
    other = factories.enroll(bravo.children.first(), "77-0901", "Bravo", "Leo")
    graded.record(other, "PP", 0, 0, 40, 40, 40)
    everywhere = officer.get(f"{page}flips/").context["page"]
    narrowed = officer.get(f"{page}flips/", {"unit": bravo.pk}).context["page"]
    assert len(everywhere.whole.all) == len(narrowed.whole.all)
    assert [each.enrollment_id for each in narrowed.shown.all] == [other.pk]
    assert narrowed.shown.of == 1


# --- adopting


def test_adopted_it_grades_everybody_as_it_was_shown(officer, page, draft, cadets, term):
    before = stored(term)
    listed = officer.get(f"{page}flips/").context["page"].whole.all

    answer = officer.post(f"{page}flips/", shown(officer, page) | {"reason": "The DMST asks for it"})

    assert answer.status_code == 302
    term = Term.objects.get()
    assert term.policy == draft.policy
    assert stored(term) == fresh(term)
    changed = {pk for pk, now in stored(term).items() if now[4:7] != before[pk][4:7]}
    assert changed == {each.enrollment_id for each in listed}
    for each in listed:
        standing = Standing.objects.get(enrollment=each.enrollment_id)
        assert (standing.if_ended_today or None) == each.after.if_ended_today


def test_the_journal_says_setting_by_setting_what_was_and_what_is(officer, page, draft, commandant):
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "The DMST asks for it"})
    line = JournalEntry.objects.get(what="policy adopted")
    assert (line.actor_id, line.reason) == (commandant.pk, "The DMST asks for it")
    assert line.changes["Nothing right counts"] == ["0 %", "50 %"]
    assert line.changes["Least attendance"] == ["Off", "24 points"]
    assert line.changes["Code for dropped"] == ["DO", "DRP"]
    assert "Weight of attendance" not in line.changes
    draft.refresh_from_db()
    assert (draft.adopted_by, draft.reason) == (commandant, "The DMST asks for it")


def test_an_adoption_is_taken_back_by_a_draft_from_the_policy_before(officer, page, draft, cadets, term):
    before = stored(term)
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "A try"})
    first = PolicyDraft.objects.get(reason=actions.AS_OPENED)

    assert "As the term was opened." in words(officer.get(page))
    officer.post(f"{page}begin/", {"base": first.pk})
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "It was a mistake"})

    assert Term.objects.get().policy == term.policy
    assert stored(term) == before
    reasons = [each.reason for each, _ in officer.get(page).context["page"].history]
    assert reasons == ["It was a mistake", "A try", actions.AS_OPENED]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_reason_nothing_is_adopted(officer, page, draft, reason, term):
    answer = officer.post(f"{page}flips/", shown(officer, page) | {"reason": reason})
    assert answer.status_code == 422
    assert Term.objects.get().policy == term.policy


def refused(officer, page, seen, said):
    before = Term.objects.get().policy
    answer = officer.post(f"{page}flips/", seen | {"reason": "Decided"})
    assert answer.status_code == 422
    assert said in words(answer)
    assert Term.objects.get().policy == before
    assert not JournalEntry.objects.filter(what="policy adopted").exists()
    return answer


def test_who_would_change_having_changed_it_is_refused_and_shown_anew(
    officer, page, draft, cadets, commandant
):
    seen = shown(officer, page)
    score = Score.objects.filter(enrollment=cadets[4]).first()
    record_score(cadets[4], score.exam, typed="20", seen_version=score.version, by=commandant)
    answer = refused(officer, page, seen, "Who would change is not what was shown any more")
    form = answer.context["form"]
    assert form["reason"].value() == "Decided"
    # What is shown now may be adopted.
    again = {name: form[name].value() for name in ("version", "in_force", "seen", "reason")}
    assert officer.post(f"{page}flips/", again).status_code == 302


def test_a_draft_changed_meanwhile_is_refused(officer, page, draft, commandant):
    seen = shown(officer, page)
    actions.change_draft(draft, draft.policy | {"exam_base": "40"}, seen_version=1, by=commandant)
    refused(officer, page, seen, "changed the draft meanwhile")


def test_another_policy_in_force_is_refused(officer, page, draft):
    seen = shown(officer, page)
    term = Term.objects.get()
    term.policy |= {"exam_base": "10"}
    term.save()
    refused(officer, page, seen, "Another policy was adopted meanwhile")


def test_a_draft_withdrawn_meanwhile_is_refused(officer, page, draft, commandant):
    seen = shown(officer, page)
    actions.withdraw_draft(draft, seen_version=1, by=commandant)
    answer = officer.post(f"{page}flips/", seen | {"reason": "Decided"})
    assert answer.status_code == 422
    assert "There is no draft any more" in words(answer)


def test_a_draft_that_says_the_same_is_not_adopted(officer, page, term, commandant):
    actions.begin_draft(term, term.rules, source="the policy in force", by=commandant)
    assert "There is nothing to adopt" in words(officer.get(f"{page}flips/"))
    refused(officer, page, shown(officer, page), "There is nothing to adopt")


def test_a_code_in_force_that_the_draft_does_not_know_is_named_and_refused(
    officer, page, draft, cadets, commandant
):
    overrides.set_override(cadets[0], "DO", reason="Left school", by=commandant)
    overrides.set_override(cadets[1], "INC", reason="Ill", by=commandant)
    assert "DO of Cadet001, Test" in words(officer.get(f"{page}flips/"))
    seen = shown(officer, page)
    answer = refused(officer, page, seen, "The draft has no code DO")
    assert "Cadet002" not in answer.context["page"].obstacle


@pytest.mark.parametrize("sent", [{}, {"version": "x", "in_force": "\0", "seen": "1"}, {"reason": "Decided"}])
def test_a_form_that_says_nothing_adopts_nothing(officer, page, draft, sent):
    assert officer.post(f"{page}flips/", sent).status_code == 422
    assert not JournalEntry.objects.filter(what="policy adopted").exists()


def test_a_closed_term_keeps_its_policy_for_ever(officer, page, draft, term):
    seen = shown(officer, page)
    term.closed_at = timezone.now()
    term.save()
    text = words(officer.get(page))
    assert "it keeps this policy for ever" in text
    assert "Begin a draft" not in text
    assert "Edit the draft" not in text
    posts = {
        "begin/": {},
        "draft/": {},
        "draft/withdraw/": {"version": 1},
        "flips/": seen | {"reason": "Why"},
    }
    for path, form in posts.items():
        answer = officer.post(page + path, form)
        assert answer.status_code == 422
        assert "is closed. Nothing was changed." in words(answer)
    assert Term.objects.get().policy == Policy.preset("msu-snd").to_dict()


def test_who_had_the_term_in_hand_before_it_was_adopted_grades_under_what_was(
    officer, page, draft, cadets, commandant, platoon
):
    old_term, score = cadets[1].term, Score.objects.filter(enrollment=cadets[1]).first()
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "Decided"})
    record_score(cadets[1], score.exam, typed="41", seen_version=score.version, by=commandant)
    factories.enroll(platoon, "77-0950", "Late", "Ana")
    assert old_term.policy["exam_base"] == "0"
    assert stored(old_term) == fresh(Term.objects.get())


def test_a_code_that_only_the_old_policy_knew_is_not_set_by_who_still_has_it_in_hand(
    officer, page, draft, cadets, commandant
):
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "Decided"})
    with pytest.raises(BadValue, match="“DO” is no code of this term: DRP, INC, T"):
        overrides.set_override(cadets[0], "DO", reason="Left school", by=commandant)


def test_a_cadets_page_and_the_paper_follow_at_once(as_user, officer, commandant, page, draft, cadets, term):
    address = f"/standing/{cadets[0].pk}/"
    first = officer.get(address)
    officer.post(f"{page}flips/", shown(officer, page) | {"reason": "Decided"})
    again = officer.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    standing = Standing.objects.get(enrollment=cadets[0])
    assert standing.proficiency == Decimal("28.00")
    assert "28.00" in again.content.decode()
    paper = officer.get(f"/reports/computation-of-grades/?term={term.name}&unit=").content.decode()
    assert "28.00" in paper


@pytest.mark.parametrize("params", [{}, {"as": "csv"}], ids=["page", "file"])
def test_who_would_change_costs_the_same_trips_however_many_they_are(
    queries_of, commandant, page, draft, cadets, platoon, params
):
    few = queries_of(commandant, f"{page}flips/", params)
    for each in factories.many(platoon, 60)[:30]:
        graded.record(each, "AAA", 0, 0, 50, 50, 50)
    assert queries_of(commandant, f"{page}flips/", params) == few
