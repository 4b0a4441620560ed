"""The unit's lists: extended, shortened and put in order, while records keep what stands on them."""

import re

import pytest

from rotc.journal.models import JournalEntry
from rotc.roster.models import ListedValue
from tests import factories

LISTS = "/settings/lists/"


def listed(name) -> list[str]:
    return list(ListedValue.objects.filter(list=name).values_list("value", flat=True))


def section(client, name) -> str:
    page = client.get(LISTS).content.decode()
    return re.search(rf'<details class="card" id="{name}".*?</details>', page, re.DOTALL)[0]


@pytest.fixture
def client_of_command(as_user, commandant):
    return as_user(commandant)


@pytest.mark.parametrize("who", ["clerk", "tactical", "cadet"])
def test_lists_are_for_who_changes_settings(request, as_user, who):
    client, word = as_user(request.getfixturevalue(who)), ListedValue.objects.first()

    assert client.get(LISTS).status_code == 403
    assert client.post(LISTS, {"list": "position", "value": "X"}).status_code == 403
    assert client.post(f"{LISTS}values/{word.pk}/up/").status_code == 403
    assert client.post(f"{LISTS}values/{word.pk}/take-off/").status_code == 403
    assert ListedValue.objects.filter(pk=word.pk).exists()


def test_the_settings_lead_to_every_list(client_of_command):
    assert f'href="{LISTS}"' in client_of_command.get("/settings/").content.decode()
    for name, title in ListedValue.List.choices:
        assert title in section(client_of_command, name)


def test_a_word_is_added_at_the_end_and_offered_from_then_on(client_of_command, enrollment, commandant):
    answer = client_of_command.post(LISTS, {"list": "position", "value": "  Guidon   Bearer "})

    assert answer["Location"] == f"{LISTS}?list=position#position"
    assert listed("position")[-1] == "Guidon Bearer"
    line = JournalEntry.objects.get(what="list extended")
    assert (line.actor_id, line.changes) == (commandant.pk, {"Positions": [None, "Guidon Bearer"]})


def test_a_word_that_an_import_added_is_put_in_its_place(client_of_command, db):
    ListedValue.objects.create(list="programme", value="BSN", position=500)
    first, second = listed("programme")[:2]

    client_of_command.post(LISTS, {"list": "programme", "value": "BSEE"})
    word = ListedValue.objects.get(value=second)
    client_of_command.post(f"{LISTS}values/{word.pk}/up/")

    assert listed("programme")[:2] == [second, first]
    assert listed("programme")[-2:] == ["BSN", "BSEE"]
    client_of_command.post(f"{LISTS}values/{word.pk}/up/")
    assert listed("programme")[:2] == [second, first]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"list": "ms_level", "value": "ms1"}, "stands in this list already"),
        ({"list": "ms_level", "value": ""}, "This field is required"),
        ({"list": "blood_type", "value": "A positive"}, "At most 5 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(client_of_command, typed, said):
    before = listed(typed["list"])

    answer = client_of_command.post(LISTS, typed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and f'id="{typed["list"]}" open' in page
    assert f'value="{typed["value"]}"' in page or not typed["value"]
    assert listed(typed["list"]) == before


@pytest.mark.parametrize("name", ["kings", "", "%00", "100%"])
def test_a_list_that_there_is_not_does_not_exist(client_of_command, name):
    assert client_of_command.post(LISTS, {"list": name, "value": "X"}).status_code == 404


def test_a_word_in_use_is_counted_and_stays_on_records_when_it_is_taken_off(client_of_command, platoon):
    one, two = factories.platoon_of(platoon, 2)
    one.rank = two.rank = "CDT CPT"
    one.save(), two.save()
    word = ListedValue.objects.get(value="CDT CPT")
    shown = re.search(r"CDT CPT</th>\s*<td[^>]*>(\d+)", section(client_of_command, "cadet_rank"))

    client_of_command.post(f"{LISTS}values/{word.pk}/take-off/")

    assert shown[1] == "2"
    one.refresh_from_db()
    assert one.rank == "CDT CPT"
    assert "CDT CPT" not in listed("cadet_rank")
    assert JournalEntry.objects.get(what="list shortened").changes == {"Cadet ranks": ["CDT CPT", None]}
    assert client_of_command.post(f"{LISTS}values/{word.pk}/take-off/").status_code == 404


def test_the_page_costs_the_same_however_long_the_lists_are(queries_of, commandant, platoon):
    few = queries_of(commandant, LISTS)
    ListedValue.objects.bulk_create(ListedValue(list="position", value=f"P{n}") for n in range(300))
    factories.many(platoon, 50)

    assert queries_of(commandant, LISTS) == few <= 8
