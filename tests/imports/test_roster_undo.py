"""Taking a roster back: what nobody touched since goes, what somebody worked on stays and is named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.accounts.actions import appoint
from rotc.accounts.letting_in import issue_codes
from rotc.accounts.models import User
from rotc.attendance.models import AttendanceMark
from rotc.conduct.models import ConductEntry
from rotc.exams.models import Score
from rotc.imports.actions import commit_plan, make_plan, undo_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Cadet, Enrollment, ListedValue, Unit
from tests import factories
from tests.imports.conftest import ANA, HEAD, JUAN, checked, committed, csv_of, taken_back
from tests.imports.rosters import tables


def imported(term, *lines, by=None, create_units=True) -> ImportPlan:
    data, choices = csv_of(*lines), Choices(create_units=create_units)
    plan = make_plan("roster", term, "roster.csv", data, choices, by=by, reach=everybody(term))
    return commit_plan(plan, by=by, reach=everybody(term))


def undone(plan, by=None) -> list[tuple]:
    """Take a plan back; ``(name, reason)`` of what stayed."""
    kept = undo_plan(plan, by=by, reach=everybody(plan.term)).kept
    return [(each["name"], each["reason"]) for each in kept]


def of(number) -> Enrollment:
    return Enrollment.objects.select_related("cadet__user").get(cadet__student_number=number)


def test_new_cadets_units_words_and_accounts_go_again(term):
    before = tables()
    plan = imported(term, f"{HEAD},Course,Religion,Position,Height", f"{JUAN},BSX,Bahá’í,Bugler,165", ANA)
    assert ListedValue.objects.filter(value__in=["BSX", "Bahá’í", "Bugler"]).count() == 3
    assert undone(plan) == []
    assert tables() == before
    assert not User.objects.exists()


def test_what_a_second_roster_changed_gets_its_old_value_back(term):
    imported(term, f"{HEAD},DOB,Height,Username", f"{JUAN},2005-03-04,165,juan", f"{ANA},,,")
    before = tables()
    second = imported(
        term,
        "ID,First Name,DOB,Height,Username,Company,Status,Suffix Name",
        "0012-0001,Johnny,2005-03-05,170,johnny,Bravo,Dropped,Jr.",
        "0012-0002,Anna,2006-01-01,150,anna,,,",
    )
    johnny = of("0012-0001")
    assert (johnny.cadet.height_cm, johnny.cadet.user.username, johnny.status) == (170, "johnny", "Dropped")
    assert johnny.cadet.user.first_name == "Johnny"
    assert undone(second) == []
    assert tables() == before


def test_a_cadet_of_an_earlier_term_stays_and_only_the_new_enrollment_goes(term):
    imported(term, HEAD, JUAN)
    later = factories.open_term(semester=2)
    before = tables()
    plan = imported(later, "ID,First Name,MS,Company", "0012-0001,Johnny,MS2,Alpha")
    assert undone(plan) == []
    assert tables() == before


def test_both_the_import_and_the_undo_stand_in_the_journal(term, clerk):
    plan = imported(term, HEAD, JUAN, by=clerk)
    number = Cadet.objects.get().pk
    undone(plan, by=clerk)
    lines = JournalEntry.objects.filter(cadet_id=number, how="undo")
    assert {line.what for line in lines} == {"cadet removed", "enrollment removed", "account removed"}
    assert {line.actor_id for line in lines} == {clerk.pk}
    gone = lines.get(what="cadet removed").changes
    assert gone == {"student number": ["0012-0001", None], "name": ["Dela Cruz, Juan Santos", None]}
    assert JournalEntry.objects.filter(what="unit removed").count() == 3


def mark(place):
    day = place.term.training_days.first()
    AttendanceMark.objects.create(day=day, enrollment=place, letter="P", version=1)


def score(place):
    Score.objects.create(
        enrollment=place, exam=place.term.exams.first(), raw=80, version=1, changed_at=timezone.now()
    )


def demerit(place):
    ConductEntry.objects.create(
        enrollment=place, kind="demerit", points=2, reason="Late", date=factories.today()
    )


def photo(place):
    Cadet.objects.filter(pk=place.cadet_id).update(photo="photos/x.jpg")


def completed(place):
    Cadet.objects.filter(pk=place.cadet_id).update(profile_locked_at=timezone.now())


def archived(place):
    Cadet.objects.filter(pk=place.cadet_id).update(archived_at=timezone.now())


def corrected(place):
    Cadet.objects.filter(pk=place.cadet_id).update(religion="Islam")


def numbered(place):
    Cadet.objects.filter(pk=place.cadet_id).update(student_number="0012-0009")


def moved(place):
    Enrollment.objects.filter(pk=place.pk).update(unit=place.term.units.get(kind="corps"))


def promoted(place):
    Enrollment.objects.filter(pk=place.pk).update(ms_level="MS2")


def coded(place):
    issue_codes([place.cadet.user], by=None)


def appointed(place):
    appoint(place.cadet.user, "cadet_officer", unit=place.unit, by=None)


def signed_in(place):
    User.objects.filter(cadet=place.cadet_id).update(last_login=timezone.now())


def elsewhere(place):
    later = factories.open_term(semester=2)
    Enrollment.objects.create(cadet=place.cadet, term=later, unit=later.units.get(kind="corps"))


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        (mark, "has attendance, scores, merits or demerits by now"),
        (score, "has attendance, scores, merits or demerits by now"),
        (demerit, "has attendance, scores, merits or demerits by now"),
        (photo, "a photo was added since"),
        (completed, "the profile was completed since"),
        (archived, "the record was archived since"),
        (corrected, "Religion is “Islam” by now"),
        (numbered, "Student ID is “0012-0009” by now"),
        (moved, "stands in another unit by now"),
        (promoted, "MS Level is “MS2” by now"),
        (coded, "was given a one-time code since"),
        (appointed, "was appointed since"),
        (signed_in, "has signed in since"),
        (elsewhere, "is enrolled in another term as well"),
    ],
)
def test_a_new_cadet_whom_somebody_worked_on_stays_whole(term, happened, reason):
    plan = imported(term, HEAD, JUAN, ANA)
    happened(of("0012-0001"))
    kept = undone(plan)
    assert kept[0] == ("Dela Cruz, Juan Santos", reason)
    [stayed] = Cadet.objects.all()
    assert stayed.last_name == "Dela Cruz"
    assert (stayed.user.username, stayed.enrollments.filter(term=term).count()) == ("0012-0001", 1)


def test_a_blank_cell_that_was_filled_once_is_no_reason_to_stay(term):
    plan = imported(term, HEAD, JUAN)
    place = of("0012-0001")
    AttendanceMark.objects.create(day=term.training_days.first(), enrollment=place, letter="", version=2)
    Score.objects.create(enrollment=place, exam=term.exams.first(), version=2, changed_at=timezone.now())
    assert undone(plan) == []
    assert not Enrollment.objects.exists()


def test_a_changed_row_that_somebody_changed_again_stays_whole(term):
    imported(term, HEAD, JUAN, ANA)
    plan = imported(term, "ID,First Name,MS", "0012-0001,Johnny,MS2", "0012-0002,Anna,MS31")
    Enrollment.objects.filter(cadet__student_number="0012-0001").update(ms_level="COQC")
    assert undone(plan) == [("Dela Cruz, Johnny Santos", "MS Level is “COQC” by now")]
    assert (of("0012-0001").cadet.first_name, of("0012-0002").cadet.first_name) == ("Johnny", "Ana")
    assert of("0012-0002").ms_level == "MS2"


def test_an_old_username_that_somebody_else_has_by_now_is_not_taken_from_them(term):
    imported(term, "ID,Name,Username", '1,"Cruz, Ana",ana')
    plan = imported(term, "ID,Username", "1,ana.cruz")
    factories.staff("ana", "clerk", term.units.get(kind="corps"))
    assert undone(plan) == [("Cruz, Ana", "somebody else signs in as “ana” by now")]
    assert of("1").cadet.user.username == "ana.cruz"


def test_a_unit_in_which_somebody_stands_by_now_is_not_disbanded(term):
    plan = imported(term, HEAD, JUAN)
    factories.enroll(Unit.objects.get(path="1st/alpha/"), "9", "Reyes", "Leo")
    assert undone(plan) == [
        ("1st Battalion", "somebody stands in this unit by now"),
        ("Alpha Company", "somebody stands in this unit by now"),
    ]
    assert set(Unit.objects.values_list("path", flat=True)) == {"", "1st/", "1st/alpha/"}


def test_a_word_that_somebody_uses_by_now_stays_in_its_list(term):
    plan = imported(term, "ID,Name,Course,Religion", '1,"Cruz, Ana",BSX,Bahá’í')
    factories.enroll(term.units.get(kind="corps"), "9", "Reyes", "Leo")
    Cadet.objects.filter(student_number="9").update(programme="BSX")
    undone(plan)
    assert ListedValue.objects.filter(value="BSX").exists()
    assert not ListedValue.objects.filter(value="Bahá’í").exists()


def test_nobody_takes_a_change_of_their_own_record_back(term, cadet):
    plan = imported(term, "ID,MS", "2026-0001,MS2")
    assert undone(plan, by=cadet) == [
        ("Dela Cruz, Juan", "is your own record; somebody else must take it back")
    ]
    assert of("2026-0001").ms_level == "MS2"


def test_an_import_is_taken_back_once_and_for_seven_days_only(term):
    plan = imported(term, HEAD, JUAN)
    ImportPlan.objects.update(committed_at=timezone.now() - timedelta(days=7, minutes=1))
    with pytest.raises(NotNow, match="for 7 days"):
        undone(plan)
    ImportPlan.objects.update(committed_at=timezone.now() - timedelta(days=6, hours=23))
    undone(plan)
    with pytest.raises(NotNow, match="taken back already"):
        undone(plan)


def test_after_an_undo_the_same_file_goes_in_again(term):
    undone(imported(term, HEAD, JUAN, ANA))
    imported(term, HEAD, JUAN, ANA)
    assert Enrollment.objects.count() == 2


def test_the_undo_takes_the_same_trips_for_many_rows(term):
    def trips(start, many):
        lines = [f'{start + n},"Cruz{n}, Ana",u{start + n}' for n in range(many)]
        new = imported(term, "ID,Name,Username", *lines)
        lines = [f"{start + n},Anna,v{start + n}" for n in range(many)]
        changed = imported(term, "ID,First Name,Username", *lines)
        with CaptureQueriesContext(connection) as captured:
            assert undone(changed) == undone(new) == []
        return len(captured)

    few = trips(1000, 5)
    assert trips(2000, 80) <= few + 8  # bulk statements are cut into batches


def test_the_page_takes_an_import_back_and_names_what_stayed(as_user, clerk, term, alpha):
    client = as_user(clerk)
    url = checked(client, term, csv_of(HEAD, JUAN, ANA))
    assert "Take it back" in committed(client, url).content.decode()
    corrected(of("0012-0002"))
    page = taken_back(client, url).content.decode()
    assert "1 row changed since and stayed" in page
    assert "Religion is “Islam” by now" in page
    assert "Take it back" not in page
    assert [each.student_number for each in Cadet.objects.all()] == ["0012-0002"]
    assert "taken back" in client.get("/imports/").content.decode()


def test_after_seven_days_the_page_offers_no_undo_and_refuses_one(as_user, clerk, term, alpha):
    client = as_user(clerk)
    url = checked(client, term, csv_of(HEAD, JUAN))
    committed(client, url)
    ImportPlan.objects.update(committed_at=timezone.now() - timedelta(days=8))
    assert "Take it back" not in client.get(url).content.decode()
    answer = client.post(f"{url}undo/")
    assert answer.status_code == 422
    assert "can be taken back for 7 days" in answer.content.decode()
    assert Cadet.objects.exists()
