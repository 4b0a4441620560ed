"""A drop is recommended by the figures and decided by the Commandant; what was decided stands beside the figures."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from rotc.attendance.models import AttendanceMark
from rotc.grading import Policy
from rotc.journal.models import JournalEntry
from rotc.refusals import BadValue, NotNow, TermClosed
from rotc.roster import archiving
from rotc.roster.models import Enrollment
from rotc.standings.models import Standing
from rotc.verdicts.drops import withdraw_decision
from rotc.verdicts.models import DropDecision
from rotc.verdicts.overrides import set_override
from tests import factories
from tests.reports import graded
from tests.verdicts.people import WHY, confirmed, drop_rule, marked, standing, too_often_absent, waived


@pytest.fixture
def absent(enrollment):
    too_often_absent(enrollment)
    return enrollment


def decide(client, enrollment, decision, /, **given):
    facts = {"decision": decision, "reason": "Decided so", "recommended": WHY, "seen": "", **given}
    return client.post(f"/verdicts/drops/{enrollment.pk}/", facts)


def today():
    day = timezone.localdate()
    return f"{day.day} {day:%b %Y}"


# --- what is decided, and what follows


def test_a_confirmed_drop_stays_dropped_and_is_said_so(absent, commandant):
    assert standing(absent).remark == f"For confirmation: {WHY}"
    confirmed(absent, commandant)
    now = standing(absent)
    assert (now.verdict, now.rating) == ("dropped", "DRP")
    assert now.remark == f"Dropped: 4 unexcused of 3 allowed, confirmed by {commandant.title} on {today()}"


def test_a_waived_cadet_is_graded_by_the_figures_and_it_is_said_who_waived_it_and_why(absent, commandant):
    waived(absent, commandant)
    now = standing(absent)
    assert now.verdict == "in_progress"
    assert f"drop waived by {commandant.title} on {today()}" == now.remark.split("; ")[-1]


def test_the_decision_keeps_what_the_engine_said_and_the_journal_who_and_why(absent, commandant):
    made = waived(absent, commandant)
    assert (made.recommended, made.reason, made.decided_by) == (WHY, "Was ill", commandant)
    line = JournalEntry.objects.filter(what="drop waived").get()
    assert (line.enrollment_id, line.actor_id, line.reason) == (absent.pk, commandant.pk, "Was ill")
    assert line.changes == {"drop": [None, "waived"], "because": [None, WHY]}


def test_a_withdrawn_waiver_waits_for_confirmation_again(absent, commandant):
    made = waived(absent, commandant)
    withdraw_decision(absent, seen=made.pk, reason="The paper was false", by=commandant)
    assert standing(absent).remark == f"For confirmation: {WHY}"
    made.refresh_from_db()
    assert made.withdrawn_by == commandant
    line = JournalEntry.objects.filter(what="drop decision withdrawn").get()
    assert (line.changes, line.reason) == ({"drop": ["waived", None]}, "The paper was false")


def test_a_waiver_holds_for_absences_that_come_after_it_and_they_are_pointed_out(as_user, absent, commandant):
    waived(absent, commandant)
    marked(absent, 1, "A")  # now three in a row as well
    now = standing(absent)
    assert now.verdict == "in_progress"
    assert now.decision["look_again"]
    client = as_user(commandant)
    assert "The absences are not those that were waived" in client.get(f"/verdicts/drops/{absent.pk}/").text
    assert "1</b> <span>decision on drops to look at again" in client.get("/").text


def test_it_is_decided_anew_over_the_decision_in_force(absent, commandant):
    first = waived(absent, commandant)
    second = confirmed(absent, commandant, seen=first.pk)
    assert list(DropDecision.objects.filter(withdrawn_at=None)) == [second]
    assert standing(absent).is_confirmed
    with pytest.raises(BadValue, match="confirmed already"):
        confirmed(absent, commandant, seen=second.pk)


def test_a_confirmed_drop_whose_absences_are_excused_grades_nobody(as_user, absent, commandant, cadet):
    confirmed(absent, commandant)
    marked(absent, 0, "E")
    now = standing(absent)
    assert now.verdict == "in_progress"
    assert now.rating == ""
    assert f"the drop confirmed by {commandant.title} on {today()} is no longer backed" in now.remark
    page = as_user(commandant).get(f"/verdicts/drops/{absent.pk}/").text
    assert "The figures do not call for a drop any more" in page
    assert "no longer backed by the figures and grades nobody" in as_user(cadet).get("/standing/").text


def test_more_absences_back_a_confirmed_drop_as_well(absent, commandant):
    confirmed(absent, commandant)
    marked(absent, 14, "A")
    now = standing(absent)
    assert now.remark.startswith("Dropped: 5 unexcused of 3 allowed, confirmed by")
    assert not now.decision["look_again"]


def test_a_waiver_whose_absences_are_excused_is_to_be_looked_at_again(absent, commandant):
    waived(absent, commandant)
    marked(absent, 0, "E")
    now = standing(absent)
    assert "no longer backed by the figures" in now.remark
    assert now.decision["look_again"]


def test_a_drop_rule_that_is_switched_off_leaves_decisions_without_effect(absent, commandant):
    confirmed(absent, commandant)
    absent.term.policy = Policy.preset("msu-snd").to_dict()
    absent.term.save()
    marked(absent, 0, "A")
    assert standing(absent).verdict == "in_progress"
    assert standing(absent).decision["now"] == ""


def test_when_the_term_ends_a_waived_cadet_passes_or_fails_by_the_figures(absent, commandant):
    waived(absent, commandant)
    graded.close(absent.term)
    now = standing(absent)
    assert (now.verdict, now.rating) == ("failed", "5.00")
    assert now.remark.startswith("Failed: attendance 22.00 is below the minimum of 24; drop waived by")


def test_a_code_set_by_hand_decides_and_no_drop_is_decided_beside_it(absent, commandant):
    waived(absent, commandant)
    set_override(absent, "INC", reason="Papers", by=commandant)
    assert standing(absent).remark == "INC set by hand"
    with pytest.raises(NotNow, match="call for no drop"):
        confirmed(absent, commandant, seen=DropDecision.objects.get().pk)


def test_the_record_of_whom_a_drop_was_decided_is_never_erased(absent, commandant):
    confirmed(absent, commandant)
    AttendanceMark.objects.all().delete()
    assert Enrollment.objects.filter(archiving.has_facts(), pk=absent.pk).exists()


# --- what is refused


def test_nothing_is_decided_where_nothing_is_recommended(enrollment, commandant):
    drop_rule(enrollment.term)
    with pytest.raises(NotNow, match="call for no drop"):
        confirmed(enrollment, commandant)
    assert not DropDecision.objects.exists()


def test_nothing_is_decided_when_the_absences_are_others_by_now(absent, commandant):
    marked(absent, 14, "A")
    with pytest.raises(NotNow, match="changed since you opened it"):
        waived(absent, commandant)
    assert not DropDecision.objects.exists()


def test_nothing_is_decided_over_a_decision_that_was_not_seen(absent, commandant):
    made = waived(absent, commandant)
    with pytest.raises(NotNow):
        confirmed(absent, commandant)
    with pytest.raises(NotNow):
        withdraw_decision(absent, seen=made.pk + 1, reason="Wrong", by=commandant)
    assert standing(absent).verdict == "in_progress"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_it_is_not_decided_without_a_reason(absent, commandant, reason):
    with pytest.raises(BadValue):
        confirmed(absent, commandant, reason=reason)


def test_a_closed_term_decides_nothing(absent, commandant):
    made = waived(absent, commandant)
    graded.close(absent.term)
    with pytest.raises(TermClosed):
        withdraw_decision(absent, seen=made.pk, reason="Wrong", by=commandant)
    with pytest.raises(TermClosed):
        confirmed(absent, commandant, seen=made.pk)


def test_nobody_decides_of_themselves(absent, cadet, term, as_user):
    factories.appointed(cadet, "commandant", term.units.get(kind="corps"))
    with pytest.raises(BadValue, match="your own record"):
        waived(absent, cadet)
    assert decide(as_user(cadet), absent, "waived").status_code == 403


def test_the_database_keeps_one_decision_in_force(absent, commandant):
    facts = {"enrollment": absent, "reason": "x", "recommended": WHY, "decided_by": commandant}
    DropDecision.objects.create(decision="waived", **facts)
    with pytest.raises(IntegrityError):
        DropDecision.objects.create(decision="confirmed", **facts)


# --- the pages


def test_the_commandant_is_told_of_it_decides_it_and_reads_it_back(as_user, absent, commandant):
    client = as_user(commandant)
    assert "1</b> <span>drop to confirm or waive" in client.get("/").text
    page = client.get("/verdicts/drops/?show=open").text
    assert "Absences: 4 unexcused of 3 allowed" in page
    assert "Decide<" in page
    assert "Record the decision" in client.get(f"/verdicts/drops/{absent.pk}/").text
    assert decide(client, absent, "confirmed").status_code == 302
    assert "to confirm or waive" not in client.get("/").text
    assert "Decided so" in client.get("/verdicts/drops/?show=decided").text
    page = client.get(f"/verdicts/drops/{absent.pk}/").text
    assert f"Confirmed by {commandant.title} on {today()}" in page
    assert "Drop confirmed" in page
    assert "Nothing of this kind" in client.get("/verdicts/drops/?show=open").text


def test_a_decision_over_other_figures_is_refused_in_a_sentence_and_the_reason_stays(
    as_user, absent, commandant
):
    client = as_user(commandant)
    marked(absent, 14, "A")
    answer = decide(client, absent, "waived")
    assert answer.status_code == 422
    assert "This changed since you opened it" in answer.text
    assert 'value="Decided so"' in answer.text
    again = "absences: 5 unexcused of 3 allowed"
    assert f'name="recommended" value="{again}"' in answer.text
    assert decide(client, absent, "waived", recommended=again).status_code == 302


@pytest.mark.parametrize(
    "given", [{"decision": "perhaps"}, {"reason": ""}, {"seen": "x"}, {"seen": "9" * 30}, {"reason": "a\0b"}]
)
def test_what_cannot_be_read_is_asked_for_again(as_user, absent, commandant, given):
    assert decide(as_user(commandant), absent, "waived", **given).status_code == 422
    assert not DropDecision.objects.exists()


def test_it_is_withdrawn_with_a_reason(as_user, absent, commandant):
    made, client = waived(absent, commandant), as_user(commandant)
    path = f"/verdicts/drops/{absent.pk}/withdraw/"
    assert f'name="seen" value="{made.pk}"' in client.get(path).text
    assert client.post(path, {"seen": made.pk, "reason": ""}).status_code == 422
    assert client.post(path, {"seen": made.pk, "reason": "Wrong"}).status_code == 302
    assert client.get(path).status_code == 404
    assert standing(absent).verdict == "dropped"


@pytest.mark.parametrize("person", ["tactical", "clerk", "administrator", "director"])
def test_other_officers_read_it_and_decide_nothing(as_user, request, absent, person, term):
    if person == "director":
        user = factories.staff("nstp.director", "command_group", term.units.get(kind="corps"))
    else:
        user = request.getfixturevalue(person)
    client = as_user(user)
    assert "Dela Cruz" in client.get("/verdicts/drops/").text
    page = client.get(f"/verdicts/drops/{absent.pk}/").text
    assert "The Commandant confirms or waives it" in page
    assert "Record the decision" not in page
    assert decide(client, absent, "waived").status_code == 403
    assert client.get(f"/verdicts/drops/{absent.pk}/withdraw/").status_code == 403
    assert "to confirm or waive" not in client.get("/").text


def test_cadets_and_their_leaders_have_no_list_of_drops(as_user, absent, cadet, leader, bravo):
    for user in (cadet, leader):
        assert as_user(user).get("/verdicts/drops/").status_code == 403
        assert as_user(user).get(f"/verdicts/drops/{absent.pk}/").status_code == 403
    stranger = as_user(factories.staff("tactical.bravo", "tactical_officer", bravo))
    assert "Dela Cruz" not in stranger.get("/verdicts/drops/").text
    assert stranger.get(f"/verdicts/drops/{absent.pk}/").status_code == 404


def test_the_list_is_taken_as_a_file(as_user, absent, commandant):
    waived(absent, commandant)
    head, row = as_user(commandant).get("/verdicts/drops/?as=csv").text.splitlines()
    assert head.endswith('"Decision","Decided By","Decided On","Reason","Look Again"')
    assert f'"{WHY}","Waived","{commandant.title}","{timezone.localdate()}","Was ill",' in row


@pytest.mark.parametrize("path", ["/verdicts/drops/", "/verdicts/drops/?as=csv", "/"])
def test_the_list_costs_the_same_trips_at_3_and_at_60(queries_of, commandant, platoon, absent, path):
    def grow(size, start):
        places = factories.many(platoon, size, start)
        Standing.objects.filter(enrollment__in=places).update(verdict="dropped", reasons=[WHY], rating="DRP")
        for each in places[::2]:
            waived(each, commandant)

    grow(3, 0)
    few = queries_of(commandant, path)
    grow(57, 100)
    assert queries_of(commandant, path) == few


def test_before_there_is_a_term_the_list_says_so(as_user, administrator):
    page = as_user(administrator).get("/verdicts/drops/")
    assert "No term is open yet" in page.text


# --- where else it is read


def test_the_cadet_reads_what_was_decided_and_why(as_user, absent, cadet, commandant):
    client = as_user(cadet)
    before = client.get("/standing/")
    made = confirmed(absent, commandant)
    page = client.get("/standing/", headers={"If-None-Match": before["ETag"]})
    assert page.status_code == 200
    assert "Dropped</span> <b>DRP</b>" in page.text
    assert f"Drop confirmed by {commandant.title} on {today()}: Agreed" in page.text
    withdraw_decision(absent, seen=made.pk, reason="Wrong", by=commandant)
    after = client.get("/standing/", headers={"If-None-Match": page["ETag"]})
    assert "For confirmation by the Commandant" in after.text
    assert "/verdicts/" not in after.text


def test_a_waived_cadet_reads_their_figures_and_the_waiver(as_user, absent, cadet, commandant):
    waived(absent, commandant)
    page = as_user(cadet).get("/standing/").text
    assert "Attendance 22.00 is below the 24 that is needed." in page
    assert f"Drop waived by {commandant.title} on {today()}: Was ill" in page
    assert "DRP" not in page


@pytest.mark.parametrize("paper", ["class-record", "computation-of-grades"])
def test_papers_name_a_confirmed_drop_and_say_what_is_only_recommended(
    as_user, absent, commandant, platoon, paper
):
    path = f"/reports/{paper}.csv?term={absent.term.name}&unit="
    client = as_user(commandant)
    assert f"in progress; DRP for confirmation: {WHY}" in client.get(path).text
    confirmed(absent, commandant)
    row = client.get(path).text.splitlines()[-1]
    said = f"Dropped: 4 unexcused of 3 allowed, confirmed by {commandant.title} on {today()}"
    assert f'"DRP","{said}"' in row


def test_a_paper_says_that_a_drop_was_waived(as_user, absent, commandant):
    waived(absent, commandant)
    path = f"/reports/class-record.csv?term={absent.term.name}&unit="
    assert (
        f"in progress; drop waived by {commandant.title} on {today()}" in as_user(commandant).get(path).text
    )


def test_a_waived_cadet_has_a_place_again(as_user, absent, commandant):
    client = as_user(commandant)
    assert "Nobody has a total yet" in client.get("/board/").text
    waived(absent, commandant)
    assert "Dela Cruz" in client.get("/board/").text
