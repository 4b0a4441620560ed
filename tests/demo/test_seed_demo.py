"""The invented battalion as a person meets it: a command, six lines, and a system full of facts."""

import os
import subprocess
import sys
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from rotc.accounts.models import User
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.conduct.models import ConductEntry
from rotc.demo.battalion import load, school_year_of
from rotc.exams.models import Score
from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead, Signatory
from rotc.refusals import BadValue, NotNow
from rotc.roster.models import Cadet, Enrollment, Term, Unit
from rotc.standings import actions as standings
from rotc.standings.models import Standing
from tests import factories

TODAY = date(2026, 11, 23)
NAMES = ["admin", "commandant", "tactical.alpha", "leader.alpha", "clerk"]
FACTS = {
    Term: ["name", "planned_days", "policy"],
    Unit: ["path", "kind", "name"],
    Cadet: ["student_number", "sort_name", "email", "contact_number", "address", "sex", "birthdate", "programme"],
    Enrollment: ["cadet__student_number", "unit__path", "ms_level", "rank", "year_level", "position"],
    TrainingDay: ["date", "subject", "held_at", "cancelled_because"],
    AttendanceMark: [
        "day__date", "enrollment__cadet__student_number", "letter", "time_in", "time_out", "remarks",
        "changed_at", "changed_by__username",
    ],
    ConductEntry: [
        "enrollment__cadet__student_number", "date", "citation__code", "points", "reason", "given_at",
        "given_by__username", "approved_at", "reversed_at", "reversed_because",
    ],
    Score: [
        "enrollment__cadet__student_number", "exam__name", "raw", "absence", "changed_at", "changed_by__username",
    ],
    Standing: ["enrollment__cadet__student_number", "attendance", "aptitude", "proficiency", "total", "verdict"],
    User: ["username", "first_name", "last_name", "rank", "email"],
    Letterhead: ["unit_name"],
    Signatory: ["label", "rank", "name"],
    JournalEntry: ["what", "actor", "how", "changes", "reason"],
}  # fmt: skip


def seed(**options):
    said = StringIO()
    options = {"cadets": 40, "seed": 7, "today": TODAY, **options}
    call_command("seed_demo", stdout=said, **options)
    return said.getvalue().splitlines()


def facts():
    return {
        model.__name__: list(model.objects.order_by("pk").values_list(*names))
        for model, names in FACTS.items()
    }


def untouched():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in FACTS}


@pytest.fixture
def battalion(db):
    return load(cadets=120, seed=3, today=TODAY, password="parade-rest-1")


def test_six_lines_of_role_name_and_password(db):
    lines = [line.split() for line in seed()]
    assert [len(words) for words in lines] == [3] * 6
    assert [role for role, _, _ in lines] == [
        "administrator", "commandant", "tactical-officer", "cadet-officer", "clerk", "cadet",
    ]  # fmt: skip
    assert [name for _, name, _ in lines[:5]] == NAMES
    assert Cadet.objects.filter(student_number=lines[5][1]).exists()
    assert len({password for _, _, password in lines}) == 6


def test_the_printed_sign_ins_open_the_door(db, client):
    for line in seed():
        _, name, password = line.split()
        client.post("/accounts/login/", {"login": name, "password": password})
        assert client.session.get("_auth_user_id"), name
        client.logout()


def test_with_a_password_every_cadet_signs_in_with_their_student_number(battalion, client):
    for number in Cadet.objects.order_by("?").values_list("student_number", flat=True)[:3]:
        client.post("/accounts/login/", {"login": number, "password": "parade-rest-1"})
        assert client.session.get("_auth_user_id"), number
        client.logout()


def test_without_a_password_only_the_printed_accounts_have_one(db):
    seed()
    usable = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert sorted(usable)[1:] == sorted(NAMES)


def test_staff_sign_in_with_their_verified_e_mail(battalion, client):
    client.post("/accounts/login/", {"login": "Clerk@rotc.example", "password": "parade-rest-1"})
    assert client.session["_auth_user_id"] == str(User.objects.get(username="clerk").pk)


def test_again_it_prints_the_same_and_changes_nothing(db):
    lines = seed()
    before = untouched()
    assert seed() == lines
    assert seed(today=None) == lines  # tomorrow it is another day, and still the same battalion
    assert untouched() == before


def test_again_with_a_password_it_changes_nothing_either(battalion):
    before = untouched()
    assert load(cadets=120, seed=3, today=TODAY, password="parade-rest-1") == battalion
    assert untouched() == before


def test_a_password_set_by_hand_is_set_again(db):
    lines = seed()
    clerk = User.objects.get(username="clerk")
    clerk.set_password("something else")
    clerk.save(update_fields=["password"])
    assert seed() == lines
    clerk.refresh_from_db()
    assert clerk.check_password(lines[4].split()[2])


def test_the_same_seed_makes_the_same_battalion(db):
    def made(**values):
        with transaction.atomic():
            load(cadets=60, today=TODAY, **values)
            found = facts()
            transaction.set_rollback(True)
        return found

    first = made(seed=5)
    assert made(seed=5) == first
    assert made(seed=6) != first


def test_two_processes_make_the_same_battalion_whatever_the_hash_seed(tmp_path):
    assert fresh_process(tmp_path / "one", "1") == fresh_process(tmp_path / "two", "2")


def fresh_process(folder, hash_seed):
    """The rows that a class record shows, of a battalion loaded by the real command on a new database."""
    folder.mkdir()
    surroundings = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
    }
    surroundings |= {"ROTC_DATA_DIR": str(folder), "PYTHONHASHSEED": hash_seed}
    run = [
        sys.executable,
        "manage.py",
        "seed_demo",
        "--cadets",
        "30",
        "--today",
        "2026-11-23",
        "--password",
        "halt",
    ]
    said = subprocess.run(
        run, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, check=True
    )
    reading = (
        "import json; from rotc.journal.models import JournalEntry as J; from rotc.standings.models import Standing as S;"
        "print(json.dumps([list(J.objects.order_by('pk').values_list('what', 'subject', 'actor', 'changes')),"
        "list(S.objects.order_by('pk').values_list('enrollment', 'total', 'reasons'))], default=str))"
    )
    shell = [sys.executable, "manage.py", "shell", "-v0", "-c", reading]
    read = subprocess.run(
        shell, cwd=settings.BASE_DIR, env=surroundings, capture_output=True, text=True, check=True
    )
    assert len(read.stdout) > 10_000
    return said.stdout, read.stdout


def test_names_have_their_enye_and_nobody_is_there_twice(battalion):
    names = [cadet.full_name for cadet in Cadet.objects.all()]
    assert len(names) == len(set(names)) == 120
    assert sum("ñ" in name for name in names) >= 3


def test_every_cadet_stands_in_a_platoon_and_alpha_has_its_leader(battalion):
    assert set(Enrollment.objects.values_list("unit__kind", flat=True)) == {"platoon"}
    leader = User.objects.get(username="leader.alpha")
    appointment = leader.appointments.get()
    assert (appointment.role, appointment.unit.label) == ("cadet_officer", "Alpha Company")
    assert appointment.unit.holds(leader.cadet.enrollments.get().unit)


def test_the_standings_are_those_of_a_fresh_engine(battalion):
    term = Term.objects.get()
    assert Standing.objects.filter(total__isnull=False).count() > 100
    assert standings.refresh(term, term.enrollments.values_list("pk", flat=True)) == 0
    assert Standing.objects.count() == 120


def test_the_term_is_in_its_middle_with_work_left(battalion):
    days = TrainingDay.objects
    assert days.filter(held_at__isnull=False).count() == 10
    assert days.filter(cancelled_at__isnull=False).count() == 1
    assert days.filter(held_at=None, cancelled_at=None).order_by("date").first().date >= TODAY
    last = days.filter(held_at__isnull=False).order_by("date").last()
    assert 0 < last.marks.count() < 120
    assert {exam.name: exam.scores.count() > 80 for exam in Term.objects.get().exams.all()} == {
        "Prelim": True,
        "Midterm": True,
        "Final": False,
    }
    assert set(Score.objects.values_list("absence", flat=True)) >= {"", "no-show"}
    assert {entry.state for entry in ConductEntry.objects.all()} == {"given", "proposed", "reversed"}


def test_nobody_enters_their_own_record(battalion):
    leader = User.objects.get(username="leader.alpha")
    assert not AttendanceMark.objects.filter(enrollment__cadet=leader.cadet, changed_by=leader).exists()
    assert not ConductEntry.objects.filter(enrollment__cadet=leader.cadet, given_by=leader).exists()


def test_two_cadets_never_come(battalion):
    marked = Enrollment.objects.exclude(marks=None)
    assert marked.exclude(marks__letter__in=["P", "L", "E"]).count() == 2


def test_every_fact_has_its_line_in_the_journal(battalion):
    lines = JournalEntry.objects
    assert lines.filter(what="attendance marked").count() == AttendanceMark.objects.count()
    assert lines.filter(what="score recorded").count() == Score.objects.count()
    assert lines.filter(what__in=["conduct entry given", "conduct entry proposed"]).count() == (
        ConductEntry.objects.count()
    )
    assert lines.filter(what="enrolled").count() == 120
    mark = AttendanceMark.objects.select_related("changed_by").first()
    [line] = lines.filter(subject=f"mark:{mark.day_id}:{mark.enrollment_id}")
    assert (line.actor, line.how) == (mark.changed_by.title, "invented battalion")


def test_papers_have_a_letterhead_and_signatories(battalion):
    assert Letterhead.objects.get().unit_name
    assert all(each.name and each.rank for each in Signatory.objects.all())


def test_a_letterhead_that_the_unit_set_stays(db):
    Letterhead.objects.update(unit_name="Our own unit")
    seed()
    assert Letterhead.objects.get().unit_name == "Our own unit"


@pytest.mark.parametrize(
    ("today", "term"),
    [
        (date(2026, 8, 1), (2026, 1)),
        (date(2026, 12, 31), (2026, 1)),
        (date(2027, 1, 1), (2026, 2)),
        (date(2027, 5, 31), (2026, 2)),
        (date(2027, 7, 31), (2026, 3)),
    ],
)
def test_the_school_year_follows_the_month(today, term):
    assert school_year_of(today) == term


def test_it_refuses_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        seed()
    assert not Cadet.objects.exists()


def test_it_refuses_among_cadets_of_ones_own(enrollment):
    with pytest.raises(NotNow, match="cadets of its own"):
        load(cadets=40, seed=1, today=TODAY)


def test_it_refuses_another_battalion_beside_the_first(battalion):
    before = untouched()
    with pytest.raises(CommandError, match="120 cadets, seed 3"):
        seed(cadets=121, seed=3)
    assert untouched() == before


@pytest.mark.parametrize(
    "values", [{"cadets": 3}, {"cadets": 10_001}, {"password": "two words"}, {"password": ""}]
)
def test_what_cannot_be_is_refused_in_words(db, values):
    with pytest.raises(BadValue):
        load(**{"cadets": 40, "seed": 1, "today": TODAY, **values})


@pytest.mark.parametrize("cadets", [4, 5, 11, 99, 100])
def test_a_small_battalion_is_whole(db, cadets):
    assert len(load(cadets=cadets, seed=1, today=TODAY)) == 6
    assert Standing.objects.count() == cadets


def test_an_administrator_who_is_there_already_keeps_their_account(db):
    admin = factories.staff("admin", "administrator", None)
    encoded = admin.password
    first = load(cadets=40, seed=1, today=TODAY, password="parade-rest-1", by=admin)[0]
    admin.refresh_from_db()
    assert str(first) == "administrator admin unchanged"
    assert admin.password == encoded
