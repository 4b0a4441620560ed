"""A block of cells pasted into the grade sheet: laid over the sheet as it was seen, shown, committed, taken back."""

import re

import pytest
from django.utils import timezone

from rotc.exams.actions import add_exam, record_score
from rotc.imports.models import ImportPlan
from rotc.imports.pasting import read_block
from rotc.journal.models import JournalEntry
from rotc.refusals import BadValue
from tests import factories
from tests.imports.conftest import committed, taken_back
from tests.imports.scores import scores

SHEET = "/sheet/"


@pytest.fixture
def four(platoon):
    names = ("Abad", "Bello", "Cruz", "Diaz")
    return [factories.enroll(platoon, f"26-00{at}", name, "Ana") for at, name in enumerate(names, 1)]


@pytest.fixture
def paste(as_user, tactical, term, four):
    """``paste(block, row=0, exam="Prelim")`` into the sheet as the tactical officer of Alpha sees it."""

    def give(block, row=0, exam="Prelim", user=tactical, query="", shown=None):
        client = as_user(user)
        page = client.get(f"{SHEET}?{query}").content.decode()
        mark = shown or re.search(r'name="shown" value="(\w+)"', page)[1]
        address = re.search(r'id="block" method="post" action="([^"]+)"', page)[1].replace("&amp;", "&")
        anchor = {"enrollment": four[row].pk, "exam": term.exams.get(name=exam).pk}
        return client.post(address, {"cells": block, "shown": mark, **anchor})

    return give


def test_a_block_lies_over_the_rows_below_and_the_exams_to_the_right(paste, as_user, tactical, term, four):
    url = paste("80\t81\r\n90\tABS\r\n", row=1, exam="Midterm").url
    page = as_user(tactical).get(url).content.decode()
    assert "Will change 4 scores, leave 0, lower none." in page
    assert "Pasted into Alpha Company, 1st Platoon" in page
    assert "Not in the file</span>" not in page or "<b>0</b> <span>Not in the file" in page
    assert scores(term) == {}
    committed(as_user(tactical), url)
    assert scores(term) == {
        ("26-002", "Midterm"): "80",
        ("26-002", "Final"): "81",
        ("26-003", "Midterm"): "90",
        ("26-003", "Final"): "ABS",
    }


def test_the_way_back_leads_to_the_same_sheet_and_the_journal_says_paste(
    paste, as_user, tactical, alpha, four
):
    url = paste("80\n90\n", query=f"unit={alpha.pk}&columns=all&q=ana").url
    page = committed(as_user(tactical), url).content.decode()
    assert f"unit={alpha.pk}&amp;columns=all&amp;q=ana" in page
    assert {line.how for line in JournalEntry.objects.filter(what="score recorded")} == {"paste"}


def test_a_pasted_block_is_taken_back(paste, as_user, tactical, term, commandant, four):
    record_score(four[0], term.exams.get(name="Prelim"), typed="70", seen_version=0, by=commandant)
    url = paste("80\n90\n").url
    committed(as_user(tactical), url)
    taken_back(as_user(tactical), url)
    assert scores(term) == {("26-001", "Prelim"): "70"}


def test_it_follows_the_order_and_the_filter_of_the_sheet(paste, as_user, tactical, term, four):
    url = paste("80", row=2, query="q=cruz").url
    committed(as_user(tactical), url)
    assert scores(term) == {("26-003", "Prelim"): "80"}
    assert "1 row more" in paste("80\n90", row=2, query="q=cruz").content.decode()


def test_under_a_chip_it_goes_into_the_rows_that_one_sees_though_their_blanks_were_filled_since(
    as_user, tactical, commandant, term, four
):
    for each in (four[0], four[2]):
        for exam in list(term.exams.all())[1:]:
            record_score(each, exam, typed="70", seen_version=0, by=commandant)
    for exam in term.exams.all():
        record_score(four[1], exam, typed="70", seen_version=0, by=commandant)
    client, prelim = as_user(tactical), term.exams.get(name="Prelim")
    page = client.get(f"{SHEET}?show=blanks").content.decode()
    assert "Bello" not in page.split("<tbody>")[1]
    facts = dict(re.findall(r'name="(shown|rows)" value="([^"]+)"', page))
    record_score(
        four[0], prelim, typed="60", seen_version=0, by=tactical
    )  # typed in the sheet: Abad is complete
    anchor = {"enrollment": four[0].pk, "exam": prelim.pk}
    url = client.post("/imports/paste/?show=blanks", {"cells": "80\n90\n", **facts, **anchor}).url
    shown = [client.get(url, {"show": state}).content.decode() for state in ("changed", "new")]
    assert "Abad" in shown[0] and "Cruz" in shown[1] and "Bello" not in "".join(shown)
    committed(client, url)
    now = scores(term)
    assert [now[f"26-00{n}", "Prelim"] for n in (1, 2, 3)] == ["80", "70", "90"]


@pytest.mark.parametrize("rows", ["x", "1,2", "9" * 40, "1  2"])
def test_rows_that_are_none_are_refused_in_words(as_user, tactical, four, term, rows):
    sent = {
        "cells": "80",
        "shown": "x",
        "enrollment": four[0].pk,
        "exam": term.exams.first().pk,
        "rows": rows,
    }
    reply = as_user(tactical).post("/imports/paste/?show=blanks", sent)
    assert reply.status_code == 422


def test_blank_cells_of_a_block_leave_what_is_there(paste, as_user, tactical, term, commandant, four):
    record_score(four[1], term.exams.get(name="Prelim"), typed="70", seen_version=0, by=commandant)
    url = paste("80\t\n\t60\n").url
    assert "Will change 2 scores, leave 1, lower none." in as_user(tactical).get(url).content.decode()
    committed(as_user(tactical), url)
    assert scores(term) == {
        ("26-001", "Prelim"): "80", ("26-002", "Prelim"): "70", ("26-002", "Midterm"): "60",
    }  # fmt: skip


def test_lowering_asks_for_a_reason(paste, as_user, tactical, term, commandant, four):
    record_score(four[0], term.exams.get(name="Prelim"), typed="90", seen_version=0, by=commandant)
    url = paste("80\n81\n").url
    client = as_user(tactical)
    assert "Why scores are lowered" in client.get(url).content.decode()
    assert client.post(f"{url}commit/").status_code == 422
    committed(client, url, reason="Read anew")
    assert scores(term)["26-001", "Prelim"] == "80"


def test_a_cell_that_is_no_score_names_its_cadet(paste, as_user, tactical, four):
    page = as_user(tactical).get(paste("80\n105\n").url).content.decode()
    assert "Bello, Ana: 105 is above 100" in page
    assert "Commit 1, leave out 1" in page


@pytest.mark.parametrize(
    ("block", "row", "exam", "said"),
    [
        ("1\n2\n3\n", 2, "Prelim", "1 row more than the sheet has from this cell down"),
        ("\n".join("123456789"), 0, "Prelim", "5 rows more"),
        ("1\t2\t3", 0, "Midterm", "1 column more than the sheet has from this cell to the right"),
        ('"80\n90', 0, "Prelim", "quotation mark"),
        (" \t \n", 0, "Prelim", "nothing in these cells"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_in_words_and_never_wrapped(paste, four, block, row, exam, said):
    answer = paste(block, row, exam)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ImportPlan.objects.exists()


def test_a_sheet_whose_cadets_changed_meanwhile_takes_no_block(paste, as_user, tactical, platoon, term, four):
    page = as_user(tactical).get(SHEET).content.decode()
    mark = re.search(r'name="shown" value="(\w+)"', page)[1]
    factories.enroll(platoon, "26-000", "Aaron", "Ana")
    answer = paste("80\n90", shown=mark)
    assert answer.status_code == 422
    assert "Open it again and paste once more." in answer.content.decode()
    add_exam(term, name="Quiz", items=10, weight=1, by=None)
    assert not ImportPlan.objects.exists()


def test_exams_are_known_by_their_place_however_they_are_called(paste, as_user, tactical, term, four):
    add_exam(term, name="Student ID", items=100, weight=1, by=None)
    url = paste("70", exam="Student ID").url
    committed(as_user(tactical), url)
    assert scores(term) == {("26-001", "Student ID"): "70"}


def test_a_score_typed_since_stops_the_commit(paste, as_user, tactical, term, commandant, four):
    url = paste("80\n90\n").url
    record_score(four[0], term.exams.get(name="Prelim"), typed="70", seen_version=0, by=commandant)
    page = committed(as_user(tactical), url).content.decode()
    assert "Sgt Maria Commandant set 70" in page
    assert scores(term) == {("26-001", "Prelim"): "70"}


def test_nobody_pastes_over_their_own_row(paste, as_user, alpha, term, four):
    officer = factories.appointed(four[1].cadet.user, "tactical_officer", alpha)
    url = paste("80\n90\n70\n", user=officer).url
    page = as_user(officer).get(url).content.decode()
    assert "Is yourself; somebody else must enter this" in page
    committed(as_user(officer), url)
    assert scores(term) == {("26-001", "Prelim"): "80", ("26-003", "Prelim"): "70"}


def test_who_may_not_enter_scores_pastes_none(as_user, clerk, term, four):
    client = as_user(clerk)
    assert 'id="block"' not in client.get(SHEET).content.decode()
    given = {"cells": "80", "shown": "x", "enrollment": four[0].pk, "exam": term.exams.first().pk}
    assert client.post("/imports/paste/", given).status_code == 403


def test_a_closed_term_takes_no_block(paste, as_user, tactical, term, four):
    client = as_user(tactical)
    page = client.get(SHEET).content.decode()
    mark = re.search(r'name="shown" value="(\w+)"', page)[1]
    term.closed_at = timezone.now()
    term.save()
    given = {"cells": "80", "shown": mark, "enrollment": four[0].pk, "exam": term.exams.first().pk}
    assert client.post(f"/imports/paste/?term={term.name}", given).status_code in (403, 422)
    assert not ImportPlan.objects.exists()


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("87\r\n", [["87"]]),
        ("1\t2\n3\t4", [["1", "2"], ["3", "4"]]),
        ('"a\nb"\t2\n', [["a\nb", "2"]]),
        ('"say ""x"""\t1', [['say "x"', "1"]]),
        ("1\t\t\n\t\t\n\n", [["1"]]),
        ("1\n\n2\n", [["1"], [], ["2"]]),
        ("1\r2\r", [["1"], ["2"]]),
    ],
)
def test_blocks_of_every_spreadsheet_are_read(text, cells):
    assert read_block(text) == cells


def test_an_open_quotation_mark_is_no_block():
    with pytest.raises(BadValue):
        read_block('"80\n90')
