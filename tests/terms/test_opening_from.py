"""Opening a term from the last one: what is taken over, whose appointments go on, and what nobody gains or loses."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rotc import access
from rotc.accounts.actions import relieve
from rotc.accounts.models import Appointment, User
from rotc.exams.models import Exam
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Term, Unit
from rotc.terms.actions import open_term
from tests import factories


def next_term(source, **facts) -> Term:
    return open_term("2026-2027", 2, source=source, by=None, **facts)[0]


def close(term):
    term.closed_at = timezone.now()
    term.save(update_fields=["closed_at"])


def appointed_in(term) -> list[tuple[str, str, str]]:
    found = Appointment.objects.filter(unit__term=term, relieved_at=None)
    return sorted(found.values_list("user__username", "role", "unit__path"))


def command(*arguments) -> str:
    said = StringIO()
    call_command("open_term", *arguments, stdout=said)
    return said.getvalue()


FACTS = {"school_year": "2026-2027", "semester": 2, "policy": "same", "starts": "", "days": 15}


def test_the_whole_tree_of_units_is_formed_again_under_the_same_names(term, alpha, bravo):
    corps = term.units.get(kind=Unit.Kind.CORPS)
    Unit.objects.create(term=term, kind="company", name="HQSCOY", path="hqscoy/", parent=corps)

    new = next_term(term)

    def shape(of):
        return list(of.units.values_list("path", "kind", "name", "parent__path"))

    assert shape(new) == shape(term)
    assert len(shape(new)) == 9
    assert not set(new.units.values_list("parent", flat=True)) & set(term.units.values_list("pk", flat=True))


def test_exams_and_policy_are_taken_as_they_stand_not_as_they_began(term):
    Exam.objects.filter(term=term, name="Prelim").update(items=50, weight=2)
    Exam.objects.create(term=term, name="Practical", items=20, position=9)

    new = next_term(term)

    assert new.policy == term.policy
    assert new.planned_days == term.planned_days
    assert [(exam.name, exam.items, exam.weight) for exam in new.exams.all()] == [
        (exam.name, exam.items, exam.weight) for exam in term.exams.all()
    ]


def test_another_policy_brings_its_own_exams(term):
    Exam.objects.filter(term=term).delete()

    new = next_term(term, policy="navrescom")

    assert new.rules.exam_base == 50
    assert [exam.name for exam in new.exams.all()] == ["Prelim", "Midterm", "Final"]


def test_the_earlier_term_is_not_touched(term, alpha, enrollment):
    before = (term.units.count(), term.exams.count(), term.enrollments.count(), term.training_days.count())

    new = next_term(term, starts=date(2027, 1, 16))

    assert before == (
        term.units.count(),
        term.exams.count(),
        term.enrollments.count(),
        term.training_days.count(),
    )
    assert (new.enrollments.count(), new.training_days.count()) == (0, 15)


def test_the_page_proposes_the_semester_after_and_ticks_the_staff(
    as_user, administrator, commandant, tactical, clerk, leader
):
    page = as_user(administrator).get("/terms/new/").content.decode()

    assert "It begins from 1st Semester, SY 2026-2027." in page
    assert '<option value="2" selected>2nd Semester</option>' in page
    assert page.count('name="appointments"') == page.count(" checked") == 3
    assert "Ana Reyes" not in page


def test_after_a_second_semester_the_next_school_year_is_proposed(as_user, administrator, db):
    factories.open_term("2026-2027", 2)

    assert 'value="2027-2028"' in as_user(administrator).get("/terms/new/").content.decode()


def test_the_ticked_appointments_go_on_and_no_other(as_user, administrator, commandant, tactical, clerk):
    ticked = [commandant.appointments.get().pk, tactical.appointments.get().pk]

    page = as_user(administrator).post(
        "/terms/new/", FACTS | {"from": "2026-2027-1", "appointments": ticked}, follow=True
    )

    assert "2nd Semester, SY 2026-2027 is open." in page.content.decode()
    assert appointed_in(Term.objects.get(semester=2)) == [
        ("commandant", "commandant", ""),
        ("tactical.alpha", "tactical_officer", "1st/alpha/"),
    ]


def test_appointments_can_all_be_left_behind(as_user, administrator, tactical, term):
    page = as_user(administrator).get("/terms/new/?appointments=none").content.decode()
    assert " checked" not in page

    as_user(administrator).post("/terms/new/", FACTS | {"from": term.name})

    assert appointed_in(Term.objects.get(semester=2)) == []


def test_who_was_relieved_or_has_no_account_any_more_does_not_come_back(administrator, tactical, clerk, term):
    relieve(tactical.appointments.get(), by=administrator)
    User.objects.filter(pk=clerk.pk).update(is_active=False)

    command("2026-2027", "2", "--from", term.name)

    assert appointed_in(Term.objects.get(semester=2)) == []


def test_who_was_relieved_in_a_newer_term_does_not_come_back_from_the_older_one(
    administrator, tactical, term
):
    second = next_term(term, appointments=[tactical.appointments.get().pk])
    relieve(tactical.appointments.get(unit__term=second), by=administrator)

    command("2027-2028", "1", "--from", term.name)

    assert appointed_in(Term.objects.get(name="2027-2028-1")) == []


def test_a_commandant_relieved_in_the_newer_term_takes_no_command_by_opening_another(
    as_user, administrator, commandant, term
):
    second, _ = open_term("2026-2027", 2, source=term, by=commandant)
    relieve(commandant.appointments.get(unit__term=second), by=administrator)

    as_user(commandant).post("/terms/new/", FACTS | {"from": "", "policy": "msu-snd", "semester": 3})

    assert appointed_in(Term.objects.get(semester=3)) == []


def test_a_null_byte_names_no_term(as_user, administrator, term):
    answer = as_user(administrator).post("/terms/new/", FACTS | {"from": "2026\0-2027"})

    assert answer.status_code == 404


def test_somebody_relieved_while_the_page_was_open_opens_nothing(as_user, administrator, tactical, term):
    ticked = [tactical.appointments.get().pk]
    relieve(tactical.appointments.get(), by=administrator)

    answer = as_user(administrator).post("/terms/new/", FACTS | {"from": term.name, "appointments": ticked})

    assert answer.status_code == 422
    assert "Somebody was relieved meanwhile. Nothing was opened" in answer.content.decode()
    assert Term.objects.count() == 1


def test_rights_of_a_term_long_over_are_not_revived(as_user, administrator, commandant, tactical, term):
    close(term)
    factories.open_term("2027-2028")

    page = as_user(administrator).get(f"/terms/new/?from={term.name}").content.decode()
    assert "No appointment of it can go on: they ended with the term" in page
    with pytest.raises(NotNow):
        open_term("2028-2029", 1, source=term, by=None, appointments=[tactical.appointments.get().pk])

    assert not Term.objects.filter(name="2028-2029-1").exists()


def test_a_closed_term_that_is_the_last_one_hands_its_staff_on(commandant, tactical, term):
    close(term)

    command("2026-2027", "2", "--from", term.name)

    assert ("commandant", "commandant", "") in appointed_in(Term.objects.get(semester=2))


@pytest.mark.parametrize("closed", [False, True])
def test_a_commandant_who_opens_a_term_loses_nothing(as_user, commandant, term, closed):
    if closed:
        close(term)

    as_user(commandant).post("/terms/new/", FACTS | {"from": "", "policy": "msu-snd"})

    now = User.objects.get(pk=commandant.pk)
    new = Term.objects.get(semester=2)
    assert access.may(now, access.OPEN_TERMS, term=new)
    assert access.may(now, access.ENTER_SCORES, term=new)
    assert access.may(now, access.SEE_GRADES, term=term)
    assert access.may(now, access.ENTER_SCORES, term=term) is not closed


def test_a_company_officer_stays_in_their_work_when_a_newer_term_is_opened(as_user, tactical, enrollment):
    factories.open_term("2026-2027", 2)

    page = as_user(tactical).get("/roster/").content.decode()

    assert "1st Semester, SY 2026-2027" in page
    assert "Dela Cruz" in page


def test_nobody_gains_by_it(administrator, commandant, tactical, clerk, leader, term):
    before = appointed_in(term)

    command("2026-2027", "2", "--from", term.name)

    assert set(appointed_in(Term.objects.get(semester=2))) < set(before)
    assert not Appointment.objects.filter(unit__term__semester=2, role="cadet_officer").exists()


def test_said_again_from_the_same_term_nothing_changes_and_from_another_it_refuses(term, alpha, commandant):
    factories.open_term("2025-2026", 2)
    command("2026-2027", "2", "--from", term.name)
    counts = (Unit.objects.count(), Appointment.objects.count(), JournalEntry.objects.count())

    assert "was open already; nothing changed" in command("2026-2027", "2", "--from", term.name)
    with pytest.raises(CommandError, match="another term before it"):
        command("2026-2027", "2", "--from", "2025-2026-2")

    assert counts == (Unit.objects.count(), Appointment.objects.count(), JournalEntry.objects.count())


def test_a_term_does_not_begin_from_a_later_one(term):
    with pytest.raises(CommandError, match="Begin from an earlier one"):
        command("2025-2026", "1", "--from", term.name)


def test_the_command_asks_whether_who_says_it_may(term, tactical):
    with pytest.raises(CommandError, match="may not open terms"):
        command("2026-2027", "2", "--by", "tactical.alpha")
    assert Term.objects.count() == 1


def test_opening_costs_the_same_trips_for_three_companies_and_for_thirty(
    term, django_assert_max_num_queries, django_assert_num_queries
):
    for number in range(30):
        factories.company(term, f"Company {number}")

    with django_assert_max_num_queries(30):
        next_term(term, starts=date(2027, 1, 16))
    assert Term.objects.get(semester=2).units.count() == term.units.count() == 92


def test_the_journal_says_from_where(as_user, administrator, term, alpha):
    as_user(administrator).post("/terms/new/", FACTS | {"from": term.name})

    page = as_user(administrator).get("/journal/term/2026-2027-2/").content.decode()

    assert '<span class="muted">from</span> – → <b>2026-2027-1</b>' in page
    assert "Alpha Company" in page
