"""Staff records: what the unit keeps about its cadre, who may see it, and that nobody overwrites anybody."""

import re

import pytest

from rotc.accounts.models import StaffProfile, User
from rotc.journal.models import JournalEntry
from tests import factories

ALL = {
    "rank": "SSg",
    "first_name": "Rosa",
    "last_name": "Peña",
    "afpsn": "0123456",
    "email": "rosa@example.test",
    "contact_number": "09001234567",
    "address": "Purok 2, Poblacion",
    "birthdate": "1988-02-29",
    "birthplace": "Marawi",
    "civil_status": "Married",
    "nationality": "Filipino",
    "languages": "Maranao, Filipino",
    "height_cm": "172",
    "weight_kg": "68",
    "blood_type": "O+",
    "boots": "9R",
    "uniform": "Medium Regular",
    "bullcap": "58",
    "home_unit": "1002nd CDC",
    "mobilization_centre": "Iligan",
}


def filled(client, path, **facts) -> dict:
    """What a browser posts from the form as it is shown, with these facts typed over."""
    page = client.get(path).content.decode()
    inputs = re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*>', page)
    values = {
        name: (re.search(rf'<input[^>]*\bname="{name}"[^>]*\bvalue="([^"]*)"', page) or ["", ""])[1]
        for name in inputs
        if name != "csrfmiddlewaretoken"
    }
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        values[name] = (re.search(r'<option value="([^"]*)" selected', options) or ["", ""])[1]
    return values | facts


@pytest.fixture
def admin(as_user, administrator):
    return as_user(administrator)


def record_of(user) -> str:
    return f"/people/{user.pk}/record/"


def test_an_administrator_keeps_every_fact_of_the_staff_record(admin, tactical):
    answer = admin.post(record_of(tactical), filled(admin, record_of(tactical), **ALL), follow=True)

    page = answer.content.decode()
    kept = User.objects.get(pk=tactical.pk)
    assert (kept.title, kept.email) == ("SSg Rosa Peña", "rosa@example.test")
    for shown in ("0123456", "1002nd CDC", "172 cm", "68 kg", "Medium Regular", "Maranao, Filipino", "O+"):
        assert shown in page
    shown_again = filled(admin, record_of(tactical))
    assert {name: shown_again[name] for name in ALL} == ALL


def test_what_nobody_altered_is_not_written(admin, tactical):
    admin.post(record_of(tactical), filled(admin, record_of(tactical)))

    assert not StaffProfile.objects.exists()
    assert not JournalEntry.objects.filter(what="staff record changed").exists()


def test_two_who_correct_different_facts_both_keep_theirs(admin, tactical):
    first = filled(admin, record_of(tactical), afpsn="111")
    second = filled(admin, record_of(tactical), blood_type="AB+")

    admin.post(record_of(tactical), first)
    admin.post(record_of(tactical), second)

    assert StaffProfile.objects.values_list("afpsn", "blood_type").get() == ("111", "AB+")


def test_a_fact_that_somebody_changed_meanwhile_is_said_and_nothing_is_written(admin, tactical):
    late = filled(admin, record_of(tactical), afpsn="222", address="Late")
    admin.post(record_of(tactical), filled(admin, record_of(tactical), afpsn="111"))

    answer = admin.post(record_of(tactical), late)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed the AFPSN to “111” meanwhile" in page
    assert 'value="Late"' in page
    assert StaffProfile.objects.values_list("afpsn", "address").get() == ("111", "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"height_cm": "17"}, "greater than or equal to 50"),
        ({"weight_kg": "heavy"}, "Enter a whole number"),
        ({"blood_type": "Z"}, "not one of the available choices"),
        ({"birthdate": "31 Feb"}, "This is not a date"),
        ({"first_name": ""}, "This field is required"),
        ({"address": "x" * 201}, "at most 200 characters"),
        ({"email": "commandant@rotc.test"}, "Somebody else here has the same e-mail"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(admin, tactical, commandant, wrong, said):
    User.objects.filter(pk=commandant.pk).update(email="commandant@rotc.test")

    answer = admin.post(record_of(tactical), filled(admin, record_of(tactical), afpsn="111", **wrong))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StaffProfile.objects.exists()


def test_a_size_that_is_no_longer_listed_stays_on_the_record(admin, tactical):
    StaffProfile.objects.create(user=tactical, boots="13R")

    admin.post(record_of(tactical), filled(admin, record_of(tactical), afpsn="111"))

    assert StaffProfile.objects.get().boots == "13R"


def test_somebody_of_the_staff_fills_in_their_own_and_changes_no_rank(as_user, tactical):
    client = as_user(tactical)
    page = client.get("/accounts/profile/").content.decode()
    assert 'name="rank"' not in page and 'name="afpsn"' not in page and 'name="home_unit"' not in page

    own = filled(client, "/accounts/profile/", contact_number="0900", blood_type="B-", rank="GEN", afpsn="9")
    answer = client.post("/accounts/profile/", own, follow=True)

    assert "Saved." in answer.content.decode()
    assert StaffProfile.objects.values_list("contact_number", "blood_type", "afpsn").get() == (
        "0900",
        "B-",
        "",
    )
    assert User.objects.get(pk=tactical.pk).rank == "Sgt"


def test_a_cadets_facts_stand_in_their_own_record(as_user, admin, cadet):
    assert admin.get(record_of(cadet)).status_code == 404
    assert "Staff record" not in admin.get(f"/people/{cadet.pk}/").content.decode()
    client = as_user(cadet)
    assert client.get("/accounts/profile/").status_code == 404
    assert "/accounts/profile/" not in client.get("/accounts/email/").content.decode()


def test_the_account_pages_of_staff_lead_to_their_profile(as_user, tactical):
    assert 'href="/accounts/profile/"' in as_user(tactical).get("/accounts/sessions/").content.decode()


def test_the_journal_tells_an_administrator_and_nobody_else(as_user, admin, tactical, commandant, term):
    admin.post(
        record_of(tactical), filled(admin, record_of(tactical), blood_type="AB-", birthplace="Ditsaan")
    )

    page = admin.get(f"/people/{tactical.pk}/").content.decode()
    assert "Staff record changed" in page and "blood type: AB-" in page
    client = as_user(commandant)
    assert client.get(f"/people/{tactical.pk}/").status_code == 403
    for history in (f"/journal/term/{term.name}/", "/"):
        assert "Ditsaan" not in client.get(history).content.decode()


@pytest.mark.parametrize("words", ["rosa@example", "0123456", "ssg peña", "Peña", "SSg"])
def test_staff_are_found_by_rank_name_email_and_afpsn(admin, tactical, commandant, words):
    admin.post(record_of(tactical), filled(admin, record_of(tactical), **ALL))

    page = admin.get("/people/", {"q": words}).content.decode()

    assert "SSg Rosa Peña" in page
    assert "Commandant</a>" not in page


def test_the_forms_cost_the_same_for_a_blank_and_a_full_record(queries_of, administrator, tactical, as_user):
    blank = queries_of(administrator, record_of(tactical))
    client = as_user(administrator)
    client.post(record_of(tactical), filled(client, record_of(tactical), **ALL))

    assert queries_of(administrator, record_of(tactical)) == blank
    assert queries_of(factories.staff("own", "clerk", tactical.appointments.get().unit), "/accounts/profile/")
