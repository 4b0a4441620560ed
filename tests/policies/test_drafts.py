"""A draft of a term's policy: begun, typed, saved over each other, withdrawn; it grades nobody."""

import re

import pytest

from rotc.grading import Policy
from rotc.journal.models import JournalEntry
from rotc.policies import actions, words
from rotc.policies.models import PolicyDraft
from rotc.roster.models import Term
from rotc.standings.models import Standing
from tests import factories
from tests.policies.typed import page_of, typed


@pytest.fixture
def page(term):
    return page_of(term)


@pytest.fixture
def officer(as_user, commandant):
    """The commandant, signed in."""
    return as_user(commandant)


@pytest.fixture
def draft(term, commandant):
    """A draft begun from the policy in force."""
    return actions.begin_draft(term, term.rules, source="the policy in force", by=commandant)


def errors(answer) -> dict[str, str]:
    assert answer.status_code == 422
    return {name: " ".join(said) for name, said in answer.context["form"].errors.items()}


# --- the page


def test_the_policy_stands_beside_both_presets_with_the_differences_marked(officer, page):
    text = officer.get(page).content.decode()
    row = re.search(r">Nothing right counts</th>(.*?)</tr>", text, re.DOTALL)[1]
    cells = [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.findall(r"<td(.*?)</td>", row)]

    assert [cell.partition("> ")[2] for cell in cells] == ["0 %", "0 %", "50 % ≠ differs"]
    assert "the same as MSU-SND" in text
    assert "The Naval Reserve Command&#x27;s MS-1 orientation" in text
    assert "Nothing here claims to be it" in text


def test_every_setting_of_a_policy_but_what_a_new_term_copies_is_shown_and_edited(draft, officer, page):
    keys = set(Policy.preset("msu-snd").to_dict())
    assert set(words.SETTINGS) == keys - set(words.KEPT)
    form = officer.get(f"{page}draft/").context["form"]
    shown = {field.name for _, fields in form.grouped for field in fields}
    assert shown == set(words.SETTINGS) | {"excused_neutral"}
    assert all(field.help_text for _, fields in form.grouped for field in fields)


@pytest.mark.parametrize("person", ["administrator", "clerk", "tactical", "commandant"])
def test_whoever_sees_grades_reads_the_policy(as_user, request, page, draft, person):
    text = as_user(request.getfixturevalue(person)).get(page).content.decode()
    assert "Grading policy" in text
    assert ("Edit the draft" in text) == (person == "commandant")


@pytest.mark.parametrize("person", ["administrator", "clerk", "tactical", "leader", "cadet"])
def test_nobody_but_the_command_touches_it(as_user, request, page, draft, person):
    client = as_user(request.getfixturevalue(person))
    answers = [client.get(f"{page}draft/"), client.get(f"{page}flips/"), client.post(f"{page}flips/")]
    answers += [client.post(f"{page}{each}") for each in ("begin/", "draft/", "draft/withdraw/")]
    assert {answer.status_code for answer in answers} == {403}


def test_the_command_group_of_one_company_reads_it_and_sets_nothing(as_user, alpha, page):
    client = as_user(factories.staff("assistant.alpha", "command_group", alpha))
    assert client.get(page).status_code == 200
    assert client.post(f"{page}begin/").status_code == 403


def test_a_cadet_officer_and_a_cadet_do_not_read_it(as_user, leader, cadet, page):
    assert [as_user(each).get(page).status_code for each in (leader, cadet)] == [403, 403]


def test_the_table_is_a_file_as_well(officer, page, draft):
    text = officer.get(page, {"as": "csv"}).content.decode()
    assert '"Group","Setting","In force","Draft","MSU-SND","NAVRESCOM"' in text
    assert '"Exams","Nothing right counts","0 %","0 %","0 %","50 %"' in text


# --- beginning, changing, withdrawing


def test_a_draft_from_a_preset_keeps_the_planned_days_and_exams_of_the_term(officer, page, term):
    term.policy |= {"planned_days": 12, "exams": [{"name": "Oral", "items": 20, "weight": "1"}]}
    term.save()
    officer.post(f"{page}begin/", {"base": "navrescom"})
    found = PolicyDraft.objects.get()
    assert found.policy == Policy.preset("navrescom").to_dict() | {
        key: term.policy[key] for key in words.KEPT
    }


def test_a_draft_grades_nobody(officer, page, draft, enrollment):
    before = Standing.objects.values().get()
    officer.post(f"{page}draft/", typed(draft, passing_total="60", **scale("60 3.00")))
    assert Standing.objects.values().get() == before
    assert Term.objects.get().policy == Policy.preset("msu-snd").to_dict()


def scale(*rows):
    pairs = [row.split() for row in rows]
    return {"scale_from": [pair[0] for pair in pairs], "scale_rating": [pair[1] for pair in pairs]}


def test_every_setting_can_be_changed(officer, page, draft):
    answer = officer.post(
        f"{page}draft/",
        typed(
            draft,
            weight_attendance="20",
            weight_aptitude="30,5",
            weight_proficiency="49.5",
            credit_late="0.5",
            credit_excused="",
            excused_neutral="on",
            lates_per_absence="3",
            drop_rule="on",
            unexcused_limit="12.5",
            consecutive_limit="4",
            aptitude_base="90",
            aptitude_cap="95",
            exam_base="25",
            minimum_attendance="10",
            minimum_aptitude="11",
            minimum_proficiency="12",
            passing_total="70",
            **scale("70 3.0", "90 1.0", "80 2.0"),
            code_dropped="OUT",
            code_incomplete="PEND",
            code_deferred="DEF",
            rounding="total",
        ),
    )
    assert answer.status_code == 302
    draft.refresh_from_db()
    preset = Policy.preset("msu-snd").to_dict()
    assert draft.policy == {key: preset[key] for key in words.KEPT} | {
        "weight_attendance": "20",
        "weight_aptitude": "30.5",
        "weight_proficiency": "49.5",
        "credit_late": "0.5",
        "credit_excused": "neutral",
        "lates_per_absence": 3,
        "drop_rule": True,
        "unexcused_limit": "0.125",
        "consecutive_limit": 4,
        "aptitude_base": "90",
        "aptitude_cap": "95",
        "exam_base": "25",
        "minimum_attendance": "10",
        "minimum_aptitude": "11",
        "minimum_proficiency": "12",
        "passing_total": "70",
        "scale": [["90", "1.0"], ["80", "2.0"], ["70", "3.0"]],
        "code_dropped": "OUT",
        "code_incomplete": "PEND",
        "code_deferred": "DEF",
        "rounding": "total",
    }
    line = JournalEntry.objects.get(what="policy draft changed")
    assert line.changes["Days that may be missed"] == [
        "20 % of the planned days",
        "12.5 % of the planned days",
    ]
    # What is shown again, and sent as it is, changes nothing.
    officer.post(f"{page}draft/", typed(draft))
    assert PolicyDraft.objects.values_list("policy", "version").get() == (draft.policy, draft.version)


def test_a_form_sent_as_it_was_shown_changes_nothing(officer, page, draft):
    lines = JournalEntry.objects.count()
    assert officer.post(f"{page}draft/", typed(draft)).status_code == 302
    draft.refresh_from_db()
    assert (draft.version, draft.policy) == (1, Policy.preset("msu-snd").to_dict())
    assert JournalEntry.objects.count() == lines


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"weight_attendance": "31"}, "weight_attendance", "add up to 101"),
        ({"weight_attendance": "-1"}, "weight_attendance", "A number from 0 to 100"),
        ({"weight_attendance": "thirty"}, "weight_attendance", "A number from 0 to 100"),
        ({"weight_attendance": "NaN"}, "weight_attendance", "A number from 0 to 100"),
        ({"weight_attendance": "1e999999"}, "weight_attendance", "A number from 0 to 100"),
        ({"weight_attendance": ""}, "weight_attendance", "A number from 0 to 100"),
        (
            {"weight_attendance": "30.005", "weight_aptitude": "29.995"},
            "weight_attendance",
            "more decimals than the rounding prints",
        ),
        ({"credit_late": "1.5"}, "credit_late", "A number from 0 to 1"),
        ({"credit_excused": ""}, "credit_excused", "or tick that it leaves the count"),
        ({"lates_per_absence": "0"}, "lates_per_absence", "A whole number from 1 to 200"),
        ({"unexcused_limit": "120"}, "unexcused_limit", "A number from 0 to 100"),
        ({"consecutive_limit": "2.5"}, "consecutive_limit", "A whole number from 1 to 200"),
        ({"minimum_aptitude": "31"}, "minimum_aptitude", "More than the 30 points that it can bring"),
        ({"passing_total": "74"}, "scale", "begins at 75, a pass at 74"),
        (scale("75 3.00", "75 2.00"), "scale", "Two rows begin at the same total"),
        (scale("75 5.00"), "scale", "5.00 is the failing rating"),
        (scale("x 3.00"), "scale", "From which total on is it 3.00"),
        ({"scale_from": ["75"], "scale_rating": [""]}, "scale", "Which rating begins at 75"),
        ({"scale_from": ["75"], "scale_rating": ["much too long"]}, "scale", "1 to 8 characters"),
        ({"scale_from": [], "scale_rating": []}, "scale", "at least one row"),
        ({"code_dropped": "INC"}, "code_incomplete", "INC is another code already"),
        ({"code_deferred": "3.00"}, "code_deferred", "3.00 is a rating, which a code cannot be"),
        ({"code_incomplete": "5.00"}, "code_incomplete", "5.00 is a rating, which a code cannot be"),
        ({"code_deferred": " "}, "code_deferred", "1 to 8 characters"),
        ({"code_deferred": "VERYLATER"}, "code_deferred", "1 to 8 characters"),
        ({"rounding": "upwards"}, "rounding", "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(officer, page, draft, wrong, field, said):
    answer = officer.post(f"{page}draft/", typed(draft, **wrong))
    found = errors(answer)
    assert said in found[field]
    assert len(found) == 1
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_null_byte_in_a_rating_is_refused(officer, page, draft):
    found = errors(officer.post(f"{page}draft/", typed(draft, **scale("75 a\0b"))))
    assert "1 to 8 characters" in found["scale"]


def test_of_two_officers_editing_the_later_is_told_both_and_loses_nothing(
    as_user, commandant, page, draft, term
):
    other = factories.staff("director", "command_group", term.units.get(kind="corps"))
    seen = typed(draft)
    assert as_user(other).post(f"{page}draft/", seen | {"exam_base": "40"}).status_code == 302
    officer = as_user(commandant)
    mine = seen | {"exam_base": "50", "aptitude_base": "90"}

    answer = officer.post(f"{page}draft/", mine)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{other.title} saved other settings" in text
    assert '<td data-label="Theirs">40 %</td><td data-label="Yours">50 %</td>' in text
    assert '<td data-label="Theirs">100</td><td data-label="Yours">90</td>' in text
    assert 'name="exam_base" value="50"' in text
    draft.refresh_from_db()
    assert draft.policy["exam_base"] == "40"

    again = {**mine, "version": answer.context["form"]["version"].value()}
    assert officer.post(f"{page}draft/", again).status_code == 302
    draft.refresh_from_db()
    assert (draft.policy["exam_base"], draft.policy["aptitude_base"]) == ("50", "90")


def test_the_same_settings_saved_twice_are_no_conflict(officer, page, draft):
    changed = typed(draft, exam_base="40")
    assert [officer.post(f"{page}draft/", changed).status_code for _ in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert draft.version == 2


def test_a_term_has_one_open_draft(officer, page, draft):
    answer = officer.post(f"{page}begin/", {"base": "navrescom"})
    assert answer.status_code == 422
    assert "There is a draft already, last changed by" in answer.content.decode()
    assert PolicyDraft.objects.count() == 1


def test_a_withdrawn_draft_makes_room_for_another(officer, page, draft):
    assert officer.post(f"{page}draft/withdraw/", {"version": 1}).status_code == 302
    draft.refresh_from_db()
    assert draft.withdrawn_by.username == "commandant"
    assert officer.post(f"{page}draft/", typed(draft, exam_base="40")).status_code == 422
    assert officer.post(f"{page}begin/", {"base": "navrescom"}).status_code == 302
    assert JournalEntry.objects.filter(what="policy draft withdrawn").count() == 1


def test_a_draft_that_somebody_changed_meanwhile_is_not_withdrawn(officer, page, draft):
    officer.post(f"{page}draft/", typed(draft, exam_base="40"))
    answer = officer.post(f"{page}draft/withdraw/", {"version": 1})
    assert answer.status_code == 422
    assert "changed the draft meanwhile" in answer.content.decode()


@pytest.mark.parametrize("base", ["mine", "99999999", "-1", "1" * 40, "msu-snd\0"])
def test_what_is_no_policy_is_nothing_to_begin_from(officer, page, term, base):
    assert officer.post(f"{page}begin/", {"base": base}).status_code == 404
    assert officer.get(f"{page}flips/", {"with": base}).status_code == 404
    assert not PolicyDraft.objects.exists()
