from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rotc.conduct import actions as conduct
from rotc.conduct.models import Citation, ConductEntry
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.standings.models import Standing
from tests import factories
from tests.imports.conftest import checked, chosen, committed, csv_of, give, plan_at, taken_back

JUAN = "2026-0001"
HEAD = "Student ID,Type,Points,Reason,Date"


@pytest.fixture
def on() -> date:
    """A month ago."""
    return factories.today() - timedelta(days=30)


@pytest.fixture
def enter(run):
    """``enter(bytes, *options)``: import merits and demerits."""

    def enter(data, *options, **more):
        return run(data, *options, kind="conduct", **more)

    return enter


@pytest.fixture
def line(on, enrollment):
    """A demerit of Juan's as a line of a file."""
    return f"{JUAN},Demerit,2,Late for formation,{on}"


def entries() -> list[tuple]:
    names = ("enrollment__cadet__student_number", "kind", "points", "reason", "date")
    return list(ConductEntry.objects.order_by("pk").values_list(*names))


def tables():
    standings = Standing.objects.order_by("enrollment").values_list(
        "enrollment", "aptitude", "total", "reasons"
    )
    return list(ConductEntry.objects.order_by("pk").values()), list(standings)


def planned(term, data, **choices):
    reach = everybody(term)
    return make_plan("conduct", term, "ledger.csv", data, Choices(**choices), by=None, reach=reach)


def reasons(outcome) -> list[str]:
    return [problem["reason"] for problem in outcome["problems"]]


# --- what a cell may hold


@pytest.mark.parametrize(
    ("kind", "words"),
    [("merit", ["Merit", "merits", "M", "m", "+"]), ("demerit", ["Demerit", "DEMERITS", "D", "d", "-", "−"])],
)
def test_merit_and_demerit_are_written_in_many_ways(enter, enrollment, on, kind, words):
    lines = [f"{JUAN},{word},{points},Drill,{on}" for points, word in enumerate(words, 1)]
    assert enter(csv_of(HEAD, *lines))["new"] == len(words)
    assert {(each[1], each[2]) for each in entries()} == {(kind, n) for n in range(1, len(words) + 1)}


@pytest.mark.parametrize(
    "headers", ["SID,Record Type,Score,Remarks,Date", "Student No,TYPE,points,note,date given"]
)
def test_columns_are_known_under_all_their_names(enter, line, headers):
    assert enter(csv_of(headers, line))["new"] == 1


def test_an_unknown_or_blank_type_is_a_problem_on_its_row(enter, enrollment, on):
    lines = [f"{JUAN},{word},1,Drill,{on}" for word in ("X", "", "merit?")]
    assert reasons(enter(csv_of(HEAD, *lines))) == [
        "“X” is neither merit nor demerit", "is blank; write merit or demerit",
        "“merit?” is neither merit nor demerit",
    ]  # fmt: skip
    assert entries() == []


@pytest.mark.parametrize("points", ["0", "-2", "201", "2.5", "1e3", "two", "", "٣", "9" * 400])
def test_points_are_whole_and_from_1_to_200(enter, enrollment, on, points):
    [problem] = enter(csv_of(HEAD, f"{JUAN},Merit,{points},Drill,{on}"))["problems"]
    assert problem["column"] == "Points"
    assert problem["reason"].endswith("a whole number from 1 to 200") or len(problem["reason"]) == 300
    assert entries() == []


@pytest.mark.parametrize("points", ["1", "200", "007", "5.0"])
def test_points_as_a_spreadsheet_writes_whole_numbers(enter, enrollment, on, points):
    enter(csv_of(HEAD, f"{JUAN},Merit,{points},Drill,{on}"))
    assert entries()[0][2] == int(float(points))


def test_a_reason_is_needed_and_has_at_most_200_characters(enter, enrollment, on):
    lines = [f"{JUAN},M,1,{reason},{on}" for reason in ("", "x" * 201, "x" * 200)]
    assert reasons(enter(csv_of(HEAD, *lines))) == [
        "is blank; every entry says what it is for", "is 201 characters long; at most 200 are kept",
    ]  # fmt: skip
    assert entries()[0][3] == "x" * 200


def test_dates_are_of_the_past_and_of_the_term(enter, enrollment):
    tomorrow, long_ago = (factories.today() + timedelta(days=days) for days in (1, -800))
    lines = [f"{JUAN},M,1,Drill,{day}" for day in (tomorrow, long_ago, "31/02/2026", "03/04/2026")]
    first, second, third, fourth = reasons(enter(csv_of(HEAD, *lines)))
    assert "still to come" in first and "more than a year before" in second
    assert "no day of the calendar" in third and "two ways" in fourth
    assert entries() == []


def test_a_row_without_a_date_takes_the_chosen_day_or_is_a_problem(enter, enrollment, on):
    data = csv_of("ID,Type,Points,Reason", f"{JUAN},M,1,Drill")
    assert reasons(enter(data)) == ["is blank, and no day is chosen for rows without a date"]
    enter(data, "--day", on.isoformat())
    assert entries() == [(JUAN, "merit", 1, "Drill", on)]


# --- whose, and what is written


def test_an_entry_counts_at_once_with_its_journal(enter, enrollment, line, on):
    enter(csv_of(HEAD, line))
    entry = ConductEntry.objects.get()
    assert entry.counts and entry.imported_at and entry.request_id is None
    journal = JournalEntry.objects.get(subject=f"conduct:{entry.pk}")
    assert journal.what == "conduct entry given"
    assert journal.changes == {
        "kind": [None, "Demerit"], "points": [None, 2], "reason": [None, "Late for formation"],
        "date": [None, on.isoformat()],
    }  # fmt: skip
    enrollment.standing.refresh_from_db()
    assert enrollment.standing.aptitude is not None


def test_the_officer_who_imports_has_given_the_entries(as_user, tactical, term, line):
    page = as_user(tactical)
    url = checked(page, term, csv_of(HEAD, line), kind="conduct")
    assert "Gives 1 demerit (2 points)." in page.get(url).content.decode()
    assert "the ledger" in committed(page, url).content.decode()
    entry = ConductEntry.objects.get()
    assert (entry.given_by, entry.approved_by) == (tactical, tactical)
    assert JournalEntry.objects.get(subject=f"conduct:{entry.pk}").how == "import"


def test_reason_and_points_stay_as_written_and_the_catalogue_is_linked_where_it_fits(enter, enrollment, on):
    citation = Citation.objects.filter(withdrawn_at=None, kind="demerit").first()
    points, most = citation.least_points, citation.most_points
    withdrawn = Citation.objects.filter(withdrawn_at=None, kind="demerit").last()
    Citation.objects.filter(pk=withdrawn.pk).update(withdrawn_at="2026-01-01T00:00Z")
    lines = [
        f'{JUAN},D,{points},"{citation.code.lower()}",{on}',
        f'{JUAN},D,{points},"{citation.title.upper()}",{on}',
        f'{JUAN},D,{most + 1},"{citation.title}",{on}',
        f'{JUAN},M,{points},"{citation.title}",{on}',
        f'{JUAN},D,{withdrawn.least_points},"{withdrawn.code}",{on}',
        f"{JUAN},D,{points},Something of ours,{on}",
    ]
    assert enter(csv_of(HEAD, *lines))["new"] == 6
    found = list(ConductEntry.objects.order_by("pk").values_list("citation", "points", "reason"))
    assert found == [
        (citation.pk, points, citation.code.lower()),
        (citation.pk, points, citation.title.upper()),
        (None, most + 1, citation.title),
        (None, points, citation.title),
        (None, withdrawn.least_points, withdrawn.code),
        (None, points, "Something of ours"),
    ]


def test_a_name_that_fits_two_cadets_is_a_question(as_user, commandant, term, alpha, on):
    for number in ("1", "2"):
        factories.enroll(alpha, number, "Reyes", "Ana")
    page = as_user(commandant)
    data = csv_of("Last Name,First Name,Type,Points,Reason", "Reyes,Ana,M,5,Drill")
    url = checked(page, term, data, kind="conduct", day=on)
    assert "Whom do you mean?" in page.get(url).content.decode()
    committed(page, page.post(f"{url}check/", chosen(page, url, answer_2="2")).url)
    assert entries() == [("2", "merit", 5, "Drill", on)]


def test_who_may_give_conduct_may_import_it_within_reach_only(
    as_user, tactical, leader, clerk, bravo, term, line
):
    factories.enroll(bravo, "9", "Cruz", "Ben")
    page = as_user(tactical)
    data = csv_of(HEAD, line, line.replace(JUAN, "9"), line.replace(JUAN, "404"))
    found = reasons({"problems": plan_at(checked(page, term, data, kind="conduct")).problems})
    assert found[0].replace("“9”", "x") == found[1].replace("“404”", "x")
    for user in (leader, clerk):
        assert give(as_user(user), term, data, kind="conduct").status_code == 403


# --- rows without a key


def test_the_same_file_again_gives_nothing_and_only_the_surplus_is_new(enter, line):
    assert enter(csv_of(HEAD, line, line))["new"] == 2
    again = enter(csv_of(HEAD, line, line))
    assert (again["new"], again["same"]) == (0, 2)
    more = enter(csv_of(HEAD, line, line, line))
    assert (more["new"], more["same"]) == (1, 2)
    assert len(entries()) == 3


@pytest.mark.parametrize(
    ("old", "new"), [("Demerit", "Merit"), (",2,", ",3,"), ("Late", "late"), ("formation", "formations")]
)
def test_a_row_that_differs_in_anything_is_another_entry(enter, line, old, new):
    enter(csv_of(HEAD, line))
    assert enter(csv_of(HEAD, line.replace(old, new)))["new"] == 1


def test_an_entry_given_by_hand_is_not_taken_for_one_of_a_file(enter, enrollment, line, on):
    conduct.give([enrollment], kind="demerit", points=2, reason="Late for formation", date=on, by=None)
    assert enter(csv_of(HEAD, line))["new"] == 1
    assert len(entries()) == 2


def test_a_reversed_entry_still_counts_as_imported(enter, line):
    enter(csv_of(HEAD, line))
    conduct.reverse(ConductEntry.objects.get(), reason="Was on guard", by=None)
    assert enter(csv_of(HEAD, line))["same"] == 1


def test_the_ledger_taken_out_as_a_file_goes_in_again_unchanged(as_user, commandant, term, enter, line):
    enter(csv_of(HEAD, line, line, line.replace("Demerit", "Merit").replace("Late", "'-Late")))
    conduct.reverse(ConductEntry.objects.first(), reason="Was on guard", by=None)
    page = as_user(commandant)
    for suffix in ("csv", "xlsx"):
        answer = page.get("/conduct/", {"as": suffix, "term": term.name, "show": "all"})
        url = checked(page, term, answer.content, kind="conduct", name=f"ledger.{suffix}")
        assert plan_at(url).notes["counts"]["new"] == 0
        assert plan_at(url).problems == []


def test_what_our_ledger_says_does_not_count_is_not_given(enter, line):
    lines = [f"{line},{state}" for state in ("Reversed", "Declined", "Proposed", "Given")]
    outcome = enter(csv_of(f"{HEAD},State", *lines))
    assert outcome["new"] == 1
    assert reasons(outcome)[0] == "is reversed; only entries that count are taken in"


# --- commit and undo


def test_two_files_with_the_same_entry_give_it_once(term, line):
    first, second = (planned(term, csv_of(HEAD, line)) for _ in range(2))
    commit_plan(first, by=None, reach=everybody(term))
    with pytest.raises(NotNow, match="check the file again"):
        commit_plan(second, by=None, reach=everybody(term))
    assert len(entries()) == 1


def test_import_then_undo_leaves_the_tables_as_they_were(
    as_user, commandant, term, enter, enrollment, line, on
):
    enter(csv_of(HEAD, line))
    conduct.give([enrollment], kind="merit", points=9, reason="Drill", date=on, by=None)
    before = tables()
    page = as_user(commandant)
    url = checked(page, term, csv_of(HEAD, line, line, f"{JUAN},M,5,Guard,{on}"), kind="conduct")
    committed(page, url)
    assert len(entries()) == 4
    assert "Everything is as it was before" in taken_back(page, url).content.decode()
    assert tables() == before
    back = JournalEntry.objects.filter(what="conduct entry taken back", how="undo")
    assert {each.changes["reason"][0] for each in back} == {"Late for formation", "Guard"}


def test_an_entry_reversed_since_stays_and_is_named(as_user, commandant, term, line, on):
    page = as_user(commandant)
    url = checked(page, term, csv_of(HEAD, line, f"{JUAN},M,5,Guard,{on}"), kind="conduct")
    committed(page, url)
    conduct.reverse(ConductEntry.objects.get(kind="demerit"), reason="Was on guard", by=commandant)
    shown = taken_back(page, url).content.decode()
    assert "Was reversed since: Was on guard" in shown
    assert [each[1] for each in entries()] == ["demerit"]


def test_undo_leaves_what_is_out_of_reach_by_now(term, alpha, line, on):
    factories.enroll(alpha, "5", "Cruz", "Ben")
    plan = planned(term, csv_of(HEAD, line, f"5,M,5,Guard,{on}"))
    commit_plan(plan, by=None, reach=everybody(term))
    reach = everybody(term)
    undo_plan(plan, by=None, reach=type(reach)(reach.enrollments.filter(cadet__student_number="5")))
    assert ImportPlan.objects.get().kept[0]["reason"] == "is not yours to change any more"
    assert len(entries()) == 1


def test_ten_thousand_entries_go_in_and_out_in_batches(term, alpha, on):
    cadets = factories.many(alpha, 1_000)
    lines = [
        f"{each.cadet.student_number},{'MD'[n % 2]},{n + 1},Drill,{on}" for n in range(10) for each in cadets
    ]
    trips = {}
    for size in (100, len(lines)):
        with CaptureQueriesContext(connection) as found:
            plan = planned(term, csv_of(HEAD, *lines[:size]))
            commit_plan(plan, by=None, reach=everybody(term))
        trips[size] = len(found)
    assert ConductEntry.objects.count() == 10_000
    assert trips[10_000] < trips[100] + 400  # what is written goes in batches
    with CaptureQueriesContext(connection) as found:
        undo_plan(plan, by=None, reach=everybody(term))
    assert len(found) < 400
    assert ConductEntry.objects.count() == 100
