"""Choosing the cadets of a new term: what is proposed and why, and that what is shown is what is written."""

import re

import pytest
from django.utils import timezone

from rotc.accounts.actions import relieve
from rotc.accounts.models import Appointment
from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment, Term
from rotc.standings.models import Standing
from rotc.terms.actions import open_term
from rotc.terms.choosing import year_after
from tests import factories

CHOOSE = "/terms/2026-2027-2/cadets/"
CARRY = f"{CHOOSE}carry/"
KEY = re.compile(r'name="cadet" value="([\w.]+)"( checked)?')


@pytest.fixture
def new(term, alpha, commandant):
    """The 2nd semester, opened from the 1st by the Commandant, who stays so."""
    return open_term("2026-2027", 2, source=term, by=commandant)[0]


def stands(enrollment, verdict, rating="", **placing):
    """Let somebody have ended the term like this."""
    Standing.objects.filter(enrollment=enrollment).update(verdict=verdict, rating=rating)
    Enrollment.objects.filter(pk=enrollment.pk).update(**placing)


@pytest.fixture
def several(platoon, new):
    """One of each: who passed MS1, passed MS2, failed, is incomplete, dropped, is not graded."""
    names = ["Passed", "Finished", "Failed", "Incomplete", "Dropped", "Ungraded"]
    found = {
        name: factories.enroll(platoon, f"90-{number}", name, "Test") for number, name in enumerate(names)
    }
    stands(found["Passed"], "passed", "1.75", rank="CDT", year_level="1st", position="Platoon Leader")
    stands(found["Finished"], "passed", "2.00", ms_level="MS2")
    stands(found["Failed"], "failed", "5.00")
    stands(found["Incomplete"], "incomplete", "INC")
    stands(found["Dropped"], "dropped", "DRP")
    return found


def rows(page) -> dict[str, str]:
    """Each cadet's row of the page, as text, by last name."""
    body = page.split('<tbody class="ticks">')[1].split("</tbody>")[0]
    return {
        re.search(r"<span>(\w+),", row)[1]: " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in body.split("</tr>")[:-1]
    }


def ticked(page) -> set[str]:
    body = page.split('<tbody class="ticks">')[1]
    return {re.search(r"<span>(\w+),", row)[1] for row in body.split("</tr>")[:-1] if KEY.search(row)[2]}


def keys(page) -> list[str]:
    return [key for key, checked in KEY.findall(page) if checked]


def read(client, path=CHOOSE, **params) -> str:
    return client.get(path, params).content.decode()


def form(page, **more) -> dict:
    return {"from": "2026-2027-1", "cadet": keys(page), **more}


def test_who_passed_ms1_is_promoted_and_who_finished_or_dropped_is_left(as_user, commandant, several):
    page = read(as_user(commandant))

    assert ticked(page) == {"Passed", "Failed", "Incomplete", "Ungraded"}
    shown = rows(page)
    assert "MS1 → MS2" in shown["Passed"]
    assert "has finished MS2" in shown["Finished"]
    assert "Failed" in shown["Failed"]
    assert "→" not in shown["Failed"]
    assert "For confirmation" in shown["Dropped"]
    assert "Not graded yet" in shown["Ungraded"]


def test_with_everybody_staying_nobody_changes_level_and_nobody_has_finished(as_user, commandant, several):
    page = read(as_user(commandant), promote="keep")

    assert ticked(page) == {"Passed", "Finished", "Failed", "Incomplete", "Ungraded"}
    assert all("→" not in row for row in rows(page).values())


def test_while_the_term_runs_a_pass_is_judged_as_if_it_ended_today(as_user, commandant, several):
    Standing.objects.filter(enrollment=several["Passed"]).update(
        verdict="in_progress", rating="", if_ended_today="1.50", total=90
    )
    Standing.objects.filter(enrollment=several["Failed"]).update(
        verdict="in_progress", rating="", if_ended_today="", total=40
    )

    shown = rows(read(as_user(commandant)))

    assert "MS1 → MS2" in shown["Passed"]
    assert "1.50 if the term ended today" in shown["Passed"]
    assert "No pass if the term ended today" in shown["Failed"]


def test_a_code_set_by_hand_never_counts_as_a_pass(as_user, commandant, several):
    stands(several["Passed"], "overridden", "INC")
    stands(several["Failed"], "overridden", "DO")

    page = read(as_user(commandant))

    assert "→" not in rows(page)["Passed"]
    assert {"Passed", "Failed"} & ticked(page) == {"Passed"}


def test_who_the_roster_calls_dropped_is_left(as_user, commandant, several):
    stands(several["Passed"], "passed", "1.75", status="Dropped")

    assert "Passed" not in ticked(read(as_user(commandant)))


def test_an_archived_cadet_is_never_offered(as_user, commandant, several):
    Cadet.objects.filter(last_name="Passed").update(archived_at=timezone.now())

    page = read(as_user(commandant), tick="all")

    assert "Passed" not in rows(page)
    assert "1 archived, not offered." in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"ms": "MS2"}, {"Finished"}),
        ({"outcome": "failed"}, {"Failed"}),
        ({"outcome": "dropped"}, {"Dropped"}),
        ({"ms": "nonsense", "outcome": "nonsense", "promote": "x", "tick": "x"}, None),
    ],
)
def test_the_list_is_narrowed_by_level_and_outcome(as_user, commandant, several, asked, shown):
    assert set(rows(read(as_user(commandant), **asked))) == (shown or set(several))


def test_the_list_is_narrowed_to_a_unit(as_user, commandant, several, alpha):
    second = alpha.children.get(path__endswith="2nd/")
    factories.enroll(second, "91-1", "Elsewhere", "Test")

    assert set(rows(read(as_user(commandant), unit=second.pk))) == {"Elsewhere"}


@pytest.mark.parametrize(("tick", "many"), [("all", 6), ("none", 0), ("", 4)])
def test_all_none_or_those_proposed_are_ticked(as_user, commandant, several, tick, many):
    assert len(ticked(read(as_user(commandant), tick=tick))) == many


def test_the_preview_counts_what_would_be_written_and_writes_nothing(as_user, commandant, several, new):
    client = as_user(commandant)

    preview = client.post(CHOOSE, form(read(client))).content.decode()

    assert "Carry 4: 1 promoted to MS2, 3 as they are; leave 2." in preview
    assert new.enrollments.count() == 0


def test_ticks_changed_by_hand_come_back_as_they_were(as_user, commandant, several):
    client = as_user(commandant)
    some = form(read(client))
    some["cadet"] = some["cadet"][:2]

    page = client.post(CHOOSE, some | {"again": "1"}).content.decode()

    assert len(ticked(page)) == 2


def test_exactly_those_shown_are_enrolled_as_they_were_shown(as_user, commandant, several, new):
    client = as_user(commandant)
    preview = client.post(CHOOSE, form(read(client))).content.decode()

    done = client.post(CARRY, {"from": "2026-2027-1", "cadet": KEY_HIDDEN.findall(preview)}, follow=True)

    assert "4 cadets enrolled: 1 promoted to MS2, 3 as they are." in done.content.decode()
    found = {each.cadet.last_name: each for each in new.enrollments.select_related("cadet", "unit")}
    assert set(found) == {"Passed", "Failed", "Incomplete", "Ungraded"}
    passed = found["Passed"]
    assert (passed.ms_level, passed.rank, passed.year_level, passed.position) == ("MS2", "CDT", "1st", "")
    assert (passed.unit.term, passed.unit.path) == (new, "1st/alpha/1st/")
    assert found["Failed"].ms_level == "MS1"
    assert {each.standing.verdict for each in found.values()} == {"in_progress"}


KEY_HIDDEN = re.compile(r'type="hidden" name="cadet" value="([\w.]+)"')


def test_each_enrollment_has_its_line_in_the_journal(as_user, commandant, several, new):
    client = as_user(commandant)
    client.post(CARRY, form(read(client)))

    lines = JournalEntry.objects.filter(term_id=new.pk, what="enrolled")

    assert lines.count() == 4
    assert set(lines.values_list("reason", "actor_id")) == {("From 2026-2027-1", commandant.pk)}
    passed = lines.get(cadet_id=several["Passed"].cadet_id)
    assert passed.changes["ms level"] == [None, "MS2"]


def test_when_facts_have_moved_nobody_is_enrolled_and_the_ticks_stay(as_user, commandant, several, new):
    client = as_user(commandant)
    shown = form(read(client))
    stands(several["Passed"], "failed", "5.00")

    looked = client.post(CHOOSE, shown)
    written = client.post(CARRY, shown)

    for answer in (looked, written):
        assert answer.status_code in (409, 422)
        assert "changed since" in answer.content.decode()
        assert len(ticked(answer.content.decode())) == 4
    assert "Passed, Test" in written.content.decode()
    assert new.enrollments.count() == 0


def test_it_can_be_done_again_for_more_and_who_is_enrolled_stays_as_they_are(
    as_user, commandant, several, new
):
    client = as_user(commandant)
    everybody = form(read(client, tick="all"))
    client.post(CARRY, everybody | {"cadet": everybody["cadet"][:2]})
    before = set(new.enrollments.values_list("pk", "ms_level"))

    said = client.post(CARRY, everybody, follow=True).content.decode()

    assert "2 were enrolled already and stay as they are." in said
    assert new.enrollments.count() == 6
    assert before <= set(new.enrollments.values_list("pk", "ms_level"))
    assert "6 enrolled already." in read(client)


def test_nobody_ticked_is_said(as_user, commandant, several, new):
    answer = as_user(commandant).post(CHOOSE, {"from": "2026-2027-1"})

    assert answer.status_code == 422
    assert "Nobody is ticked. Nothing was written." in answer.content.decode()


@pytest.mark.parametrize("key", ["x", "1", "999999.ab", "-1.a", "1.é", "99999999999999999999.a"])
def test_a_made_up_tick_enrolls_nobody(as_user, commandant, several, new, key):
    for path in (CHOOSE, CARRY):
        answer = as_user(commandant).post(path, {"from": "2026-2027-1", "cadet": [key]})
        assert answer.status_code in (404, 409, 422)
    assert new.enrollments.count() == 0


def test_a_unit_that_is_not_there_any_more_leaves_its_cadets_in_the_one_above(
    as_user, commandant, several, new, alpha
):
    late = factories.company(several["Passed"].term, "Charlie")
    factories.enroll(late.children.first(), "92-1", "Charlie", "Test")
    client = as_user(commandant)

    page = read(client)
    client.post(CARRY, form(page))

    assert "→ 1st Battalion" in rows(page)["Charlie"]
    assert new.enrollments.get(cadet__last_name="Charlie").unit.path == "1st/"


def test_a_new_school_year_raises_the_year_level(as_user, commandant, several, term):
    later = open_term("2027-2028", 1, source=term, by=commandant)[0]
    client = as_user(commandant)

    page = client.get(f"/terms/{later.name}/cadets/").content.decode()
    client.post(f"/terms/{later.name}/cadets/carry/", form(page))

    assert "the year level rises by one" in page
    assert later.enrollments.get(cadet__last_name="Passed").year_level == "2nd"


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        ("1st", 1, "2nd"),
        ("4th", 1, "5th"),
        ("5th", 1, "5th"),
        ("2nd", 0, "2nd"),
        ("", 1, ""),
        ("Irr", 1, "Irr"),
    ],
)
def test_the_year_level_after(before, years, after):
    assert year_after(before, years) == after


def test_cadet_officers_go_on_only_when_that_is_ticked(as_user, commandant, leader, new):
    client = as_user(commandant)
    shown = form(read(client))
    led = leader.appointments.get()

    preview = client.post(CHOOSE, shown | {"officers": "on"}).content.decode()
    assert "Reyes, Ana, Cadet officer, Alpha Company" in preview
    client.post(CARRY, shown | {"officers": "on", "appointment": [led.pk]})

    assert Appointment.objects.filter(user=leader, unit__term=new, unit__path="1st/alpha/").count() == 1


def test_a_cadet_officer_relieved_in_the_new_term_is_not_brought_back_by_the_same_ticks(
    as_user, commandant, administrator, leader, new
):
    client = as_user(commandant)
    ticks = form(read(client), officers="on", appointment=[leader.appointments.get().pk])
    client.post(CARRY, ticks)
    relieve(leader.appointments.get(unit__term=new), by=administrator)

    answer = client.post(CARRY, ticks)

    assert "relieved of an appointment meanwhile" in answer.content.decode()
    assert not leader.appointments.filter(unit__term=new, relieved_at=None).exists()


def test_an_archived_cadet_leads_nothing_in_the_new_term(as_user, commandant, leader, new):
    client = as_user(commandant)
    ticks = form(read(client), officers="on", appointment=[leader.appointments.get().pk])
    client.post(CARRY, form(read(client)))
    Cadet.objects.filter(pk=leader.cadet_id).update(archived_at=timezone.now())

    client.post(CARRY, ticks)

    assert not leader.appointments.filter(unit__term=new).exists()


def test_without_the_tick_a_cadet_officer_is_a_cadet_in_the_new_term(as_user, commandant, leader, new):
    client = as_user(commandant)
    client.post(CARRY, form(read(client)))

    assert new.enrollments.filter(cadet=leader.cadet).exists()
    assert not Appointment.objects.filter(user=leader, unit__term=new).exists()


def test_a_clerk_enrolls_and_appoints_nobody(as_user, clerk, leader, term, alpha, commandant):
    staff = [each.appointments.get().pk for each in (clerk, commandant)]
    new, _ = open_term("2026-2027", 2, source=term, by=None, appointments=staff)
    client = as_user(clerk)
    page = read(client)
    assert 'name="officers"' not in page

    client.post(CARRY, form(page, officers="on", appointment=[leader.appointments.get().pk]))

    assert new.enrollments.count() == 1
    assert not Appointment.objects.filter(user=leader, unit__term=new).exists()


@pytest.mark.parametrize("person", ["tactical", "leader", "cadet"])
def test_only_who_changes_the_whole_roster_chooses(as_user, request, new, person):
    client = as_user(request.getfixturevalue(person))

    assert client.get(CHOOSE).status_code == 403
    assert client.post(CARRY).status_code == 403


def test_nobody_enrolls_themselves(as_user, several, new):
    own = several["Passed"].cadet.user
    factories.appointed(own, "clerk", new.units.get(kind="corps"))

    assert "Passed" not in rows(read(as_user(own)))


def test_a_closed_term_takes_nobody(as_user, commandant, several, new):
    client = as_user(commandant)
    shown = form(read(client))
    Term.objects.filter(pk=new.pk).update(closed_at=timezone.now())

    assert "is closed" in read(client)
    assert client.post(CARRY, shown).status_code == 422
    assert new.enrollments.count() == 0


def test_without_an_earlier_term_the_page_says_so(as_user, commandant, term):
    page = read(as_user(commandant), f"/terms/{term.name}/cadets/")

    assert "No earlier term to choose from" in page


def test_choosing_and_enrolling_cost_the_same_trips_for_a_few_and_for_three_hundred(
    as_user, commandant, platoon, new, queries_of, django_assert_max_num_queries
):
    factories.many(platoon, 3)
    few = queries_of(commandant, CHOOSE)
    factories.many(platoon, 300, start=10)
    assert queries_of(commandant, CHOOSE) <= few

    client = as_user(commandant)
    shown = form(read(client))
    with django_assert_max_num_queries(60):
        client.post(CARRY, shown)
    assert new.enrollments.count() == 303


def test_the_command_carries_those_who_are_proposed(several, term, capsys):
    from django.core.management import call_command

    call_command("open_term", "2027-2028", "1", "--from", term.name, "--cadets")

    assert "4 cadets enrolled: 1 promoted to MS2, 3 as they are." in capsys.readouterr().out
    assert Enrollment.objects.filter(term__name="2027-2028-1").count() == 4
