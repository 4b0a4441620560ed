"""The ledger and its catalogue through the web."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.conduct import actions
from rotc.conduct.models import Citation, ConductEntry
from rotc.conduct.queries import entries_of, proposals_waiting
from rotc.journal.models import JournalEntry
from rotc.standings.models import Standing
from tests import factories


@pytest.fixture
def late(db):
    """D01 Late to formation, 1 point."""
    return Citation.objects.get(code="D01")


@pytest.fixture
def service(db):
    """M03 Volunteer service, 3 to 5 points."""
    return Citation.objects.get(code="M03")


def typed(*enrollments, **facts):
    return {
        "cadet": [each.pk for each in enrollments],
        "citation": "",
        "kind": "",
        "points": "",
        "reason": "",
        "date": timezone.localdate().isoformat(),
        "request_id": uuid.uuid4(),
        **facts,
    }


def post(client, *enrollments, **facts):
    return client.post("/conduct/new/", typed(*enrollments, **facts), follow=True)


def given(enrollment, by, points=10, **facts):
    facts = {"kind": "demerit", "reason": "Asleep on post", "date": timezone.localdate(), **facts}
    [entry] = actions.give([enrollment], points=points, by=by, **facts)
    return entry


def proposed(enrollment, by, points=10):
    [entry] = actions.propose(
        [enrollment], kind="demerit", points=points, reason="Asleep", date=timezone.localdate(), by=by
    )
    return entry


def aptitude(enrollment):
    return Standing.objects.get(enrollment=enrollment).aptitude


# --- giving


def test_a_tactical_officer_gives_from_the_catalogue_and_it_counts_at_once(
    as_user, tactical, enrollment, late
):
    reply = post(as_user(tactical), enrollment, citation=late.pk)
    page = reply.content.decode()
    assert "1 demerit given to Dela Cruz, Juan." in page
    assert "Late to formation" in page
    entry = enrollment.conduct.get()
    assert (entry.points, entry.kind, entry.reason, entry.counts) == (1, "demerit", "Late to formation", True)
    assert aptitude(enrollment) == Decimal("29.7")
    line = JournalEntry.objects.get(subject=f"conduct:{entry.pk}")
    assert (line.actor, line.what) == (tactical.title, "conduct entry given")
    assert line.changes["points"] == [None, 1]


def test_several_cadets_get_one_entry_each(as_user, tactical, platoon, service):
    cadets = factories.platoon_of(platoon, 3)
    page = as_user(tactical).get(f"/conduct/new/?unit={platoon.pk}").content.decode()
    assert all(f'name="cadet" value="{each.pk}"' in page for each in cadets)
    client = as_user(tactical)
    reply = client.post(
        f"/conduct/new/?unit={platoon.pk}", typed(*cadets[:2], citation=service.pk, points=4), follow=True
    )
    assert "4 merits given to 2 cadets." in reply.content.decode()
    assert sorted(entry.enrollment_id for entry in ConductEntry.objects.all()) == [cadets[0].pk, cadets[1].pk]


def test_the_same_form_sent_twice_gives_once(as_user, tactical, enrollment, late):
    form = typed(enrollment, citation=late.pk)
    for _ in range(2):
        reply = as_user(tactical).post("/conduct/new/", form, follow=True)
        assert "1 demerit given to Dela Cruz, Juan." in reply.content.decode()
    assert enrollment.conduct.count() == 1
    assert JournalEntry.objects.filter(what="conduct entry given").count() == 1
    post(as_user(tactical), enrollment, citation=late.pk)  # A new form is a new entry.
    assert enrollment.conduct.count() == 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"citation": "M03"}, "M03 gives 3 to 5 points. Nothing was saved."),
        ({"citation": "M03", "points": 6}, "M03 gives 3 to 5 points. Nothing was saved."),
        ({"citation": "D01", "points": 2}, "D01 gives 1 point. Nothing was saved."),
        ({"kind": "merit", "reason": "Brave", "points": 201}, "less than or equal to 200"),
        ({"kind": "merit", "reason": "Brave"}, "Give 1 to 200 points. Nothing was saved."),
        ({"reason": "Brave", "points": 2}, "Choose whether it is a merit or a demerit."),
        ({"kind": "merit", "points": 2}, "Choose a line of the catalogue or write the reason."),
        ({"citation": "D01", "date": "2200-01-01"}, "1 Jan 2200 is still to come."),
        ({"citation": "D01", "date": "2001-01-01"}, "1 Jan 2001 is more than a year before"),
        ({"citation": "D01", "date": "yesterday"}, "This is not a date."),
        ({"citation": "D01", "request_id": "once"}, "Open the form again."),
        ({"citation": "D01", "cadet": []}, "Choose at least one cadet."),
    ],
)
def test_what_cannot_be_given_is_refused_in_words(as_user, tactical, enrollment, facts, sentence):
    if "citation" in facts:
        facts = facts | {"citation": Citation.objects.get(code=facts["citation"]).pk}
    path = f"/conduct/new/?unit={enrollment.unit_id}"
    reply = as_user(tactical).post(path, typed(enrollment, **facts))
    assert reply.status_code == 422
    assert sentence in reply.content.decode()
    assert not ConductEntry.objects.exists()


def test_a_withdrawn_line_gives_nothing(as_user, tactical, enrollment, late):
    Citation.objects.filter(pk=late.pk).update(withdrawn_at=timezone.now())
    assert (
        "Late to formation"
        not in as_user(tactical).get(f"/conduct/new/?cadet={enrollment.pk}").content.decode()
    )
    reply = post(as_user(tactical), enrollment, citation=late.pk)
    assert reply.status_code == 422
    assert not ConductEntry.objects.exists()


def test_a_closed_term_takes_no_entry(as_user, tactical, enrollment, late):
    enrollment.term.closed_at = timezone.now()
    enrollment.term.save(update_fields=["closed_at"])
    assert (
        "is closed. Nothing was changed."
        in post(as_user(tactical), enrollment, citation=late.pk).content.decode()
    )
    assert not ConductEntry.objects.exists()


def test_a_cadet_is_found_by_name_or_number_within_ones_units(as_user, tactical, bravo, platoon):
    mine = factories.enroll(platoon, "2026-0101", "Peña", "Luz")
    other = factories.enroll(bravo, "2026-0102", "Peñaflor", "Rico")
    client = as_user(tactical)
    for search in ("pena", "PEÑA", "2026-0101", "2026"):
        page = client.get("/conduct/new/", {"q": search}).content.decode()
        assert f"?cadet={mine.pk}" in page
        assert f"?cadet={other.pk}" not in page
    assert "Nobody of yours" in client.get("/conduct/new/", {"q": "Quirino"}).content.decode()


# --- proposing and deciding


def test_a_cadet_officer_proposes_and_it_waits(as_user, leader, tactical, enrollment, late):
    page = as_user(leader).get(f"/conduct/new/?cadet={enrollment.pk}").content.decode()
    assert "Propose an entry" in page
    reply = post(as_user(leader), enrollment, citation=late.pk)
    assert "proposed for Dela Cruz, Juan, waiting for approval" in reply.content.decode()
    assert enrollment.conduct.get().state == "proposed"
    assert aptitude(enrollment) == 30
    assert proposals_waiting(tactical, enrollment.term) == 1
    assert proposals_waiting(leader, enrollment.term) == 0


def test_an_approved_proposal_counts_and_is_decided_once(as_user, leader, tactical, enrollment):
    entry = proposed(enrollment, leader)
    client = as_user(tactical)
    assert "Approve −10" in client.get(f"/conduct/{entry.pk}/").content.decode()
    client.post(f"/conduct/{entry.pk}/approve/")
    assert aptitude(enrollment) == 27
    for act in ("approve", "decline"):
        reply = client.post(f"/conduct/{entry.pk}/{act}/", {"reason": "Again"})
        assert reply.status_code == 422
        assert "This entry is approved already." in reply.content.decode()


def test_a_declined_proposal_says_why_and_never_counts(as_user, leader, tactical, enrollment):
    entry = proposed(enrollment, leader)
    client = as_user(tactical)
    assert client.post(f"/conduct/{entry.pk}/decline/", {"reason": " "}).status_code == 422
    page = client.post(f"/conduct/{entry.pk}/decline/", {"reason": "Not seen by me"}, follow=True)
    assert f"{tactical.title}: Not seen by me" in page.content.decode()
    assert aptitude(enrollment) == 30
    line = JournalEntry.objects.get(subject=f"conduct:{entry.pk}", what="conduct entry declined")
    assert (line.changes, line.reason) == ({"state": ["proposed", "declined"]}, "Not seen by me")
    assert "declined already" in client.post(f"/conduct/{entry.pk}/approve/").content.decode()


# --- reversing


def test_a_reversed_entry_stays_struck_through_and_no_longer_counts(as_user, tactical, enrollment):
    entry = given(enrollment, tactical)
    assert aptitude(enrollment) == 27
    client = as_user(tactical)
    assert client.post(f"/conduct/{entry.pk}/reverse/", {"reason": ""}).status_code == 422
    page = client.post(
        f"/conduct/{entry.pk}/reverse/", {"reason": "Wrong cadet"}, follow=True
    ).content.decode()
    assert "<s>Asleep on post</s>" in page
    assert f"{tactical.title}: Wrong cadet" in page
    assert aptitude(enrollment) == 30
    reply = client.post(f"/conduct/{entry.pk}/reverse/", {"reason": "Wrong again"})
    assert reply.status_code == 422
    assert "reversed already" in reply.content.decode()
    entry.refresh_from_db()
    assert entry.reversed_because == "Wrong cadet"


def test_a_proposal_is_declined_not_reversed(as_user, leader, tactical, enrollment):
    entry = proposed(enrollment, leader)
    reply = as_user(tactical).post(f"/conduct/{entry.pk}/reverse/", {"reason": "No"})
    assert "is a proposal: decline it instead" in reply.content.decode()


# --- who may


def test_a_cadet_finds_no_ledger(as_user, cadet, tactical, enrollment):
    entry = given(enrollment, tactical)
    client = as_user(cadet)
    for path in ("", "new/", "catalogue/"):
        assert client.get(f"/conduct/{path}").status_code == 403
    assert client.post(f"/conduct/{entry.pk}/reverse/", {"reason": "I am good"}).status_code == 403
    other = given(factories.enroll(enrollment.unit, "2026-0009", "Uy", "Ana"), tactical)
    assert client.get(f"/conduct/{other.pk}/").status_code == 404


def test_another_companys_cadets_do_not_exist_for_an_officer(as_user, tactical, commandant, bravo, late):
    stranger = factories.enroll(bravo, "2026-0900", "Lim", "Ben")
    entry = given(stranger, commandant)
    client = as_user(tactical)
    assert client.get(f"/conduct/new/?cadet={stranger.pk}").status_code == 404
    assert post(client, stranger, citation=late.pk).status_code == 404
    assert client.post(f"/conduct/{entry.pk}/reverse/", {"reason": "No"}).status_code == 404
    assert "Lim, Ben" not in client.get("/conduct/").content.decode()
    for nonsense in ("x", "99999999999999999999", "0"):
        assert client.get(f"/conduct/new/?cadet={nonsense}").status_code == 404


def test_a_cadet_officer_decides_nothing_and_has_no_hand_in_their_own_record(
    as_user, leader, tactical, enrollment, late
):
    entry = proposed(enrollment, leader)
    client = as_user(leader)
    assert client.post(f"/conduct/{entry.pk}/approve/").status_code == 403
    own = leader.cadet.enrollments.get()
    assert post(client, own, citation=late.pk).status_code == 403
    assert (
        f'name="cadet" value="{own.pk}"'
        not in client.get(f"/conduct/new/?unit={own.unit_id}").content.decode()
    )
    entry.refresh_from_db()
    assert entry.state == "proposed"
    assert not own.conduct.exists()


# --- reading


def test_the_ledger_is_narrowed_by_chip_and_cadet(as_user, tactical, leader, enrollment):
    other = factories.enroll(enrollment.unit, "2026-0007", "Uy", "Ana")
    given(enrollment, tactical, reason="Asleep on post")
    given(other, tactical, kind="merit", reason="Brave")
    proposed(other, leader)
    taken_back = given(other, tactical, reason="Mistaken")
    actions.reverse(taken_back, reason="Wrong cadet", by=tactical)

    def reasons(**asked):
        page = as_user(tactical).get("/conduct/", asked)
        return [entry.reason for entry in page.context["page"]]

    assert reasons() == ["Mistaken", "Asleep", "Brave", "Asleep on post"]
    assert reasons(show="merits") == ["Brave"]
    assert reasons(show="demerits") == ["Mistaken", "Asleep", "Asleep on post"]
    assert reasons(show="proposed") == ["Asleep"]
    assert reasons(show="reversed") == ["Mistaken"]
    assert reasons(q="dela") == ["Asleep on post"]
    assert reasons(q="2026-0007", show="merits") == ["Brave"]
    assert reasons(q="%") == []


def test_a_cadets_entries_are_read_in_one_query(enrollment, tactical, django_assert_num_queries):
    given(enrollment, tactical, date=timezone.localdate() - timedelta(days=3), reason="Earlier")
    given(enrollment, tactical, reason="Later")
    with django_assert_num_queries(1):
        found = [(entry.reason, entry.given_by.title, entry.citation) for entry in entries_of(enrollment)]
    assert found == [("Later", tactical.title, None), ("Earlier", tactical.title, None)]


def test_the_ledger_takes_as_many_queries_for_three_hundred_as_for_three(as_user, tactical, platoon, late):
    cadets = factories.platoon_of(platoon, 3)
    client = as_user(tactical)
    counts = []
    for each in (1, 99):
        now = timezone.now()
        ConductEntry.objects.bulk_create(
            ConductEntry(
                enrollment=cadet, kind="demerit", points=1, reason="Late", citation=late,
                date=timezone.localdate(), given_by=tactical, approved_at=now, approved_by=tactical,
                reversed_at=now, reversed_by=tactical, reversed_because="Mistaken",
            )
            for cadet in cadets
            for _ in range(each)
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/conduct/")
        counts.append(len(queries))
    assert page.context["page"].paginator.num_pages == 5
    assert counts[0] == counts[1]
    assert counts[0] <= 9


def test_whom_to_give_to_is_found_in_the_order_people_say_a_name(as_user, tactical, enrollment):
    page = as_user(tactical).get("/conduct/new/", {"q": "juan dela cruz"}).content.decode()
    assert "Dela Cruz, Juan" in page
