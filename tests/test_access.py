"""Who may do what: the table of rights as a unit would read it, its reach, and every address of the project."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import get_resolver
from django.utils import timezone

from rotc import access
from rotc.accounts import actions
from rotc.accounts.models import User
from rotc.conduct.models import Citation, ConductEntry
from rotc.double_entry.models import DoubleEntry
from rotc.exams.actions import record_score
from rotc.imports.actions import make_plan
from rotc.imports.drafts import Choices
from rotc.imports.reach import everybody
from rotc.jobs.models import Job
from rotc.journal.models import JournalEntry
from rotc.messages.models import Notification
from rotc.operations.models import Signatory
from rotc.roster.models import ListedValue
from tests import factories

# One column a role; x: may, a dot: may not.
TABLE = """
                               admin  commandant  group  tactical  leader  clerk  cadet
see the roster                   x        x         x       x        x       x      .
change the roster                x        x         x       .        .       x      .
see grades                       x        x         x       x        .       x      .
mark attendance                  .        x         x       x        x       .      .
plan training days               x        x         x       .        .       .      .
propose merits and demerits      .        x         x       x        x       .      .
give merits and demerits         .        x         x       x        .       .      .
change the catalogue             .        x         x       .        .       .      .
enter scores                     .        x         x       x        .       .      .
set exams                        .        x         x       .        .       .      .
set codes by hand                .        x         x       x        .       .      .
confirm or waive drops           .        x         .       .        .       .      .
set the policy                   .        x         x       .        .       .      .
see the order of merit           .        x         x       x        .       .      .
make reports                     x        x         x       .        .       x      .
manage accounts                  x        .         .       .        .       .      .
change settings                  x        x         x       .        .       .      .
open terms                       x        x         x       .        .       .      .
watch the system                 x        .         .       .        .       .      .
keep backups                     x        .         .       .        .       .      .
"""
ROLES, *LINES = (line for line in TABLE.strip("\n").splitlines())
CASES = [
    (right.strip(), role, mark == "x")
    for line in LINES
    for right, marks in [(line[:29], line[29:].split())]
    for role, mark in zip(ROLES.split(), marks, strict=True)
]


@pytest.fixture
def group(term):
    return factories.staff("nstp.director", "command_group", term.units.get(kind="corps"))


@pytest.fixture
def people(administrator, commandant, group, tactical, leader, clerk, cadet):
    return {
        "admin": administrator,
        "commandant": commandant,
        "group": group,
        "tactical": tactical,
        "leader": leader,
        "clerk": clerk,
        "cadet": cadet,
    }


def test_the_table_names_every_right():
    assert {right for right, _, _ in CASES} == set(access.RIGHTS)


def test_the_table_of_rights(people, alpha):
    wrong = [
        f"{role} {'may' if not allowed else 'may not'} {right}"
        for right, role, allowed in CASES
        if access.may(people[role], right, alpha) != allowed
    ]

    assert wrong == []


# --- how far a right reaches


@pytest.fixture
def in_bravo(bravo):
    return factories.enroll(bravo.children.first(), "2026-0500", "Bautista", "Leo")


def test_a_tactical_officer_reaches_their_company_and_all_under_it(tactical, enrollment, alpha):
    assert access.enrollment(tactical, enrollment.pk, access.ENTER_SCORES) == enrollment
    assert access.unit(tactical, alpha.children.first().pk, access.MARK_ATTENDANCE)


@pytest.mark.parametrize("right", sorted(access.RIGHTS))
def test_another_company_does_not_exist_for_them(tactical, leader, in_bravo, bravo, right):
    for officer in (tactical, leader):
        with pytest.raises(Http404):
            access.enrollment(officer, in_bravo.pk, right)
        with pytest.raises(Http404):
            access.unit(officer, bravo.pk, right)
        assert in_bravo not in access.enrollments(officer, right, bravo.term)


def test_what_may_be_seen_but_not_changed_is_refused(clerk, leader, enrollment):
    for officer, right in [(clerk, access.ENTER_SCORES), (leader, access.GIVE_CONDUCT)]:
        with pytest.raises(PermissionDenied):
            access.enrollment(officer, enrollment.pk, right)


@pytest.fixture
def earlier(term):
    """A cadet of Alpha in the semester before, which is closed."""
    before = factories.open_term("2025-2026")
    unit = factories.company(before, "Alpha").children.first()
    found = factories.enroll(unit, "2025-0777", "Ocampo", "Rey")
    before.closed_at = timezone.now()
    before.save()
    return found


def test_who_runs_the_corps_reads_other_terms_and_changes_none(commandant, clerk, earlier):
    assert access.enrollment(commandant, earlier.pk) == earlier
    assert access.enrollment(clerk, earlier.pk) == earlier
    assert earlier in access.enrollments(commandant, access.SEE_GRADES, earlier.term)
    with pytest.raises(PermissionDenied):
        access.enrollment(commandant, earlier.pk, access.ENTER_SCORES)
    assert earlier not in access.enrollments(commandant, access.ENTER_SCORES, earlier.term)


def test_a_company_of_another_term_does_not_exist_for_its_namesakes_officers(tactical, leader, earlier):
    for officer in (tactical, leader):
        with pytest.raises(Http404):
            access.enrollment(officer, earlier.pk)


def test_rights_end_when_a_newer_term_stands_beside_the_closed_one(commandant, term):
    term.closed_at = timezone.now()
    term.save()
    assert access.may(User.objects.get(pk=commandant.pk), access.OPEN_TERMS)

    factories.open_term("2026-2027", 2)

    assert not access.is_staff(User.objects.get(pk=commandant.pk))


def test_rights_end_when_relieved(tactical, alpha, administrator):
    actions.relieve(tactical.appointments.get(), by=administrator)

    assert not access.may(User.objects.get(pk=tactical.pk), access.SEE_ROSTER)


@pytest.mark.parametrize("right", sorted(set(access.RIGHTS) - access.READING))
def test_nobody_changes_their_own_record_whatever_their_role(cadet, enrollment, term, right):
    for role in ("commandant", "clerk", "cadet_officer"):
        factories.appointed(cadet, role, term.units.get(kind="corps"))

    with pytest.raises(PermissionDenied):
        access.enrollment(cadet, enrollment.pk, right)
    with pytest.raises(PermissionDenied):
        access.cadet(cadet, enrollment.cadet_id, right)
    assert enrollment not in access.enrollments(cadet, right, term)


def test_a_cadet_reads_their_own_record_and_nobody_elses(cadet, enrollment, platoon):
    comrade = factories.enroll(platoon, "2026-0002", "Cruz", "Ana")

    assert access.enrollment(cadet, enrollment.pk) == enrollment
    with pytest.raises(Http404):
        access.enrollment(cadet, comrade.pk)
    with pytest.raises(Http404):
        access.cadet(cadet, comrade.cadet_id)
    assert list(access.enrollments(cadet, access.SEE_GRADES, platoon.term)) == []
    assert list(access.units(cadet, access.SEE_ROSTER, platoon.term)) == []


@pytest.fixture
def of_bravo(bravo):
    """One of the Command Group, appointed to Bravo only."""
    return factories.staff("assistant.bravo", "command_group", bravo)


@pytest.mark.parametrize("right", sorted(access.WHOLE))
def test_what_holds_for_everybody_needs_an_appointment_over_the_whole_corps(
    of_bravo, commandant, term, bravo, right
):
    assert access.may(commandant, right, term=term)
    assert not access.may(of_bravo, right)
    assert not access.may(of_bravo, right, term=term)
    assert not access.may(of_bravo, right, bravo)


def test_a_companys_command_group_changes_nothing_of_the_term_and_reads_no_other_companys_history(
    as_user, of_bravo, term
):
    client = as_user(of_bravo)
    day, exam = term.training_days.last(), term.exams.first()

    assert client.get("/sheet/").status_code == 200
    assert client.get(f"/journal/term/{term.name}/").status_code == 403
    assert client.post(f"/attendance/{day.pk}/cancel/", {"reason": "Rain"}).status_code == 403
    assert client.post(f"/sheet/exams/{exam.pk}/drop/").status_code == 403
    assert client.post("/terms/new/", {"school_year": "2031-2032"}).status_code == 403


# --- every address of the project

ROSTER = b"Student ID,Last Name,First Name\n2026-0900,Abad,Jo\n"
OPEN = {
    "alive",
    "health",
    "metrics",
    "api:document",
    "api:docs",
    "accounts:setup",
    "accounts:enter_code",
    "accounts:choose_password",
}
FOR_CADETS = {
    "today:today",
    "standings:own",
    "accounts:email",
    "accounts:signed_in",
    "accounts:tokens",
    "roster:own",
    "roster:own_photo",
    "messages:list",
    "messages:digest",
    "messages:tray",
    "messages:follow",
    "messages:read_all",
}
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def addresses(resolver=None, prefix="", space=""):
    """Every address of the project: its route, its name, its view."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern).replace("^", "").replace("$", "").replace("\\", "")
        if hasattr(each, "url_patterns"):
            yield from addresses(each, route, f"{each.namespace}:" if each.namespace else space)
        else:
            yield route, f"{space}{each.name}", each.callback


def own_addresses():
    return [each for each in addresses() if each[2].__module__.startswith("rotc.")]


def is_open(view) -> bool:
    return not getattr(view, "login_required", True)


@pytest.fixture
def numbers(term, enrollment, tactical, in_bravo, alpha):
    """What stands in the places of the addresses: by name, a ``pk`` by the room that it is in."""
    entry = ConductEntry.objects.create(
        enrollment=enrollment,
        kind="merit",
        points=1,
        reason="Helped",
        date=factories.today(),
        given_by=tactical,
    )
    return {
        "enrollment": enrollment.pk,
        "cadet": enrollment.cadet_id,
        "exam": term.exams.first().pk,
        "day": term.training_days.first().pk,
        "entry": entry.pk,
        "citation": Citation.objects.first().pk,
        "name": term.name,
        "slug": "computation-of-grades",
        "written_as": "csv",
        "suffix": "csv",
        "kind": "roster",
        "roster/": enrollment.cadet_id,
        "imports/": make_plan(
            "roster", term, "roster.csv", ROSTER, Choices(), by=tactical, reach=everybody(term)
        ).pk,
        "jobs/": Job.objects.create(kind="recompute").pk,
        "notifications/": Notification.objects.create(person=User.objects.first(), text="Told.").pk,
        "double-entry/": DoubleEntry.objects.create(
            exam=term.exams.first(), unit=alpha, order=[], started_by=tactical
        ).pk,
        "settings/lists/": ListedValue.objects.first().pk,
        "settings/": Signatory.objects.first().pk,
        "people/appointments/": tactical.appointments.get().pk,
        "people/": tactical.pk,
        "accounts/": 1,
        "act": _act(enrollment, term, tactical),
        "key": "made-up",
        "token": "made-up",
    }


def _act(enrollment, term, by):
    record_score(enrollment, term.exams.last(), typed="80", seen_version=0, by=by)
    return JournalEntry.objects.filter(what="score recorded").first().act


def filled(route, numbers) -> str:
    def fill(place):
        name = place[1] or place[2]
        rooms = [room for room in numbers if room.endswith("/") and route.startswith(room)]
        return str(numbers[name] if name != "pk" else numbers[rooms[0]])

    return "/" + PLACE.sub(fill, route)


def test_only_the_declared_doors_stand_open():
    assert {name for _, name, view in own_addresses() if is_open(view)} == OPEN


def test_signed_out_every_other_address_leads_to_signing_in(client, numbers):
    led_elsewhere = []
    for route, name, view in addresses():
        if is_open(view):
            continue
        for ask in (client.get, client.post):
            answer = ask(filled(route, numbers))
            if answer.status_code != 302 or not answer["Location"].startswith("/accounts/login/?next="):
                led_elsewhere.append((name, ask.__name__, answer.status_code))

    assert led_elsewhere == []


def test_a_cadet_finds_no_officers_page_open(as_user, in_bravo, numbers):
    client = as_user(in_bravo.cadet.user)
    opened = [
        (name, ask.__name__, answer.status_code)
        for route, name, view in own_addresses()
        if name not in FOR_CADETS and not is_open(view)
        for ask in (client.get, client.post)
        for answer in [ask(filled(route, numbers))]
        if answer.status_code not in (403, 404, 405)
    ]

    assert opened == []


def test_a_cadet_changes_nothing_of_their_own(as_user, cadet, numbers):
    client = as_user(cadet)
    changed = [
        (name, answer.status_code)
        for route, name, view in own_addresses()
        if name not in FOR_CADETS and not is_open(view)
        for answer in [client.post(filled(route, numbers))]
        if answer.status_code not in (403, 404, 405)
    ]

    assert changed == []


def test_for_an_officer_of_another_company_its_cadets_have_no_address(as_user, bravo, numbers):
    client = as_user(factories.staff("tactical.bravo", "tactical_officer", bravo))
    found = [
        (name, answer.status_code)
        for route, name, view in own_addresses()
        if re.search("<int:(enrollment|entry|cadet)>|roster/<int:pk>", route)
        for ask in (client.get, client.post)
        for answer in [ask(filled(route, numbers))]
        if answer.status_code not in (404, 405)
    ]

    assert found == []


@pytest.mark.parametrize("role", ["admin", "commandant", "group", "tactical", "leader", "clerk", "cadet"])
def test_no_address_ends_in_an_error_for_anybody(as_user, people, numbers, role):
    client = as_user(people[role])

    # The client raises what a page does not catch.
    for route, _, _ in own_addresses():
        assert client.get(filled(route, numbers)).status_code < 500


@pytest.mark.parametrize("role", ["admin", "commandant", "tactical", "clerk"])
def test_an_empty_form_ends_in_an_error_nowhere(as_user, people, numbers, role):
    client = as_user(people[role])

    for route, name, _ in own_addresses():
        if name != "today:load_invented":
            assert client.post(filled(route, numbers)).status_code < 500
