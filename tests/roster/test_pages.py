import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rotc.journal.models import JournalEntry
from rotc.roster.models import Cadet, Enrollment, Unit
from tests import factories


def names(answer):
    return [each.cadet.last_name for each in answer.context["page"]]


def many(unit, size, start):
    cadets = [
        Cadet(student_number=f"{n:05}", last_name=f"Cruz{n}", first_name="Ana", sort_name=f"cruz{n}, ana")
        for n in range(start, start + size)
    ]
    Cadet.objects.bulk_create(cadets)
    Enrollment.objects.bulk_create(Enrollment(cadet=each, term=unit.term, unit=unit) for each in cadets)


def as_shown(client, url, **altered):
    """The edit form posted as a browser would: every field, its first value hidden beside it."""
    data = {}
    for bound in client.get(url).context["form"]:
        value = bound.value() or ""
        data |= {bound.html_name: value, bound.html_initial_name: value}
    return data | altered


@pytest.mark.parametrize("words", ["%", "_", "x" * 300, "a " * 3000, "'", "\\", "ʼ\u202e", "ﬃ" * 90])
def test_words_that_name_nobody_find_nobody(as_user, clerk, enrollment, words):
    answer = as_user(clerk).get("/roster/", {"q": words})

    assert answer.status_code == 200
    assert names(answer) == (["Dela Cruz"] if "a " in words else [])
    assert as_user(clerk).get("/roster/", {"q": words, "as": "csv"}).status_code == 200


def test_the_roster_is_found_by_name_without_accents_and_by_number(as_user, clerk, platoon):
    factories.enroll(platoon, "0042", "Peña", "Ana")
    factories.enroll(platoon, "0043", "Reyes", "Juan")
    client = as_user(clerk)
    assert names(client.get("/roster/?q=pena")) == ["Peña"]
    assert names(client.get("/roster/?q=juan reyes")) == ["Reyes"]
    assert names(client.get("/roster/?q=0042")) == ["Peña"]
    assert "Nobody like this" in client.get("/roster/?q=nobody").content.decode()


def test_the_roster_is_narrowed_by_unit_and_ms_level(as_user, clerk, alpha, bravo):
    first = factories.enroll(alpha.children.first(), "1", "Cruz", "Ana")
    factories.enroll(bravo.children.first(), "2", "Reyes", "Juan")
    Enrollment.objects.filter(pk=first.pk).update(ms_level="")
    client = as_user(clerk)
    assert names(client.get(f"/roster/?unit={bravo.pk}")) == ["Reyes"]
    assert names(client.get("/roster/?ms=MS1")) == ["Reyes"]
    assert names(client.get("/roster/?ms=")) == ["Cruz"]
    assert names(client.get("/roster/?unit=nonsense&page=x")) == ["Cruz", "Reyes"]


@pytest.mark.parametrize("path", ["/roster/", "/roster/units/"])
def test_a_roster_of_three_hundred_takes_the_trips_of_three(as_user, clerk, platoon, path):
    client = as_user(clerk)

    def trips():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    many(platoon, 3, 0)
    few = trips()
    many(platoon, 297, 3)
    assert trips() == few


def test_an_empty_roster_says_what_to_do_next(as_user, clerk):
    page = as_user(clerk).get("/roster/").content.decode()
    assert "Import a roster" in page


def test_without_a_term_the_pages_say_so(as_user, administrator):
    for path in ("/roster/", "/roster/units/"):
        assert "No term yet" in as_user(administrator).get(path).content.decode()
    assert "No open term" in as_user(administrator).get("/imports/roster/").content.decode()


def test_the_tree_counts_each_unit_with_all_under_it(as_user, clerk, alpha, bravo):
    factories.enroll(alpha.children.first(), "1", "Cruz", "Ana")
    factories.enroll(alpha, "2", "Cruz", "Ben")
    factories.enroll(bravo, "3", "Cruz", "Cai")
    branches = as_user(clerk).get("/roster/units/").context["branches"]
    counts = {branch.unit.path: (branch.whole, branch.own, branch.depth) for branch in branches}
    assert counts[""] == (3, 0, 0)
    assert counts["1st/alpha/"] == (2, 1, 2)
    assert counts["1st/alpha/1st/"] == (1, 1, 3)


def test_a_unit_is_formed_under_another(as_user, clerk, alpha):
    client = as_user(clerk)
    client.post("/roster/units/", {"kind": "platoon", "name": "Medics", "parent": alpha.pk})
    assert Unit.objects.get(path="1st/alpha/medics/").label == "Medics Platoon"
    wrong = client.post("/roster/units/", {"kind": "battalion", "name": "3rd", "parent": alpha.pk})
    assert wrong.status_code == 422
    assert (
        client.post(
            "/roster/units/", {"kind": "company", "name": "第", "parent": alpha.parent_id}
        ).status_code
        == 422
    )


def test_who_only_reads_forms_no_unit(as_user, tactical, alpha):
    answer = as_user(tactical).post("/roster/units/", {"kind": "platoon", "name": "X", "parent": alpha.pk})
    assert answer.status_code == 403


def test_an_edit_writes_only_what_was_altered_and_says_so_in_the_journal(as_user, clerk, enrollment, bravo):
    client, url = as_user(clerk), f"/roster/{enrollment.pk}/edit/"
    data = as_shown(client, url, last_name="Peña", unit=bravo.pk, ms_level="MS2")
    assert client.post(url, data).status_code == 302
    enrollment.refresh_from_db()
    assert (enrollment.cadet.last_name, enrollment.unit, enrollment.ms_level) == ("Peña", bravo, "MS2")
    assert enrollment.cadet.sort_name.startswith("pena")
    assert enrollment.cadet.user.last_name == "Peña"
    assert JournalEntry.objects.get(what="cadet changed").changes == {"last name": ["Dela Cruz", "Peña"]}
    assert set(JournalEntry.objects.get(what="enrollment changed").changes) == {"unit", "ms level"}


def test_two_officers_editing_do_not_overwrite_each_other(as_user, clerk, enrollment):
    client, url = as_user(clerk), f"/roster/{enrollment.pk}/edit/"
    mine = as_shown(client, url, first_name="Jose")
    theirs = as_shown(client, url, contact_number="0917")
    same_cell = as_shown(client, url, first_name="Jaime")
    client.post(url, theirs)
    client.post(url, mine)
    enrollment.cadet.refresh_from_db()
    assert (enrollment.cadet.first_name, enrollment.cadet.contact_number) == ("Jose", "0917")
    answer = client.post(url, same_cell)
    assert answer.status_code == 422
    assert "changed the first name" in answer.content.decode()


def test_a_closed_term_refuses_an_edit(as_user, administrator, enrollment):
    client, url = as_user(administrator), f"/roster/{enrollment.pk}/edit/"
    data = as_shown(client, url, first_name="Jose")
    enrollment.term.closed_at = timezone.now()
    enrollment.term.save()
    assert client.post(url, data).status_code == 422
    assert Cadet.objects.get(pk=enrollment.cadet_id).first_name == "Juan"


def test_rights_on_the_roster(as_user, clerk, tactical, leader, cadet, enrollment, bravo):
    other = factories.enroll(bravo, "9", "Cruz", "Ana")
    page, edit = f"/roster/{enrollment.pk}/", f"/roster/{enrollment.pk}/edit/"
    for user, seen, changed, others in (
        (clerk, 200, 200, 200),
        (tactical, 200, 403, 404),
        (leader, 200, 403, 404),
        (cadet, 403, 403, 404),
    ):
        client = as_user(user)
        assert client.get(page).status_code == seen
        assert client.get(edit).status_code == changed
        assert client.get(f"/roster/{other.pk}/").status_code == others
    assert as_user(cadet).get("/roster/").status_code == 403
    assert names(as_user(leader).get("/roster/")) == ["Dela Cruz", "Reyes"]


def test_a_cadet_officer_is_shown_no_personal_facts(as_user, leader, clerk, enrollment):
    facts = {
        "birthdate": "2005-03-04",
        "address": "Purok 9",
        "email": "juan@example.org",
        "contact_number": "0917555",
    }
    Cadet.objects.filter(pk=enrollment.cadet_id).update(**facts)
    shown = as_user(leader).get(f"/roster/{enrollment.pk}/").content.decode()
    assert not [fact for fact in ("2005", "Purok 9", "juan@example.org", "0917555") if fact in shown]
    full = as_user(clerk).get(f"/roster/{enrollment.pk}/").content.decode()
    assert all(fact in full for fact in ("4 Mar 2005", "Purok 9", "juan@example.org", "0917555"))


def test_other_terms_of_a_cadet_are_listed(as_user, administrator, enrollment):
    later = factories.open_term(semester=2)
    from rotc.roster.actions import enroll

    enroll(enrollment.cadet, later, later.units.get(kind="corps"), by=None)
    assert later.name in as_user(administrator).get(f"/roster/{enrollment.pk}/").content.decode()
