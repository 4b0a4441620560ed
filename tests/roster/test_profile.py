"""A cadet fills in their own profile until they confirm it; the office changes it and opens it again."""

import pytest
from django.utils import timezone

from rotc.accounts.models import SignInName, User
from rotc.journal.models import JournalEntry
from rotc.refusals import NotNow
from rotc.roster.models import Cadet, Enrollment, ListedValue
from tests import factories
from tests.roster.test_pages import as_shown

WHOLE = {
    "contact_number": "09171234567",
    "email": "juan@example.org",
    "address": "Purok 1",
    "sex": "M",
    "birthdate": "2006-02-03",
    "birthplace": "Marawi",
    "civil_status": "Single",
    "programme": "BSIT",
    "year_level": "2nd",
    "emergency_name": "Maria Dela Cruz",
    "emergency_number": "09180000001",
}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def own(as_user, cadet):
    """``own(**facts)``: Juan sends his profile form with these facts altered."""

    def send(**facts):
        client = as_user(cadet)
        return client.post("/profile/", as_shown(client, "/profile/", **facts))

    return send


@pytest.fixture
def confirmed(own, enrollment):
    assert own(**WHOLE, then="complete").status_code == 302
    enrollment.refresh_from_db()
    return enrollment


def test_a_cadet_saves_what_they_know_and_goes_on_later(own, enrollment):
    assert own(address="Purok 9", height_cm="171", religion="Islam").status_code == 302

    enrollment.cadet.refresh_from_db()
    kept = enrollment.cadet
    assert (kept.address, kept.height_cm, kept.religion, kept.profile_locked_at) == (
        "Purok 9", 171, "Islam", None,
    )  # fmt: skip


def test_what_is_still_needed_is_named_and_nothing_typed_is_lost(own, enrollment):
    answer = own(address="Purok 9", birthplace="Marawi", then="complete")

    assert answer.status_code == 422
    assert "Still needed: birthdate." in text(answer)
    assert "Still needed: number of the emergency contact." in text(answer)
    assert "Still needed: address." not in text(answer)
    assert 'value="Purok 9"' in text(answer) and 'value="Marawi"' in text(answer)
    enrollment.cadet.refresh_from_db()
    assert (enrollment.cadet.address, enrollment.cadet.profile_locked_at) == ("", None)


def test_a_confirmed_profile_is_read_and_no_longer_changed(as_user, cadet, confirmed):
    client = as_user(cadet)
    assert confirmed.cadet.profile_locked_at
    assert confirmed.year_level == "2nd"
    page = text(client.get("/profile/"))
    assert (
        "You confirmed this on" in page
        and "Maria Dela Cruz" in page
        and "<input" not in page.split("<main")[1]
    )

    answer = client.post("/profile/", {"address": "Elsewhere", "initial-address": "Purok 1"})

    assert answer.status_code == 422 and "locked" in text(answer)
    assert Cadet.objects.get(pk=confirmed.cadet_id).address == "Purok 1"


def test_once_opened_again_a_cadet_corrects_it(as_user, clerk, own, confirmed):
    page = f"/roster/bulk/?term={confirmed.term}&act=unlock&pick={confirmed.pk}"
    client = as_user(clerk)
    client.post(page, {"seen": client.get(page).context["bulk"].preview.seen})

    assert own(address="Purok 2").status_code == 302
    assert Cadet.objects.get(pk=confirmed.cadet_id).address == "Purok 2"
    assert list(
        JournalEntry.objects.filter(what__startswith="profile").order_by("pk").values_list("what", flat=True)
    ) == ["profile confirmed", "profile opened again"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("last_name", "Other"), ("student_number", "1"), ("ms_level", "MS2"), ("rank", "CDT COL"),
     ("position", "Corps Commander"), ("status", "Completed"), ("unit", "1"), ("photo", "x.jpg")],
)  # fmt: skip
def test_name_number_and_placing_are_not_the_cadets_to_change(own, enrollment, field, value):
    before = Cadet.objects.values().get(), Enrollment.objects.values().get()

    own(**{field: value, f"initial-{field}": ""})

    assert (Cadet.objects.values().get(), Enrollment.objects.values().get()) == before


def test_nothing_is_confirmed_that_is_not_there_whatever_the_form_says_it_showed(own, enrollment):
    claimed = {f"initial-{name}": value for name, value in WHOLE.items()}

    answer = own(**WHOLE, **claimed, then="complete")

    assert answer.status_code == 422 and "Still needed: contact number, e-mail" in text(answer)
    assert Cadet.objects.get(pk=enrollment.cadet_id).profile_locked_at is None


def test_a_profile_that_is_erased_while_it_is_sent_is_refused_in_a_sentence(as_user, cadet, enrollment):
    from rotc.roster import erasing, profiles

    gone = Cadet.objects.get(pk=enrollment.cadet_id)
    erasing.erase(gone, by=None)
    for act in (
        lambda: profiles.fill_in(gone, {"address": ("", "Here")}, complete=False, by=None),
        lambda: erasing.erase(gone, by=None),
    ):
        with pytest.raises(NotNow, match="erased meanwhile"):
            act()


def test_a_year_level_is_not_written_into_a_term_that_was_closed_meanwhile(enrollment):
    from rotc.roster import profiles

    enrollment.term.closed_at = timezone.now()
    enrollment.term.save()

    with pytest.raises(NotNow, match="closed meanwhile"):
        profiles.fill_in(
            enrollment.cadet, {"address": ("", "Here"), "year_level": ("", "2nd")}, complete=False, by=None
        )
    assert (Enrollment.objects.get().year_level, Cadet.objects.get().address) == ("", "")


def test_the_standing_says_until_then_that_the_profile_waits(as_user, cadet, own, enrollment):
    client = as_user(cadet)
    first = client.get("/standing/")
    assert "Your profile waits to be completed" in text(first)

    own(**WHOLE, then="complete")

    again = client.get("/standing/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Your profile waits" not in text(again)


def test_two_who_change_the_same_fact_do_not_overwrite_each_other(as_user, cadet, clerk, enrollment):
    mine = as_shown(as_user(cadet), "/profile/", address="Mine", birthplace="Marawi")
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"
    client.post(edit, as_shown(client, edit, address="Theirs"))

    answer = as_user(cadet).post("/profile/", mine)

    assert answer.status_code == 422
    assert "changed the address" in text(answer) and 'value="Mine"' in text(answer)
    kept = Cadet.objects.get(pk=enrollment.cadet_id)
    assert (kept.address, kept.birthplace) == ("Theirs", "")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("height_cm", "40", "Between 50 and 250"), ("weight_kg", "1000", "Between 20 and 300"),
     ("birthdate", "2099-01-01", "Check the year"), ("email", "nobody", "valid email"),
     ("blood_type", "Z", "Select a valid choice"), ("address", "x" * 300, "at most 200"),
     ("email", "x" * 250 + "@example.org", "at most 254")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(own, enrollment, field, value, said):
    answer = own(**{field: value})

    assert answer.status_code == 422 and said in text(answer)


def test_nobody_takes_the_e_mail_of_somebody_who_signs_in_with_it(own, enrollment, commandant):
    # Two who share an e-mail sign in with it neither of them: a cadet could lock the Commandant out.
    User.objects.filter(pk=commandant.pk).update(email="Commandant@example.org")
    answer = own(email="commandant@example.org", address="Purok 9")

    assert answer.status_code == 422
    assert "Somebody else here has this e-mail" in text(answer)
    assert 'value="Purok 9"' in answer.content.decode()
    enrollment.cadet.refresh_from_db()
    assert enrollment.cadet.email == ""


def test_nor_a_verified_one(own, enrollment, clerk):
    SignInName.objects.create(user=clerk, name="clerk@example.org", kind="email")

    assert own(email="Clerk@example.org").status_code == 422
    assert own(email="juan@example.org").status_code == 302


def test_a_cadet_enrolled_nowhere_has_a_profile_too(as_user, cadet, enrollment):
    enrollment.standing.delete()
    enrollment.delete()

    assert as_user(cadet).get("/profile/").status_code == 200


def test_whoever_is_no_cadet_has_no_profile_here(as_user, clerk):
    assert as_user(clerk).get("/profile/").status_code == 404
    assert as_user(clerk).get("/profile/photo/").status_code == 404


# --- the office


def test_the_office_edits_every_fact(as_user, clerk, enrollment):
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"
    facts = WHOLE | {
        "religion": "Islam", "height_cm": "171", "weight_kg": "62", "blood_type": "O+", "boots": "8R",
        "uniform": "Medium Regular", "bullcap": "57", "emergency_relation": "Mother",
        "status": "Ongoing", "position": "Platoon Leader", "contact_number": "0042",
    }  # fmt: skip

    assert client.post(edit, as_shown(client, edit, **facts)).status_code == 302

    page = text(client.get(f"/roster/{enrollment.pk}/"))
    shown = [
        "Islam",
        "171 cm",
        "62 kg",
        "O+",
        "8R",
        "Medium Regular",
        "57",
        "Mother",
        "Ongoing",
        "0042",
        "3 Feb 2006",
    ]
    assert [fact for fact in shown if fact not in page] == []
    assert client.post(edit, as_shown(client, edit)).status_code == 302
    assert JournalEntry.objects.filter(what="cadet changed").count() == 1


def test_a_programme_nobody_had_yet_joins_the_list(as_user, clerk, enrollment):
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"
    client.post(edit, as_shown(client, edit, programme="BS Fisheries"))
    client.post(edit, as_shown(client, edit, programme="bsit"))

    assert ListedValue.objects.filter(list="programme", value="BS Fisheries").exists()
    assert Cadet.objects.get(pk=enrollment.cadet_id).programme == "BSIT"


def test_a_corrected_student_number_signs_its_cadet_in(as_user, clerk, enrollment):
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"

    assert client.post(edit, as_shown(client, edit, student_number="0099")).status_code == 302

    user = User.objects.get(cadet=enrollment.cadet_id)
    assert user.username == "0099"
    assert set(SignInName.objects.filter(user=user).values_list("name", flat=True)) == {"0099"}


def test_a_student_number_of_somebody_else_is_refused_and_nothing_else_is_written(
    as_user, clerk, enrollment, platoon
):
    factories.enroll(platoon, "2026-0002", "Reyes", "Ana")
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"

    answer = client.post(edit, as_shown(client, edit, student_number="2026-0002", address="Purok 3"))

    assert answer.status_code == 422 and "Reyes, Ana" in text(answer)
    assert Cadet.objects.get(pk=enrollment.cadet_id).address == ""


def test_a_number_that_somebody_signs_in_with_is_refused(as_user, clerk, enrollment):
    client, edit = as_user(clerk), f"/roster/{enrollment.pk}/edit/"

    answer = client.post(edit, as_shown(client, edit, student_number="CLERK"))

    assert answer.status_code == 422 and "already signs in" in text(answer)
    assert Cadet.objects.get(pk=enrollment.cadet_id).student_number == "2026-0001"


def test_what_is_sensitive_is_shown_to_who_may_see_grades_only(as_user, leader, tactical, enrollment):
    facts = {"religion": "Islam", "blood_type": "AB-", "emergency_number": "0918777", "birthplace": "Iligan"}
    Cadet.objects.filter(pk=enrollment.cadet_id).update(**facts)
    page = f"/roster/{enrollment.pk}/"

    assert [fact for fact in facts.values() if fact in text(as_user(leader).get(page))] == []
    assert [fact for fact in facts.values() if fact not in text(as_user(tactical).get(page))] == []


def test_incomplete_profiles_are_listed_with_what_they_lack(as_user, clerk, leader, confirmed, platoon):
    lacking = factories.enroll(platoon, "2026-0002", "Bautista", "Ana")
    Cadet.objects.filter(pk=lacking.cadet_id).update(**{
        name: value for name, value in WHOLE.items() if name not in ("birthdate", "year_level")
    })  # fmt: skip

    page = text(as_user(clerk).get("/roster/?show=incomplete"))

    assert "birthdate, year level" in page and "Dela Cruz" not in page
    assert "Incomplete profiles" not in text(as_user(leader).get("/roster/"))


def test_a_closed_term_keeps_nobody_from_filling_in_their_person(own, enrollment):
    enrollment.term.closed_at = timezone.now()
    enrollment.term.save()

    assert own(address="Purok 9").status_code == 302
    assert Cadet.objects.get(pk=enrollment.cadet_id).address == "Purok 9"
