import pytest

from rotc.journal.models import JournalEntry
from rotc.operations.models import Letterhead, Signatory
from rotc.operations.queries import letterhead

HEAD = {
    "university": "Mindanao Test University",
    "unit_name": "Test ROTC Unit",
    "command_lines": "1st CDC\r\n\r\n2nd RCDG ",
    "address": "Peñaranda",
    "paper": "folio",
}


def labels():
    return list(Signatory.objects.values_list("label", flat=True))


@pytest.mark.parametrize("who", ["clerk", "tactical", "cadet"])
def test_settings_are_for_the_command_and_the_administrator(request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    signatory = Signatory.objects.first()
    assert client.get("/settings/").status_code == 403
    for path in ("", "signatories/", f"signatories/{signatory.pk}/", f"signatories/{signatory.pk}/remove/"):
        assert client.post(f"/settings/{path}", {"label": "X"}).status_code == 403
    assert labels() == ["Prepared by", "Certified correct"]


@pytest.mark.parametrize("who", ["commandant", "administrator"])
def test_an_empty_letterhead_says_what_to_fill_in(request, as_user, who):
    page = as_user(request.getfixturevalue(who)).get("/settings/").content.decode()
    assert "The letterhead is empty." in page
    assert "Prepared by" in page


def test_the_letterhead_is_kept_and_the_journal_says_what_changed(as_user, commandant):
    client = as_user(commandant)
    page = client.post("/settings/", HEAD, follow=True).content.decode()
    assert "The letterhead is saved." in page
    assert "The letterhead is empty." not in page
    head = letterhead()
    assert (head.unit_name, head.address, head.paper) == ("Test ROTC Unit", "Peñaranda", "folio")
    assert head.command_lines == ["1st CDC", "2nd RCDG"]
    line = JournalEntry.objects.get(what="letterhead changed")
    assert line.actor_id == commandant.pk
    assert line.changes["unit_name"] == ["", "Test ROTC Unit"]


def test_keeping_the_same_letterhead_again_writes_nothing(as_user, commandant):
    client = as_user(commandant)
    client.post("/settings/", HEAD)
    assert "Nothing was different." in client.post("/settings/", HEAD, follow=True).content.decode()
    assert JournalEntry.objects.filter(what="letterhead changed").count() == 1


def test_a_letterhead_that_cannot_be_is_refused_with_what_was_typed(as_user, commandant):
    answer = as_user(commandant).post("/settings/", {**HEAD, "unit_name": "X" * 121, "paper": "a0"})
    assert answer.status_code == 422
    assert "X" * 121 in answer.content.decode()
    assert Letterhead.objects.get().unit_name == ""


def test_somebody_who_signs_is_added_after_the_others(as_user, commandant):
    as_user(commandant).post("/settings/signatories/", {"label": "Noted", "title": "Registrar"})
    assert labels() == ["Prepared by", "Certified correct", "Noted"]
    assert JournalEntry.objects.get(what="signatory added").changes["title"] == [None, "Registrar"]


def test_somebody_who_signs_as_nothing_is_refused(as_user, commandant):
    answer = as_user(commandant).post("/settings/signatories/", {"name": "Ana Reyes"})
    assert answer.status_code == 422
    assert 'value="Ana Reyes"' in answer.content.decode()
    assert len(labels()) == 2


def test_rank_name_and_title_are_changed_and_recorded(as_user, commandant):
    signatory = Signatory.objects.first()
    facts = {"label": "Prepared by", "rank": "SSg", "name": "Ana Reyes", "title": "Chief Clerk"}
    client = as_user(commandant)
    client.post(f"/settings/signatories/{signatory.pk}/", facts)
    assert str(letterhead().signatories[0]) == "Prepared by Ana Reyes"
    line = JournalEntry.objects.get(what="signatory changed")
    assert line.changes == {"rank": ["", "SSg"], "name": ["", "Ana Reyes"]}
    assert client.post(f"/settings/signatories/{signatory.pk}/", {**facts, "label": ""}).status_code == 422


def test_the_order_of_signing_can_be_changed(as_user, commandant):
    client = as_user(commandant)
    second = Signatory.objects.last()
    client.post(f"/settings/signatories/{second.pk}/up/")
    assert labels() == ["Certified correct", "Prepared by"]
    client.post(f"/settings/signatories/{second.pk}/up/")
    assert labels() == ["Certified correct", "Prepared by"]
    assert JournalEntry.objects.filter(what="signatory moved").count() == 1


def test_a_removed_signatory_leaves_the_papers_and_stays_in_the_journal(as_user, commandant):
    client = as_user(commandant)
    signatory = Signatory.objects.first()
    client.post(f"/settings/signatories/{signatory.pk}/remove/")
    assert labels() == ["Certified correct"]
    assert JournalEntry.objects.get(what="signatory removed").changes["label"] == ["Prepared by", None]
    assert client.post(f"/settings/signatories/{signatory.pk}/remove/").status_code == 404


def test_changes_are_posted_only(as_user, commandant):
    signatory = Signatory.objects.first()
    client = as_user(commandant)
    for path in ("", "up/", "remove/"):
        assert client.get(f"/settings/signatories/{signatory.pk}/{path}").status_code == 405
