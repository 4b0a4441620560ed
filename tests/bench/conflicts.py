"""Several browsers that edit one sheet at random, into each other's way.

Run it: ``python -m tests.bench.conflicts``; ``--postgres`` on the server of DATABASE_URL. The server notes each
answer that it gives to a cell (``counted``), the pages note each box in which a conflict is shown, the journal
holds what was stored. ``told`` compares the three.
"""

import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tests.bench import typists
from tests.bench.figures import Figure
from tests.counted import REPLIES

COUNTED = "tests.counted"
# Counts the boxes that are shown, not how often one is drawn again because the other value changed once more.
NOTE_BOXES = """() => {
  window.boxes = JSON.parse(sessionStorage.boxes ?? "[]");
  const changed = (records) => records.forEach(({ target, oldValue }) => {
    if (target.dataset.state !== "conflict" || oldValue === "conflict") return;
    boxes.push([target.querySelector("input").name.split(".", 2).join("."), target.querySelector(".conflict").textContent]);
    sessionStorage.boxes = JSON.stringify(boxes);
  });
  const watched = { subtree: true, attributes: true, attributeFilter: ["data-state"], attributeOldValue: true };
  new MutationObserver(changed).observe(document.querySelector("#sheet tbody"), watched);
}"""
AT_REST = """(input) => ["", "saved", "changed"].includes(input.parentElement.dataset.state ?? "")"""
STATES = f"""() => Object.fromEntries([...document.querySelectorAll("#sheet tbody .cell input")]
  .filter((input) => !({AT_REST})(input))
  .map((input) => [input.name.split(".", 2).join("."), input.parentElement.dataset.state]))"""
STANDS = f"""([key]) => {{
  const input = document.querySelector(`#sheet .cell input[name^="${{key}}."]`);
  return ({AT_REST})(input) ? input.name.split(":")[1] : null;
}}"""
DECIDE = """(chance) => {
  const buttons = [...document.querySelectorAll("#sheet tbody .conflict button")];
  const button = buttons[Math.floor(chance * buttons.length)];
  if (!button) return null;
  const decided = [button.closest("td").querySelector("input").name.split(".", 2).join("."), button.textContent];
  button.click();
  return decided;
}"""
PATIENCE = 60


@dataclass
class Officer:
    """One browser. ``wishes`` is what its officer last wanted in each cell, and when."""

    page: object
    path: str
    cells: list[str]
    hot: list[str]
    chance: random.Random
    wishes: dict = field(default_factory=dict)

    def open(self):
        self.page.goto(self.path)
        self.page.evaluate(NOTE_BOXES)
        return self

    def edits(self, count):
        """``count`` random edits, a step at a time, so that the others type in between."""
        for _ in range(count):
            yield from self._decision() if self.chance.random() < 0.5 else ()
            yield from self._edit(self.chance.choice(self.hot if self.chance.random() < 0.5 else self.cells))

    def _edit(self, key):
        press = self.page.keyboard.press
        typists.input_of(self.page, key).focus()
        yield
        doing = self.chance.choices(
            ["score", "ABS", "EX", "", "105", "escape", "undo"], [72, 5, 5, 8, 2, 6, 2]
        )[0]
        if doing == "undo":
            yield from self._undo()
            return
        typed = str(self.chance.randint(0, 100)) if doing in ("score", "escape") else doing
        for character in typed or ["Delete"]:
            press(character)
            yield
        if doing == "escape":
            press("Escape")
            return
        press(self.chance.choice(["Enter", "Enter", "ArrowDown", "Tab", "Shift+Enter"]))
        if self.page.evaluate(STANDS, [key]) == typed:
            self.wishes.pop(key, None)  # granted: saved by now, or another officer stored the same before
        elif typed != "105":
            self.wishes[key] = typed, time.time()
        yield
        if typed == "105":
            yield from self._give_up(key)

    def _give_up(self, key):
        """Out of range is refused and stays; the officer takes it back."""
        typists.input_of(self.page, key).focus()
        self.page.keyboard.press("Escape")
        self.wishes.pop(key, None)
        yield

    def _undo(self):
        """Taking back what lowers a score asks for a reason, on a page of its own: the officer comes back from it."""
        if self.page.evaluate(STATES):
            return
        with self.page.expect_response("**/changes/undo-last/**") as answer:
            self.page.keyboard.press("Control+z")
        if answer.value.header_value("HX-Redirect"):
            self.page.wait_for_url(lambda url: "/sheet/" not in url)
            self.open()
        yield

    def _decision(self):
        """Keep theirs or use mine, where a conflict is shown."""
        if not (decided := self.page.evaluate(DECIDE, self.chance.random())):
            return
        key, said = decided
        if said.startswith("Keep"):
            self.wishes.pop(key, None)
        else:
            self.wishes[key] = said.removeprefix("Use ").replace("blank", ""), time.time()
        yield

    def settle(self):
        """Decide whatever is still open; whether nothing was."""
        self.page.locator("#state").evaluate("() => document.activeElement.blur()")
        for _ in self._decision():
            pass
        states = self.page.evaluate(STATES)
        for key, state in states.items():
            if state in ("refused", "typing"):
                list(self._give_up(key))
        return not states


def edited(officers, count, chance) -> None:
    """Everybody edits at once: whose turn it is is chance."""
    hands = [officer.edits(count) for officer in officers]
    while hands:
        hand = chance.choice(hands)
        if next(hand, "done") == "done":
            hands.remove(hand)


def settled(officers, server) -> dict:
    """Everything decided and sent, and what is stored then. It waits until every browser shows it."""
    ending = time.monotonic() + PATIENCE
    while sum(officer.settle() for officer in officers) < len(officers):
        assert time.monotonic() < ending, [officer.page.evaluate(STATES) for officer in officers]
        officers[0].page.wait_for_timeout(100)
    cells = typists.stored(server)
    while wrong := [
        key for officer in officers for key, typed in _unlike(typists.shown(officer.page), cells)
    ]:
        assert time.monotonic() < ending, f"a browser shows something else: {wrong}"
        officers[0].page.wait_for_timeout(200)
    return cells


def _unlike(shown, cells):
    return [
        (key, typed) for key, typed in shown.items() if typed != (cells[key]["typed"] if key in cells else "")
    ]


@dataclass
class Told:
    """What is wrong, each kind by itself; all empty when nothing was lost. ``made`` and ``shown`` count conflicts."""

    edits: int
    made: int
    shown: int
    unshown: Counter
    gaps: list
    unjournaled: list
    overtaken: list
    lost: list


def told(officers, ids, server, cells) -> Told:
    notes = [json.loads(line) for line in (server.folder / REPLIES).read_text().splitlines()]
    made = Counter((note["by"], note["cell"]) for note in notes if note["status"] == 409)
    shown = Counter(
        (ids[n], key) for n, officer in enumerate(officers) for key, _ in officer.page.evaluate("boxes")
    )
    saved = [note for note in notes if note["status"] == 200]
    return Told(
        edits=len(saved),
        made=made.total(),
        shown=shown.total(),
        unshown=(made - shown) + (shown - made),
        gaps=[key for key, cell in cells.items() if not _gapless(cell)],
        unjournaled=[
            note for note in saved if cells[note["cell"]]["lines"][note["version"] - 1][1] != note["typed"]
        ],
        overtaken=_overtaken(saved, cells),
        lost=_lost(officers, ids, saved, cells),
    )


def _gapless(cell) -> bool:
    afters = ["", *(after for _, after, *_ in cell["lines"])]
    befores = [before for before, *_ in cell["lines"]]
    return afters[:-1] == befores and cell["version"] == len(befores) and cell["typed"] == afters[-1]


def _overtaken(saved, cells) -> list:
    """Cells whose value is not the last one that was acknowledged, or that was taken back since."""
    last = {}
    for note in saved:
        if note["version"] >= last.get(note["cell"], note)["version"]:
            last[note["cell"]] = note
    return [
        note
        for key, note in last.items()
        if cells[key]["typed"] != note["typed"] and cells[key]["lines"][-1][3] != "undo"
    ]


def _lost(officers, ids, saved, cells) -> list:
    """What an officer last wanted in a cell, and neither got, nor gave up, nor took back."""
    got = defaultdict(set)
    for note in saved:
        got[note["by"], note["cell"]].add(note["typed"])
    return [
        (ids[number], key, typed)
        for number, officer in enumerate(officers)
        for key, (typed, _) in officer.wishes.items()
        if typed not in got[ids[number], key]
    ]


def measure(server, browser, count=500, officers=4) -> list[Figure]:
    """On ``server``, which runs with the settings of ``counted`` and is empty."""
    began = time.monotonic()
    company = typists.formed(server, 60, officers=officers, exams=5)
    chance = random.Random(4)
    sessions = server.sessions_of(company["officers"])
    hands = [
        seated(typists.signed_in(browser, server, session), company, random.Random(chance.random()))
        for session in sessions
    ]
    edited(hands, count, chance)
    cells = settled(hands, server)
    found = told(hands, company["ids"], server, cells)
    took = time.monotonic() - began
    return [
        Figure(
            f"{officers} browsers × {count} edits of 60 × 5 cells", f"{found.edits:,} saved, {took:.0f} s"
        ),
        Figure("— conflicts made, and shown", f"{found.made}, {found.shown}", "the same"),
        Figure("— of them made and not shown, or shown and not made", str(found.unshown.total()), "0"),
        Figure("— cells with a gap in their journal", str(len(found.gaps)), "0"),
        Figure("— edits acknowledged and not in the journal", str(len(found.unjournaled)), "0"),
        Figure("— final values other than the last acknowledged", str(len(found.overtaken)), "0"),
        Figure("— last wishes of an officer lost without a word", str(len(found.lost)), "0"),
        Figure("— browsers that end up showing what is stored", f"{officers} of {officers}", f"{officers}"),
    ]


def seated(page, company, chance) -> Officer:
    cells = [f"{row}.{exam}" for row in company["rows"][company["platoons"][0]] for exam in company["exams"]]
    officer = Officer(page, f"/sheet/?unit={company['platoons'][0]}", cells, cells[::20], chance)
    return officer.open()


if __name__ == "__main__":
    typists.alone(__doc__, measure, DJANGO_SETTINGS_MODULE=COUNTED)
