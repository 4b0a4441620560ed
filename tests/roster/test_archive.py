"""Archiving keeps everything and takes a cadet off what goes on; erasing is for records without grades only."""

import pytest
from django.utils import timezone

from rotc.accounts.models import SignInName, User
from rotc.attendance import actions as attendance
from rotc.conduct.actions import give
from rotc.exams.actions import record_score
from rotc.journal.models import JournalEntry
from rotc.roster import archiving
from rotc.roster.models import Cadet, Enrollment
from rotc.standings.models import Standing
from tests import factories
from tests.roster.test_pages import names


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def act(as_user, clerk):
    """``act("archive", enrollment)``: look at what would change, and confirm it."""

    def confirm(name, *enrollments, user=clerk, **asked):
        client = as_user(user)
        term = enrollments[0].term
        picks = "".join(f"&pick={each.pk}" for each in enrollments)
        more = "".join(f"&{key}={value}" for key, value in asked.items())
        page = f"/roster/bulk/?term={term.name}&act={name}{picks}{more}"
        preview = client.get(page).context["bulk"].preview
        assert preview.changes
        return client.post(page, {"seen": preview.seen})

    return confirm


@pytest.fixture
def graded(enrollment):
    """Juan with a score, and a demerit."""
    record_score(enrollment, enrollment.term.exams.first(), typed="80", seen_version=0, by=None)
    give([enrollment], kind="demerit", points=2, reason="Late", date=factories.today(), by=None)
    return enrollment


@pytest.fixture
def archived(act, graded):
    assert act("archive", graded).status_code == 302
    graded.refresh_from_db()
    return graded


def test_an_archived_cadet_leaves_the_roster_the_muster_the_sheet_and_the_ledgers_choice(
    as_user, commandant, archived, platoon
):
    client = as_user(commandant)
    day = archived.term.training_days.first()
    unit = f"unit={platoon.pk}"

    assert names(client.get("/roster/")) == []
    pages = [
        "/roster/units/",
        f"/attendance/{day.pk}/?{unit}",
        f"/sheet/?{unit}",
        f"/conduct/new/?{unit}",
        "/people/codes/",
    ]
    for page in pages[:-1]:
        assert "Dela Cruz" not in text(client.get(page)), page
    [line] = [each for each in client.get("/attendance/").context["lines"] if each.day == day]
    assert (line.of, line.missing) == (0, 0)


def test_an_archived_cadet_is_read_under_their_tab_and_keeps_everything(as_user, commandant, archived):
    client = as_user(commandant)

    assert names(client.get("/roster/?show=archived")) == ["Dela Cruz"]
    assert "Archived on" in text(client.get(f"/roster/{archived.pk}/"))
    assert client.get(f"/standing/{archived.pk}/").status_code == 200
    assert archived.scores.count() == 1 and archived.conduct.count() == 1
    assert "Dela Cruz" in text(client.get("/reports/class-record/?unit=&group=company"))


def test_an_archived_cadet_without_facts_stands_on_no_paper(as_user, commandant, act, enrollment, platoon):
    other = factories.enroll(platoon, "2026-0002", "Reyes", "Ana")
    act("archive", other)

    paper = text(as_user(commandant).get("/reports/class-record/?unit=&group=company"))

    assert "Dela Cruz" in paper and "Reyes" not in paper


def test_papers_of_a_closed_term_keep_whoever_was_archived_since(archived):
    archived.term.closed_at = timezone.now()

    assert list(archived.term.enrollments.filter(archiving.serving(archived.term))) == [archived]


def test_nothing_of_an_archived_record_is_changed(as_user, commandant, archived):
    client = as_user(commandant)
    exam, day = archived.term.exams.last(), archived.term.training_days.first()
    tries = [
        client.get(f"/roster/{archived.pk}/edit/"),
        client.post(f"/roster/{archived.pk}/edit/", {}),
        client.post(f"/roster/{archived.pk}/photo/", {}),
        client.post("/sheet/cells/", {f"{archived.pk}.{exam.pk}.0:": "50"}),
        client.post(f"/attendance/{day.pk}/mark/{archived.pk}/", {"letter": "P"}),
        client.post(f"/conduct/new/?pick={archived.pk}", {"enrollment": archived.pk, "kind": "merit"}),
    ]

    assert [answer.status_code for answer in tries if answer.status_code not in (403, 404, 422)] == []
    assert "is archived. Restore the record first" in text(tries[0])
    assert archived.scores.count() == 1 and archived.conduct.count() == 1 and archived.marks.count() == 0


def test_restoring_brings_all_of_it_back(as_user, commandant, act, archived, platoon):
    before = Standing.objects.values().get(enrollment=archived)

    assert act("restore", archived).status_code == 302

    client = as_user(commandant)
    assert names(client.get("/roster/")) == ["Dela Cruz"]
    assert "Dela Cruz" in text(client.get(f"/sheet/?unit={platoon.pk}"))
    assert Standing.objects.values().get(enrollment=archived) == before
    cadet = Cadet.objects.get(pk=archived.cadet_id)
    assert (cadet.archived_at, cadet.archived_by) == (None, None)
    said = JournalEntry.objects.filter(cadet_id=cadet.pk, term_id=None).order_by("pk")
    assert [(each.what, each.changes) for each in said if "record" in each.changes] == [
        ("cadet archived", {"record": [None, "archived"]}),
        ("cadet restored", {"record": ["archived", None]}),
    ]


def test_an_archived_cadet_still_reads_their_own_standing(as_user, cadet, archived):
    assert as_user(cadet).get("/standing/").status_code == 200
    assert "archived" in text(as_user(cadet).get("/profile/"))


def test_who_holds_an_appointment_is_not_archived(as_user, clerk, leader, act):
    own = Enrollment.objects.get(cadet=leader.cadet)

    page = as_user(clerk).get(f"/roster/bulk/?act=archive&pick={own.pk}")

    assert "relieve them first" in text(page)


# --- erasing


def erase(client, enrollment, typed):
    return client.post(f"/roster/{enrollment.pk}/erase/", {"typed": typed})


def test_a_record_without_grades_is_erased_once_its_number_is_typed(as_user, clerk, enrollment):
    client, cadet = as_user(clerk), enrollment.cadet_id
    wrong = erase(client, enrollment, "2026-0002")
    assert wrong.status_code == 422 and Cadet.objects.filter(pk=cadet).exists()

    assert erase(client, enrollment, "2026-0001").status_code == 302

    for model, of in [(Cadet, "pk"), (Enrollment, "cadet"), (User, "cadet"), (Standing, "enrollment__cadet")]:
        assert not model.objects.filter(**{of: cadet}).exists()
    assert not SignInName.objects.filter(name="2026-0001").exists()
    line = JournalEntry.objects.get(what="cadet erased")
    assert line.cadet_id == cadet and line.actor == clerk.title
    assert line.changes["student number"] == ["2026-0001", None]


@pytest.mark.parametrize("fact", ["score", "blanked score", "mark", "conduct", "closed term", "appointment"])
def test_a_record_with_a_fact_stays(as_user, clerk, administrator, enrollment, fact, platoon):
    exam, day = enrollment.term.exams.first(), enrollment.term.training_days.first()
    if "score" in fact:
        record_score(enrollment, exam, typed="80", seen_version=0, by=None)
    if fact == "blanked score":
        record_score(enrollment, exam, typed="", seen_version=1, by=None)
    if fact == "mark":
        attendance.mark(day, enrollment, letter="A", seen_version=0, by=None)
    if fact == "conduct":
        give([enrollment], kind="merit", points=2, reason="Help", date=factories.today(), by=None)
    if fact == "closed term":
        enrollment.term.closed_at = timezone.now()
        enrollment.term.save()
    if fact == "appointment":
        factories.appointed(enrollment.cadet.user, "cadet_officer", platoon)

    answer = erase(as_user(administrator if fact == "closed term" else clerk), enrollment, "2026-0001")

    # A cell that was emptied again holds nothing that a grade is made of.
    assert answer.status_code == (302 if fact == "blanked score" else 422)
    assert Cadet.objects.filter(pk=enrollment.cadet_id).exists() == (fact != "blanked score")


def test_an_archived_record_without_grades_is_erased_too(as_user, clerk, act, enrollment):
    act("archive", enrollment)

    assert erase(as_user(clerk), enrollment, "2026-0001").status_code == 302


def test_only_who_changes_the_roster_erases_and_nobody_themselves(
    as_user, tactical, leader, clerk, enrollment
):
    own = Enrollment.objects.get(cadet=leader.cadet)
    factories.appointed(leader, "clerk", own.term.units.get(kind="corps"))

    assert erase(as_user(tactical), enrollment, "2026-0001").status_code == 403
    assert erase(as_user(leader), own, "2025-0001").status_code == 403
