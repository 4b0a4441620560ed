from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rotc.accounts.models import SignInName
from rotc.attendance.actions import Wanted, mark_many
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.attendance.planning import cancel_day
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Cadet
from rotc.standings.models import Standing
from tests import factories
from tests.imports.conftest import checked, chosen, committed, csv_of, give, plan_at, taken_back, xlsx_of

JUAN = "2026-0001"


@pytest.fixture
def term(db):
    """Of the school year that its training days are in, whenever the test is run."""
    year = (factories.today() - timedelta(weeks=10)).year
    return factories.open_term(f"{year}-{year + 1}")


@pytest.fixture
def day(term) -> TrainingDay:
    """The first training day, ten weeks ago."""
    return term.training_days.first()


@pytest.fixture
def attend(run, day):
    """``attend(bytes, *options)``: import attendance of the first training day, or of none with ``on=None``."""

    def attend(data, *options, on=day.date, **more):
        chosen_day = ["--day", on.isoformat()] if on else []
        return run(data, *chosen_day, *options, kind="attendance", **more)

    return attend


@pytest.fixture
def juan(enrollment):
    return enrollment


def said(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def mark_of(enrollment, day) -> AttendanceMark:
    return AttendanceMark.objects.get(enrollment=enrollment, day=day)


def mark(day, enrollment, letter, **facts):
    mark_many(day, [Wanted(enrollment, letter, **facts)], by=None)


def facts():
    marks = AttendanceMark.objects.exclude(letter="", time_in=None, time_out=None, remarks="")
    names = ("day__date", "enrollment", "letter", "time_in", "time_out", "remarks")
    standings = Standing.objects.order_by("enrollment").values_list(
        "enrollment", "attendance", "total", "reasons"
    )
    days = TrainingDay.objects.values_list("date", "held_at", "cancelled_at")
    return sorted(marks.values_list(*names), key=str), list(days), list(standings)


def planned(term, data, **choices):
    reach = everybody(term)
    return make_plan("attendance", term, "day.csv", data, Choices(**choices), by=None, reach=reach)


def reasons(outcome) -> list[str]:
    return [problem["reason"] for problem in outcome["problems"]]


# --- what a cell may hold


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("P", ["p", "P", "Pres", "present", "PRESENT", "1", "yes", "TRUE"]),
        ("L", ["l", "Late"]),
        ("E", ["e", "exc", "Excused"]),
        ("A", ["a", "ab", "absent", "0", "no", "False"]),
    ],
)
def test_a_status_is_written_in_many_ways(attend, alpha, day, letter, words):
    cadets = factories.platoon_of(alpha, len(words))
    lines = [f"{each.cadet.student_number},{word}" for each, word in zip(cadets, words, strict=True)]
    assert attend(csv_of("Student No,Status", *lines))["new"] == len(words)
    assert set(AttendanceMark.objects.values_list("letter", "day")) == {(letter, day.pk)}


@pytest.mark.parametrize("status", ["maybe", "x", "?", "pp", "2", "presént", "10", "1.5", "P L"])
def test_an_unknown_status_is_an_error_on_its_row_and_never_present(attend, juan, status):
    outcome = attend(csv_of("ID,Status", f"{JUAN},{status}"))
    assert outcome.status == 1
    [problem] = outcome["problems"]
    assert (problem["row"], problem["column"]) == (2, "Status")
    assert problem["reason"] == f"“{status}” is not a status: P, L, E or A (present, late, excused, absent)"
    assert not AttendanceMark.objects.exists()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("07:31", time(7, 31)), ("7:31", time(7, 31)), ("7:31 AM", time(7, 31)), ("7:31pm", time(19, 31)),
        ("0731", time(7, 31)), ("731", time(7, 31)), ("1130H", time(11, 30)), ("07:31:59", time(7, 31)),
        ("12:05 am", time(0, 5)), ("12:05 p.m.", time(12, 5)), ("7 AM", time(7)), ("0.3125", time(7, 30)),
        ("1899-12-30 07:31:00", time(7, 31)),
    ],
)  # fmt: skip
def test_times_are_read_as_people_and_spreadsheets_write_them(attend, juan, day, text, at):
    assert attend(csv_of("ID,Status,In", f"{JUAN},P,{text}"))["new"] == 1
    assert mark_of(juan, day).time_in == at


@pytest.mark.parametrize(
    "text", ["25:00", "7:61", "7", "noon", "13:00 PM", "0:00 AM", "1.5", "99999", "-7:31"]
)
def test_what_is_no_time_is_a_problem_of_its_cell(attend, juan, text):
    outcome = attend(csv_of("ID,Status,Time Out", f"{JUAN},P,{text}"))
    assert [(each["row"], each["column"]) for each in outcome["problems"]] == [(2, "Time Out")]
    assert not AttendanceMark.objects.exists()


def test_times_of_a_workbook_are_read(attend, juan, day):
    book = xlsx_of([["ID", "Status", "Time In", "Time Out"], [JUAN, 1, 0.3125, 731 + 400]])
    assert attend(book, name="day.xlsx")["new"] == 1
    assert (mark_of(juan, day).time_in, mark_of(juan, day).time_out) == (time(7, 30), time(11, 31))


def test_a_time_with_the_date_of_another_day_is_a_problem(attend, juan, day):
    outcome = attend(csv_of("ID,Status,In", f"{JUAN},P,2020-01-01 07:31"))
    assert reasons(outcome) == [f"“2020-01-01 07:31” names another day than {day.date}"]
    assert attend(csv_of("ID,Status,In", f"{JUAN},P,{day.date} 07:31"))["new"] == 1


def test_a_time_out_before_the_time_in_is_a_problem_also_against_what_is_recorded(attend, juan, day):
    assert reasons(attend(csv_of("ID,Status,In,Out", f"{JUAN},P,07:30,07:00"))) == [
        "07:00 is before the time in, 07:30"
    ]
    mark(day, juan, "P", time_in=time(7, 30))
    assert reasons(attend(csv_of("ID,Status,Out", f"{JUAN},P,07:00"))) == [
        "07:00 is before the time in, 07:30"
    ]


def test_remarks_have_at_most_200_characters(attend, juan):
    assert "at most 200" in reasons(attend(csv_of("ID,Status,Remarks", f"{JUAN},P,{'x' * 201}")))[0]


# --- whose row, which day


def test_people_are_found_by_number_username_email_or_name(attend, alpha, day):
    cadets = [factories.enroll(alpha, f"00{n}", f"Peña{n}", "Ana") for n in range(1, 5)]
    user = cadets[1].cadet.user
    SignInName.objects.create(user=user, name="ana.two", kind=SignInName.Kind.USERNAME)
    cadets[2].cadet.email = "ana@example.org"
    cadets[2].cadet.save()
    head = "Student ID,Username,Email,Name,Attendance"
    lines = ["001,,,,P", ",ANA.two,,,P", ",,Ana@Example.org,,P", ',,,"PEÑA4, Ana",P']
    assert attend(csv_of(head, *lines))["new"] == 4
    assert AttendanceMark.objects.filter(letter="P", day=day).count() == 4


def test_a_name_that_fits_two_cadets_is_a_question_answered_on_the_page(
    as_user, commandant, term, alpha, day
):
    ana, other = (factories.enroll(alpha, number, "Reyes", "Ana") for number in ("1", "2"))
    page = as_user(commandant)
    data = csv_of("Name,Status", '"Reyes, Ana",Late')
    url = checked(page, term, data, kind="attendance", name="day.csv", day=day.date)
    assert "Whom do you mean?" in page.get(url).content.decode()
    again = page.post(f"{url}check/", chosen(page, url, answer_2="2")).url
    committed(page, again)
    assert mark_of(other, day).letter == "L"
    assert not AttendanceMark.objects.filter(enrollment=ana).exists()


def test_a_row_without_a_day_is_a_problem_that_says_what_is_missing(attend, juan):
    outcome = attend(csv_of("ID,Status", f"{JUAN},P"), on=None)
    assert reasons(outcome) == ["is blank, and no day is chosen for rows without a date"]


def test_a_file_with_dates_marks_several_days_and_holds_them(attend, juan, term):
    first, second, third = term.training_days.all()[:3]
    outcome = attend(
        csv_of("ID,Status,Date", f"{JUAN},P,{first}", f"{JUAN},A,{second}", f"{JUAN},L,"), on=third.date
    )
    assert outcome["new"] == 3
    letters = {mark.day_id: mark.letter for mark in AttendanceMark.objects.all()}
    assert letters == {first.pk: "P", second.pk: "A", third.pk: "L"}
    assert term.training_days.filter(held_at__isnull=False).count() == 3
    assert juan.standing.attendance is not None


@pytest.mark.parametrize(
    ("dates", "written"), [("dmy", "{d:%d/%m/%Y}"), ("mdy", "{d:%m/%d/%Y}"), ("iso", "{d:%Y-%m-%d}")]
)
def test_dates_are_read_as_the_importer_chose(attend, juan, day, dates, written):
    line = f"{JUAN},P,{written.format(d=day.date)}"
    assert attend(csv_of("ID,Status,Date", line), "--dates", dates, on=None)["new"] == 1
    assert mark_of(juan, day).letter == "P"


def test_a_date_that_can_be_read_two_ways_is_not_guessed(attend, juan):
    assert "two ways" in reasons(attend(csv_of("ID,Status,Date", f"{JUAN},P,03/04/2026"), on=None))[0]


def test_a_date_in_the_future_and_a_cancelled_day_are_problems_in_words(attend, juan, term, day):
    cancel_day(day, reason="Typhoon", by=None)
    tomorrow = factories.today() + timedelta(days=1)
    outcome = attend(csv_of("ID,Status,Date", f"{JUAN},P,{tomorrow}", f"{JUAN},P,{day}"), on=None)
    assert reasons(outcome) == [
        f"{said(tomorrow)} is still to come",
        f"the training of {said(day.date)} is cancelled: Typhoon",
    ]
    assert not AttendanceMark.objects.exists()


def test_a_date_far_from_the_term_is_a_problem(attend, juan, term):
    outcome = attend(csv_of("ID,Status,Date", f"{JUAN},P,2001-08-08"), on=None)
    assert reasons(outcome) == [f"8 Aug 2001 is outside the school year {term.school_year}"]


def test_a_date_that_is_no_training_day_becomes_one_and_is_announced(attend, as_user, commandant, juan, term):
    on = factories.today() - timedelta(days=1)
    page = as_user(commandant)
    url = checked(page, term, csv_of("ID,Status", f"{JUAN},P"), kind="attendance", day=on)
    assert f"Adds 1 training day: {said(on)}." in page.get(url).content.decode()
    assert not TrainingDay.objects.filter(date=on).exists()
    committed(page, url)
    day = TrainingDay.objects.get(date=on)
    assert day.held_at and mark_of(juan, day).letter == "P"
    assert JournalEntry.objects.get(subject=f"day:{day.pk}", what="training day planned").how == "import"


def test_who_may_not_plan_days_adds_none(as_user, tactical, juan, term):
    on = factories.today() - timedelta(days=1)
    page = as_user(tactical)
    url = checked(page, term, csv_of("ID,Status", f"{JUAN},P"), kind="attendance", day=on)
    assert "is no training day of" in page.get(url).content.decode()
    assert page.post(f"{url}commit/").status_code == 422
    assert not TrainingDay.objects.filter(date=on).exists()


def test_a_date_on_which_nobody_is_marked_adds_no_day(attend, juan, term):
    on = factories.today() - timedelta(days=1)
    attend(csv_of("ID,Status,Remarks", f"{JUAN},,"), on=on)
    attend(csv_of("ID,Status,Remarks", f"{JUAN},??,"), on=on)
    assert not TrainingDay.objects.filter(date=on).exists()


# --- new, changed, same, absent


def test_a_blank_never_erases_and_a_blank_status_alone_does_nothing(attend, juan, day):
    mark(day, juan, "L", time_in=time(7, 40), remarks="bus")
    head = "ID,Status,In,Out,Remarks"
    assert attend(csv_of(head, f"{JUAN},,,,"))["same"] == 1
    assert attend(csv_of(head, f"{JUAN},P,,,"))["changed"] == 1
    assert attend(csv_of(head, f"{JUAN},,,11:30,"))["changed"] == 1
    now = mark_of(juan, day)
    assert (now.letter, now.time_in, now.time_out, now.remarks) == ("P", time(7, 40), time(11, 30), "bus")


def test_a_time_of_somebody_who_is_not_marked_is_no_status(attend, juan):
    outcome = attend(csv_of("ID,Status,In", f"{JUAN},,07:31"))
    assert reasons(outcome) == ["is blank; the row does not say whether the cadet was there"]
    assert not AttendanceMark.objects.exists()


def test_equal_rows_count_once_and_differing_ones_are_all_problems(attend, alpha):
    factories.platoon_of(alpha, 3)
    lines = ["77-0001,P", "77-0001,present", "77-0002,P", "77-0002,A", "77-0003,P", "77-0003,??"]
    outcome = attend(csv_of("ID,Status", *lines))
    assert outcome["new"] == 1
    assert sorted({each["row"] for each in outcome["problems"]}) == [4, 5, 6, 7]
    assert "rows 4, 5 say different things about one cadet" in reasons(outcome)[0]


def test_the_page_shows_old_and_new_and_who_is_not_in_the_file(as_user, commandant, term, alpha, juan, day):
    factories.platoon_of(alpha, 2)
    mark(day, juan, "P", time_in=time(7, 20))
    page = as_user(commandant)
    data = csv_of("ID,Status,In", f"{JUAN},Late,7:40", "77-0001,P,")
    url = checked(page, term, data, kind="attendance", day=day.date)
    shown = page.get(url, {"show": "changed"}).content.decode()
    assert "<s>Present</s> → <b>Late</b>" in shown and "<s>07:20</s> → <b>07:40</b>" in shown
    assert said(day.date) in shown
    absent = page.get(url, {"show": "absent"}).context["page"]
    assert [row["student_number"] for row in absent] == ["77-0002"]
    committed(page, url)
    assert not AttendanceMark.objects.filter(enrollment__cadet__student_number="77-0002").exists()


def test_the_same_file_again_changes_nothing(attend, juan):
    data = csv_of("ID,Status,In", f"{JUAN},P,07:31")
    attend(data)
    before = facts(), JournalEntry.objects.count(), mark_of(juan, AttendanceMark.objects.get().day).version
    assert attend(data)["same"] == 1
    assert (facts(), JournalEntry.objects.count(), AttendanceMark.objects.get().version) == before


def test_a_day_taken_out_as_a_file_goes_in_again_unchanged(as_user, commandant, juan, term, day):
    mark(day, juan, "L", time_in=time(7, 40), remarks="=bus")
    page = as_user(commandant)
    for suffix in ("csv", "xlsx"):
        answer = page.get(f"/attendance/{day.pk}/", {"as": suffix})
        data = b"".join(answer) if answer.streaming else answer.content
        url = checked(page, term, data, kind="attendance", name=f"day.{suffix}", day=day.date)
        assert plan_at(url).notes["counts"] == {
            "new": 0, "changed": 0, "same": 1, "absent": 0, "left_out": 0,
        }  # fmt: skip


# --- who may


def test_a_cadet_officer_imports_for_their_own_unit_only(as_user, leader, juan, bravo, term, day):
    factories.enroll(bravo, "9", "Cruz", "Ben")
    page = as_user(leader)
    data = csv_of("ID,Status", f"{JUAN},P", "9,P", "404,P", "2025-0001,P")
    url = checked(page, term, data, kind="attendance", day=day.date)
    found = {problem["row"]: problem["reason"] for problem in plan_at(url).problems}
    assert found[3].replace("“9”", "x") == found[4].replace("“404”", "x")
    assert "somebody else" in found[5]
    committed(page, url)
    assert mark_of(juan, day).changed_by == leader
    assert AttendanceMark.objects.count() == 1


def test_a_clerk_and_a_cadet_import_no_attendance(as_user, clerk, cadet, term):
    for user in (clerk, cadet):
        assert give(as_user(user), term, csv_of("ID,Status", "1,P"), kind="attendance").status_code == 403


def test_an_archived_cadet_is_not_marked_nor_missed(attend, juan):
    Cadet.objects.update(archived_at="2026-01-01T00:00Z")
    outcome = attend(csv_of("ID,Status", f"{JUAN},P"))
    assert (outcome["new"], outcome["absent"], len(outcome["problems"])) == (0, 0, 1)


# --- commit


def test_every_mark_is_written_as_the_import_s_with_its_journal_and_standing(attend, juan, day):
    attend(csv_of("ID,Status,In", f"{JUAN},A,"))
    line = JournalEntry.objects.get(what="attendance marked")
    assert line.changes == {"attendance": [None, "Absent"]}
    assert line.subject == f"mark:{day.pk}:{juan.pk}"
    juan.standing.refresh_from_db()
    assert juan.standing.attendance == 0


def test_a_mark_changed_since_the_check_stops_the_commit_and_nothing_is_written(term, alpha, juan, day):
    other = factories.enroll(alpha, "5", "Cruz", "Ben")
    data = csv_of("ID,Status", f"{JUAN},P", "5,P")
    plan = planned(term, data, day=day.date.isoformat())
    mark(day, juan, "P")  # even to the same letter
    with pytest.raises(NotNow, match="check the file again"):
        commit_plan(plan, by=None, reach=everybody(term))
    assert not AttendanceMark.objects.filter(enrollment=other).exists()
    assert ImportPlan.objects.get().committed_at is None


def test_a_day_cancelled_or_planned_since_the_check_stops_the_commit(term, juan, day):
    plan = planned(term, csv_of("ID,Status", f"{JUAN},P"), day=day.date.isoformat())
    cancel_day(day, reason="Typhoon", by=None)
    with pytest.raises(NotNow):
        commit_plan(plan, by=None, reach=everybody(term))
    on = factories.today() - timedelta(days=1)
    plan = planned(term, csv_of("ID,Status", f"{JUAN},P"), day=on.isoformat())
    TrainingDay.objects.create(term=term, date=on)
    with pytest.raises(NotNow):
        commit_plan(plan, by=None, reach=everybody(term))
    assert not AttendanceMark.objects.exists()


def test_two_imports_of_one_day_do_not_mix(term, juan, day):
    first, second = (
        planned(term, csv_of("ID,Status", f"{JUAN},{letter}"), day=day.date.isoformat()) for letter in "PA"
    )
    commit_plan(first, by=None, reach=everybody(term))
    with pytest.raises(NotNow):
        commit_plan(second, by=None, reach=everybody(term))
    assert mark_of(juan, day).letter == "P"


def test_a_cadet_who_left_the_importer_s_reach_stops_the_commit(term, juan, day):
    plan = planned(term, csv_of("ID,Status", f"{JUAN},P"), day=day.date.isoformat())
    reach = everybody(term)
    nobody = type(reach)(reach.enrollments.none(), plans_days=True)
    with pytest.raises(NotNow, match="not yours to mark any more"):
        commit_plan(plan, by=None, reach=nobody)
    assert not AttendanceMark.objects.exists()


# --- undo


def test_import_then_undo_leaves_every_fact_as_it_was(as_user, commandant, term, alpha, juan):
    factories.platoon_of(alpha, 3)
    first, second = term.training_days.all()[:2]
    mark(first, juan, "L", time_in=time(7, 40), remarks="bus")
    before = facts()
    page = as_user(commandant)
    on = factories.today() - timedelta(days=1)
    lines = [f"{JUAN},P,{first},07:30", f"77-0001,A,{first},", f"77-0002,E,{second},", f"77-0003,P,{on},"]
    url = checked(page, term, csv_of("ID,Status,Date,In", *lines), kind="attendance")
    committed(page, url)
    assert facts() != before
    assert "Everything is as it was before" in taken_back(page, url).content.decode()
    assert facts() == before
    assert not TrainingDay.objects.filter(date=on).exists()
    assert mark_of(juan, first).version == 3
    assert AttendanceMark.objects.get(day=second).version == 2


def test_a_mark_changed_since_stays_and_is_named_and_keeps_its_day(as_user, commandant, term, alpha, juan):
    other = factories.enroll(alpha, "5", "Cruz", "Ben")
    page = as_user(commandant)
    on = factories.today() - timedelta(days=1)
    url = checked(page, term, csv_of("ID,Status", f"{JUAN},P", "5,P"), kind="attendance", day=on)
    committed(page, url)
    day = TrainingDay.objects.get(date=on)
    mark(day, other, "A")
    shown = taken_back(page, url).content.decode()
    assert "Was marked otherwise since" in shown and "Cruz, Ben" in shown
    assert "Somebody works with this day by now" in shown
    assert (mark_of(other, day).letter, mark_of(juan, day).letter) == ("A", "")
    day.refresh_from_db()
    assert day.held_at


def test_the_journal_tells_what_was_taken_back(as_user, commandant, term, juan, day):
    page = as_user(commandant)
    url = checked(page, term, csv_of("ID,Status", f"{JUAN},P"), kind="attendance", day=day.date)
    committed(page, url)
    taken_back(page, url)
    back = JournalEntry.objects.filter(how="undo")
    assert {line.what: line.changes for line in back} == {
        "attendance marked": {"attendance": ["Present", None]},
        "training day not held": {"held": ["yes", None]},
    }


def test_a_second_import_on_the_day_of_the_first_keeps_that_day(term, alpha, juan):
    factories.enroll(alpha, "5", "Cruz", "Ben")
    on = (factories.today() - timedelta(days=1)).isoformat()
    first = planned(term, csv_of("ID,Status", f"{JUAN},P"), day=on)
    commit_plan(first, by=None, reach=everybody(term))
    second = planned(term, csv_of("ID,Status", "5,P"), day=on)
    commit_plan(second, by=None, reach=everybody(term))
    undo_plan(first, by=None, reach=everybody(term))
    assert TrainingDay.objects.get(date=on).marks.get(letter="P").enrollment.cadet.student_number == "5"
    kept = ImportPlan.objects.get(pk=first.pk).kept
    assert [row["reason"] for row in kept] == ["somebody works with this day by now"]


def test_two_imports_of_one_mark_are_taken_back_one_after_the_other(term, juan, day):
    before, plans = facts(), []
    for status in ("P", "L", "A"):
        plan = planned(term, csv_of("ID,Status", f"{JUAN},{status}"), day=day.date.isoformat())
        plans.append(commit_plan(plan, by=None, reach=everybody(term)))
    for plan, letter in zip(reversed(plans), ("L", "P", ""), strict=True):
        assert undo_plan(plan, by=None, reach=everybody(term)).kept == []
        assert mark_of(juan, day).letter == letter
    assert mark_of(juan, day).version == 6
    assert facts() == before


@pytest.mark.parametrize("is_new", [True, False])
def test_a_day_of_two_imports_is_as_it_was_once_both_are_taken_back(term, alpha, juan, day, is_new):
    factories.enroll(alpha, "5", "Cruz", "Ben")
    on = (factories.today() - timedelta(days=1) if is_new else day.date).isoformat()
    before, plans = facts(), []
    for number in (JUAN, "5"):
        plan = planned(term, csv_of("ID,Status", f"{number},P"), day=on)
        plans.append(commit_plan(plan, by=None, reach=everybody(term)))
    for plan in plans:
        undo_plan(plan, by=None, reach=everybody(term))
    assert facts() == before


# --- how many trips


def test_a_day_of_1200_is_checked_and_committed_in_trips_that_do_not_grow(term, alpha):
    cadets = factories.many(alpha, 1_200)
    days = [day.date.isoformat() for day in term.training_days.all()[:2]]
    trips = []
    for size, on in zip((100, 1_200), days, strict=True):
        lines = [f"{each.cadet.student_number},{'PLEA'[n % 4]}" for n, each in enumerate(cadets[:size])]
        with CaptureQueriesContext(connection) as found:
            plan = planned(term, csv_of("ID,Status", *lines), day=on)
            commit_plan(plan, by=None, reach=everybody(term))
        trips.append(len(found))
    assert trips[1] <= trips[0] + 40  # what is written goes in batches


def test_six_days_of_200_refresh_the_standings_once(term, alpha):
    cadets = factories.many(alpha, 200)
    days = [day.date for day in term.training_days.all()[:6]]
    trips = []
    for some in (days[:1], days[1:]):
        lines = [f"{each.cadet.student_number},P,{on}" for on in some for each in cadets]
        plan = planned(term, csv_of("ID,Status,Date", *lines))
        with CaptureQueriesContext(connection) as found:
            commit_plan(plan, by=None, reach=everybody(term))
        trips.append(sum("rotc_standing" in each["sql"] and "SELECT" in each["sql"][:8] for each in found))
    assert trips[0] == trips[1]
