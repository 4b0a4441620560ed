"""A column of scores typed as fast as a practised hand does it, over links of every speed."""

import random

import pytest
from playwright.sync_api import expect

from tests.bench import typists

pytestmark = pytest.mark.browser
SCORES = 45


@pytest.fixture(scope="module")
def company(server):
    """A platoon of 60 and one of 140: together the longest sheet."""
    return typists.formed(server, 60, 140)


@pytest.mark.parametrize("column, delay", [(0, 40), (1, 400), (2, 1500)])
def test_every_score_typed_at_80_ms_a_key_is_stored_as_typed(page_of, server, company, column, delay):
    """Two officers at once, on 60 rows and on 200, each seeing the other's scores come in."""
    chance = random.Random(delay)
    exam = company["exams"][column]
    hands = []
    for username, unit, platoon in zip(
        company["officers"], [company["platoons"][0], company["company"]], company["platoons"], strict=True
    ):
        page = page_of(username)
        page.goto(f"/sheet/?unit={unit}")
        typists.delayed(page, delay)
        cells = [f"{enrollment}.{exam}" for enrollment in company["rows"][platoon][: SCORES + 1]]
        hands.append(typists.Typist(page, cells, [_score(chance) for _ in range(SCORES)]))

    typists.type_together(hands)

    for hand in hands:
        expect(hand.page.locator("#state")).to_contain_text("All saved", timeout=30_000)
        assert hand.lost == [], "the focus is always where the officer types"
        assert hand.keeps_its_inputs, "no input is ever replaced"
        assert typists.saves(hand.page)["fastest"] >= delay
    cells = typists.stored(server)
    wanted = hands[0].wanted | hands[1].wanted
    of_this_exam = {key: cell for key, cell in cells.items() if key.endswith(f".{exam}")}
    assert typists.as_stored(of_this_exam) == wanted
    assert all(len(cell["lines"]) == cell["version"] == 1 for cell in of_this_exam.values()), (
        "nothing is sent twice"
    )


def _score(chance):
    return chance.choice([str(chance.randint(10, 99))] * 8 + ["100", f"{chance.randint(50, 99)}.5"])
