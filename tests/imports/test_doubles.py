"""Rows that look like somebody who is there already are shown side by side, and never merged."""

import random
import time

import pytest

from rotc.imports.actions import commit_plan, make_plan
from rotc.imports.drafts import Choices
from rotc.imports.near import distance, within
from rotc.imports.reach import everybody
from rotc.imports.roster_doubles import Alike, _person, doubles
from rotc.roster.models import Cadet, Enrollment
from tests.imports.conftest import checked, chosen, committed, csv_of, plan_at

HEAD = "ID,Last Name,First Name,Middle Name,Suffix,DOB,Email,Phone"
ANA = "2026-0101,Peña,Ana Maria,Santos,,2005-03-04,ana@example.org,0917 123 4567"
OTHER = "2026-0999,Villanueva,Leo,Uy,,2006-01-01,leo@example.org,09990000000"


def planned(term, *lines, head=HEAD, **choices):
    data = csv_of(head, *lines)
    return make_plan("roster", term, "a.csv", data, Choices(**choices), by=None, reach=everybody(term))


def imported(term, *lines):
    return commit_plan(planned(term, *lines), by=None, reach=everybody(term))


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("7,PENA,ana maria,,,,,", "the same full name"),
        ("7,Peña,Ana Maria,S.,,,,", "the same full name"),
        ("7,Peña,Ana Maria,Reyes,,,,", "the same last and first name"),
        ("7,Peña,Ana Maria,Santos,Jr.,,,", "the same full name"),
        ("7,Peña,Anita,,,2005-03-04,,", "the same last name and birthdate"),
        ("2026-0110,Peña,Amy,,,,,", "the same last name and nearly the same student number"),
        ("2026-1001,Peña,Amy,,,,,", "the same last name and nearly the same student number"),
        ("20260101,Peña,Amy,,,,,", "the same last name and nearly the same student number"),
        ("7,Pena,Ana Marie,,,,,", "nearly the same name"),
        ("7,Peñna,Anna Maria,,,,,", "nearly the same name"),
        ("7,Cruz,Ben,,,,ANA@example.org,", "the same e-mail"),
        ("7,Cruz,Ben,,,,,+63 917 123 4567", "the same phone number"),
    ],
)
def test_somebody_new_who_looks_like_a_known_cadet_is_shown_beside_them(term, line, because):
    imported(term, ANA)
    plan = planned(term, OTHER, line)
    [double] = plan.notes["doubles"]
    assert (double["row"], double["because"]) == (3, because)
    assert double["like"] == {
        "student_number": "2026-0101",
        "name": "Peña, Ana Maria Santos",
        "unit": "Corps",
    }
    commit_plan(plan, by=None, reach=everybody(term))
    assert Cadet.objects.count() == 3
    assert Cadet.objects.get(student_number="2026-0101").email == "ana@example.org"


@pytest.mark.parametrize(
    "line",
    [
        "7,Peña,Bianca,,,2006-03-04,,",
        "2026-0110,Santos,Ana,,,,,",
        "7,Pineda,Anita,,,2005-03-04,,",
        "2026-0101,Peña,Ana Maria,,,,,",
    ],
)
def test_others_are_not_and_a_cadet_known_by_number_never_is(term, line):
    imported(term, ANA)
    assert planned(term, line).notes["doubles"] == []


def test_two_rows_of_one_file_are_shown_once(term):
    [double] = planned(term, ANA, "7,Pena,Ana Maria,S,,,,").notes["doubles"]
    assert (double["row"], double["like"]["row"]) == (3, 2)


def test_all_reasons_are_said_the_strongest_first(term):
    imported(term, ANA)
    [double] = planned(term, "7,Peña,Ana Maria,,,2005-03-04,ana@example.org,").notes["doubles"]
    assert double["because"] == "the same full name; the same last name and birthdate; the same e-mail"


def test_ticked_rows_are_left_out_and_can_be_taken_in_again(as_user, clerk, term):
    client = as_user(clerk)
    imported(term, ANA)
    url = checked(client, term, csv_of(HEAD, OTHER, "7,Peña,Ana Maria,,,,,", ",Nobody,X,,,,,"))
    page = client.get(url)
    assert "The same person twice?" in page.content.decode()
    form = chosen(client, url)
    again = client.post(f"{url}check/", form | {"rows_asked": "1", "leave_out": ["3", "4"]}).url
    plan = plan_at(again)
    assert (plan.notes["counts"]["new"], plan.problems, plan.notes["doubles"]) == (1, [], [])
    assert "2 rows left out as you chose" in client.get(again).content.decode()
    back = client.post(f"{again}check/", form | {"rows_asked": "1"}).url
    assert plan_at(back).notes["counts"]["new"] == 2
    committed(client, again)
    assert set(Cadet.objects.values_list("last_name", flat=True)) == {"Peña", "Villanueva"}


def test_who_is_left_out_is_in_the_file_all_the_same(term, enrollment):
    plan = planned(term, "2026-0001,Dela Cruz,Johnny,,,,,", OTHER, leave_out=[2])
    assert (plan.notes["counts"]["absent"], plan.notes["counts"]["changed"]) == (0, 0)


def test_of_a_thousand_rows_with_fifty_near_duplicates_all_are_shown_and_none_is_merged(term):
    chance = random.Random(50)
    people = [_invented(chance, number) for number in range(1000)]
    imported(term, *(",".join(line) for line in people))
    before = {each.student_number: each.full_name for each in Cadet.objects.all()}
    slips = [_slip(chance, chance.choice(people), number) for number in range(50)]
    others = [_invented(chance, number) for number in range(5000, 5950)]
    lines = [*(line for line, _ in slips), *others]
    plan = planned(term, *(",".join(line) for line in lines))
    shown = {(each["student_number"], each["like"]["student_number"]) for each in plan.notes["doubles"]}
    assert {(line[0], of) for line, of in slips} <= shown
    commit_plan(plan, by=None, reach=everybody(term))
    assert Enrollment.objects.count() == 2000
    after = {each.student_number: each.full_name for each in Cadet.objects.all()}
    assert after.items() >= before.items()


SYLLABLES = ["ba", "lo", "mi", "ren", "tas", "gu", "dal", "ye", "cor", "pin", "ñe", "sa", "vic", "hu", "zon"]


def _invented(chance, number):
    last, first, middle = ("".join(chance.choices(SYLLABLES, k=size)).capitalize() for size in (4, 4, 3))
    born = f"{chance.randint(2003, 2008)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return [f"2026-{number:05}", last, first, middle, "", born, f"c{number}@example.org", f"09{number:09}"]


def _slip(chance, person, number):
    """The same person typed once more, in one of the ways in which that happens; and whom it doubles."""
    line = [f"N-{number:05}", *person[1:]]
    line[5:] = ["", "", ""]
    kind = number % 6
    if kind == 0:
        line[1] = line[1].upper().replace("Ñ", "N")
    elif kind == 1:
        line[3] = ""
    elif kind == 2:
        place = chance.randrange(1, len(line[1]) - 1)
        line[1] = line[1][:place] + line[1][place + 1 :]
    elif kind == 3:
        place = chance.randrange(1, len(line[2]) - 2)
        line[2] = line[2][:place] + line[2][place + 1] + line[2][place] + line[2][place + 2 :]
    elif kind == 4:
        line[2], line[5] = line[2][0] + "x", person[5]
    else:
        line[0], line[2] = person[0][:-2] + person[0][-1] + person[0][-2] + "9", line[2]
    return line, person[0]


def test_letters_and_swaps_are_counted():
    pairs = {("pena", "pena"): 0, ("pena", "penna"): 1, ("juan", "jaun"): 1, ("reyes", "reyas"): 1}
    pairs |= {("cruz", "cruise"): 3, ("ab", "abcd"): 2, ("santos", "sntas"): 2, ("a", "bcdefg"): 3}
    for (one, other), far in pairs.items():
        for most in (1, 2):
            assert within(one, other, most) == within(other, one, most) == (far <= most)


def test_names_near_each_other_are_those_that_holding_each_against_each_would_find():
    chance = random.Random(7)
    words = sorted({"".join(chance.choices("abcd", k=chance.randint(3, 7))) for _ in range(60)})
    names = sorted({(chance.choice(words), chance.choice(words)) for _ in range(400)})
    alike = Alike()
    for last, first in names:
        alike.remember(
            _person({"student_number": "1", "last_name": last, "first_name": first}, name="", unit="")
        )
    for last, first in names:
        most = 1 if len(last) + len(first) < 8 else 2
        near = {
            name for name in names if 0 < distance(last, name[0], 2) + distance(first, name[1], 2) <= most
        }
        assert alike._near_names(last, first) == near


def test_ten_thousand_rows_are_held_against_ten_thousand_cadets_in_moments(term):
    chance = random.Random(3)
    names = ("student_number", "last_name", "first_name", "middle_name", "suffix", "birthdate", "email")
    Cadet.objects.bulk_create(
        Cadet(sort_name="x", **dict(zip(names, _invented(chance, number), strict=False)))
        for number in range(10_000)
    )
    rows = [
        {
            "row": number,
            "name": "x",
            "unit": "",
            "values": dict(zip(names, _invented(chance, number), strict=False)),
        }
        for number in range(20_000, 30_000)
    ]
    began = time.process_time()
    doubles(term, rows, str)
    assert time.process_time() - began < 8
