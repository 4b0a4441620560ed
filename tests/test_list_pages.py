"""Every page that lists something costs the same trips to the database at three rows and at three hundred."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.accounts.models import AccessCode, Appointment, User
from rotc.attendance.models import AttendanceMark, TrainingDay
from rotc.conduct.models import Citation, ConductEntry
from rotc.double_entry.models import DoubleEntry
from rotc.exams.models import Score
from rotc.imports.actions import make_plan
from rotc.imports.drafts import Choices
from rotc.imports.models import ImportPlan
from rotc.imports.reach import everybody
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.roster.models import Term, Unit
from tests import factories

PAGES = {
    "today": "/",
    "roster": "/roster/",
    "roster searched": "/roster/?q=many&unit={platoon}&ms=MS1",
    "incomplete profiles": "/roster/?show=incomplete",
    "archived": "/roster/?show=archived",
    "cadets of all terms": "/roster/?where=all&q=many",
    "one cadet": "/roster/{enrollment}/",
    "many at once": "/roster/bulk/?all=1&act=level&to=MS2",
    "units": "/roster/units/",
    "imports": "/imports/",
    "a file checked": "/imports/{plan}/",
    "training days": "/attendance/",
    "muster": "/attendance/{day}/?unit={platoon}",
    "the muster's marks": "/attendance/{day}/marks/?unit={platoon}",
    "ledger": "/conduct/",
    "ledger searched": "/conduct/?q=many&show=proposed",
    "giving to a unit": "/conduct/new/?unit={platoon}",
    "catalogue": "/conduct/catalogue/",
    "sheet": "/sheet/?unit={second}&columns=all",
    "what changed on the sheet": "/sheet/changes/?unit={second}&since=2026-01-01T00:00:00Z",
    "double entries": "/double-entry/",
    "a double entry to start": "/double-entry/new/?exam={exam}&unit={second}",
    "double entries as a file": "/double-entry/?as=csv",
    "board": "/board/",
    "a cadet's standing": "/standing/{enrollment}/",
    "terms": "/terms/",
    "a term": "/terms/{term}/",
    "a term's policy": "/terms/{term}/policy/",
    "jobs": "/jobs/",
    "reports": "/reports/",
    "computation of grades": "/reports/computation-of-grades/?term={term}&unit=",
    "class record": "/reports/class-record/?term={term}&unit=&group=company",
    "history of a cadet in a term": "/journal/enrollment/{enrollment}/",
    "history of a cadet": "/journal/cadet/{cadet}/",
    "history of a score": "/journal/score/{enrollment}/{exam}/",
    "history of a day": "/journal/day/{day}/",
    "history of a term": "/journal/term/{term}/",
    "changes of scores": "/changes/",
    "changes of scores narrowed": "/changes/?unit={second}&exam={exam}&how=typed",
    "one change": "/changes/{act}/",
    "taking a change back": "/changes/{act}/undo/",
    "filling": "/changes/fill/?unit={second}&exam={exam}&cells=all&value=50",
    "settings": "/settings/",
    "lists": "/settings/lists/",
    "master list": "/reports/master-list/?term={term}&unit=",
    "attendance master": "/reports/attendance/?term={term}&unit=",
    "cards": "/reports/id-cards/?term={term}&unit=",
    "roster as a file": "/roster/?as=xlsx",
    "units as a file": "/roster/units/?as=csv",
    "training days as a file": "/attendance/?as=csv",
    "a day's sheet as a file": "/attendance/{day}/?unit={platoon}&as=csv",
    "ledger as a file": "/conduct/?as=csv",
    "sheet as a file": "/sheet/?unit={second}&columns=all&as=csv",
    "board as a file": "/board/?as=csv",
    "terms as a file": "/terms/?as=csv",
    "a term's policy as a file": "/terms/{term}/policy/?as=csv",
    "jobs as a file": "/jobs/?as=csv",
    "changes of scores as a file": "/changes/?as=csv",
    "one change as a file": "/changes/{act}/?as=csv",
    "history of a term as a file": "/journal/term/{term}/?as=csv",
}
ONE_ACT = UUID(int=1)
FOR_ADMINISTRATORS = {
    "operations": "/settings/operations/",
    "today": "/",
    "people": "/people/",
    "people searched": "/people/?q=maria",
    "people as a file": "/people/?as=csv",
    "one account": "/people/{user}/",
    "codes": "/people/codes/",
    "codes of a unit": "/people/codes/?unit={platoon}&ms=MS1",
    "codes by state": "/people/codes/?state=none",
    "a staff record": "/people/{user}/record/",
    "one's own record": "/accounts/profile/",
}


@pytest.fixture
def corps(term, alpha, platoon, enrollment, commandant):
    """A corps with a little of everything, and ``grow(size)`` for much of it."""
    second = alpha.children.get(path__endswith="2nd/")
    data = b"Student No,Last Name,First Name\n" + b"".join(
        b"55-%03d,New%d,Ana\n" % (n, n) for n in range(300)
    )
    small = make_plan("roster", term, "new.csv", data[:90], Choices(), by=commandant, reach=everybody(term))
    large = make_plan("roster", term, "new.csv", data, Choices(), by=commandant, reach=everybody(term))
    grow = partial(fill, term=term, platoon=platoon, second=second, by=commandant)
    grow(3, start=1000)
    names = {
        "term": term.name,
        "platoon": platoon.pk,
        "second": second.pk,
        "enrollment": enrollment.pk,
        "cadet": enrollment.cadet_id,
        "exam": term.exams.first().pk,
        "act": ONE_ACT,
        "day": term.training_days.first().pk,
        "user": commandant.pk,
    }
    return grow, names | {"plan": small.pk}, names | {"plan": large.pk}


def fill(size, *, term, platoon, second, by, start=0):
    """``size`` more of everything that pages list."""
    now, day, exam = timezone.now(), term.training_days.first(), term.exams.first()
    corps = term.units.get(kind=Unit.Kind.CORPS)
    units = Unit.objects.bulk_create(
        Unit(term=term, parent=corps, kind="company", name=f"C{start + n}", path=f"c{start + n}/")
        for n in range(size)
    )
    cadets = factories.many(platoon, size, start) + factories.many(second, min(size, 150), start + 500)
    AttendanceMark.objects.bulk_create(
        AttendanceMark(day=day, enrollment=each, letter="P", changed_by=by) for each in cadets
    )
    TrainingDay.objects.filter(pk=day.pk).update(held_at=now)
    Score.objects.bulk_create(
        Score(enrollment=each, exam=exam, raw=n % 100, changed_at=now, changed_by=by)
        for n, each in enumerate(cadets)
    )
    line = Citation.objects.bulk_create(
        Citation(
            code=f"X{start + n}",
            title="Late",
            kind="demerit",
            offense_class="I",
            least_points=1,
            most_points=2,
        )
        for n in range(size)
    )[0]
    ConductEntry.objects.bulk_create(
        ConductEntry(
            enrollment=each, kind="demerit", points=1, reason="Late", date=day.date, citation=line, given_by=by,
            approved_at=None if n % 2 else now, approved_by=None if n % 2 else by,
        )
        for n, each in enumerate(cadets)
    )  # fmt: skip
    factories.standings.refresh(term, [each.pk for each in cadets])
    users = User.objects.bulk_create(
        User(username=f"staff{start + n}", first_name="Maria", last_name="Reyes", password="!")
        for n in range(size)
    )
    Appointment.objects.bulk_create(
        Appointment(user=user, role="tactical_officer", unit=unit)
        for user, unit in zip(users, units, strict=True)
    )
    AccessCode.objects.bulk_create(
        AccessCode(user=user, digest=f"{user.pk:064}", issued_by=by, expires_at=now + timedelta(days=1))
        for user in users
    )
    Job.objects.bulk_create(Job(kind="recompute", asked_by=user) for user in users)
    plans = ImportPlan.objects.filter(committed_at=None)[:1]
    ImportPlan.objects.bulk_create(
        ImportPlan(
            kind="roster",
            term=term,
            file_name="past.csv",
            made_by=user,
            checked_at=now,
            committed_at=now,
            notes=plan.notes,
        )
        for plan in plans
        for user in users
    )
    DoubleEntry.objects.bulk_create(
        DoubleEntry(
            exam=exam, unit=unit, order=[], started_by=user,
            first=[], first_at=now, first_by=user, second=[], second_at=now, second_by=by,
        )
        for user, unit in zip(users, units, strict=True)
    )  # fmt: skip
    JournalEntry.objects.bulk_create(
        JournalEntry(
            act=uuid4() if n % 2 else ONE_ACT, what="score recorded", subject=f"score:{each.pk}:{exam.pk}", actor="Sgt Reyes", how="typed", term_id=term.pk,
            enrollment_id=each.pk, cadet_id=each.cadet_id, changes={"Prelim": [None, "80"]},
        )
        for n, each in enumerate(cadets)
    )  # fmt: skip
    Term.objects.bulk_create(
        Term(
            name=f"{1500 + start + n}-{1501 + start + n}-1", school_year=f"{1500 + start + n}-{1501 + start + n}",
            semester=1, policy=term.policy, planned_days=15, closed_at=now,
        )
        for n in range(min(size, 300))
    )  # fmt: skip


def trips(client, address) -> list[str]:
    assert client.get(address).status_code == 200, address  # whatever is read once, is
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [each["sql"] for each in found]


@pytest.mark.parametrize(
    ("pages", "person"),
    [(PAGES, "commandant"), (FOR_ADMINISTRATORS, "administrator")],
    ids=["commandant", "administrator"],
)
def test_a_page_costs_the_same_trips_however_much_it_lists(as_user, request, corps, pages, person):
    grow, few, many = corps
    client = as_user(request.getfixturevalue(person))
    before = {page: trips(client, address.format(**few)) for page, address in pages.items()}

    grow(300)

    after = {page: trips(client, address.format(**many)) for page, address in pages.items()}
    grown = {
        page: (len(before[page]), len(after[page])) for page in pages if len(after[page]) > len(before[page])
    }
    assert grown == {}
    assert max(map(len, after.values())) <= 30
