"""Opening a term, from the page and from the command line."""

from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rotc.attendance.models import TrainingDay
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term


def open_term(*arguments, **options) -> str:
    said = StringIO()
    call_command("open_term", *arguments, stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def ready(db):
    """A database for commands to work on."""


def test_a_term_comes_with_three_exams_and_its_weekly_training_days(ready):
    open_term("2026-2027", "1", "--starts", "2026-08-08", "--days", "15")
    term = Term.objects.get(name="2026-2027-1")
    assert [exam.name for exam in term.exams.all()] == ["Prelim", "Midterm", "Final"]
    dates = list(term.training_days.values_list("date", flat=True))
    assert len(dates) == 15
    assert {later - earlier for earlier, later in pairwise(dates)} == {timedelta(days=7)}


def test_said_again_with_the_same_values_nothing_changes(ready):
    arguments = ("2026-2027", "1", "--starts", "2026-08-08", "--days", "15")
    open_term(*arguments)
    lines = JournalEntry.objects.count()
    assert "nothing changed" in open_term(*arguments)
    assert (Term.objects.count(), TrainingDay.objects.count(), JournalEntry.objects.count()) == (1, 15, lines)


@pytest.mark.parametrize(
    "other",
    [
        ("--starts", "2026-08-09", "--days", "15"),
        ("--starts", "2026-08-08", "--days", "14"),
        ("--starts", "2026-08-08", "--days", "15", "--policy", "navrescom"),
    ],
)
def test_said_again_with_other_values_it_refuses(ready, other):
    open_term("2026-2027", "1", "--starts", "2026-08-08", "--days", "15")
    with pytest.raises(CommandError, match="Nothing was changed"):
        open_term("2026-2027", "1", *other)
    assert TrainingDay.objects.count() == 15


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("2026-2028", "1"), "not a school year"),
        (("26-27", "1"), "not a school year"),
        (("٢٠٢٦-٢٠٢٧", "1"), "not a school year"),
        (
            ("2026-2027", "1", "--starts", "9999-12-25"),
            "9999-12-25 is not in SY 2026-2027, which lasts from June 2026 to July 2027",
        ),
        (("2026-2027", "1", "--starts", "2026-05-31"), "2026-05-31 is not in SY 2026-2027"),
        (("2026-2027", "2", "--starts", "2027-08-01"), "2027-08-01 is not in SY 2026-2027"),
        (("0000-0001", "1"), "not a school year"),
        (("2026-2027", "1", "--from", "2025-2026-1"), "There is no term “2025-2026-1”"),
        (("2026-2027", "1", "--cadets"), "--cadets needs --from"),
        (("2026-2027", "4"), "1, 2, or 3"),
        (("2026-2027", "1", "--policy", "mine"), "There is no policy"),
        (("2026-2027", "1", "--days", "0"), "1 to 200 training days"),
        (("2026-2027", "1", "--by", "nobody"), "Nobody signs in"),
        (("2026-2027", "1", "--starts", "2026-13-45"), "“2026-13-45” is not a date. Write it as 2026-08-08."),
    ],
)
def test_a_term_that_cannot_be_is_refused_in_words(ready, arguments, why):
    with pytest.raises(CommandError, match=why):
        open_term(*arguments)
    assert not Term.objects.exists()


def test_the_journal_names_who_opened_it(commandant):
    open_term("2027-2028", "1", "--by", "Commandant")
    entry = JournalEntry.objects.filter(what="term opened").first()
    assert entry.actor_id == commandant.pk
    open_term("2027-2028", "2")
    assert JournalEntry.objects.filter(what="term opened").first().actor == "command line"


def test_the_page_opens_a_term_and_shows_its_policy(as_user, administrator):
    client = as_user(administrator)
    facts = {"school_year": "2026 – 2027", "semester": 3, "policy": "navrescom", "starts": "", "days": 12}
    page = client.post("/terms/new/", facts, follow=True).content.decode()
    assert "Summer/OJT, SY 2026-2027 is open." in page
    assert "A pass is 75 of 100, rated 3.00; 1.00 begins at 98. Nothing right in an exam counts 50 %." in page
    assert Term.objects.get().planned_days == 12


def test_a_date_that_is_none_is_refused_in_the_form(as_user, administrator):
    facts = {
        "school_year": "2026-2027",
        "semester": 1,
        "policy": "msu-snd",
        "starts": "31/31/2026",
        "days": 15,
    }
    page = as_user(administrator).post("/terms/new/", facts).content.decode()
    assert "This is not a date. Write it as 2026-12-05." in page
    assert not Term.objects.exists()


@pytest.mark.parametrize("person", ["tactical", "clerk", "leader", "cadet"])
def test_only_the_command_group_and_administrators_open_terms(as_user, request, person):
    assert as_user(request.getfixturevalue(person)).get("/terms/new/").status_code == 403


def test_the_newest_term_comes_first_in_the_list(ready, as_user, administrator):
    for year in ("2025-2026", "2027-2028", "2026-2027"):
        open_term(year, "1")
    page = as_user(administrator).get("/terms/").content.decode()
    assert page.index("SY 2027-2028") < page.index("SY 2026-2027") < page.index("SY 2025-2026")


def test_recomputing_a_term_is_asked_for_as_a_job(as_user, commandant, term):
    answer = as_user(commandant).post(f"/terms/{term.name}/recompute/")
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    assert job.arguments == {"term": term.pk}


def test_an_unknown_term_does_not_exist(as_user, commandant):
    assert as_user(commandant).get("/terms/1999-2000-1/").status_code == 404


def test_dates_of_the_school_years_days_are_weekdays_as_given(ready):
    open_term("2026-2027", "1", "--starts", "2026-08-08", "--days", "3")
    assert {day.date.strftime("%A") for day in TrainingDay.objects.all()} == {"Saturday"}
    assert timezone.get_current_timezone_name() == "Asia/Manila"
