"""From Enter on one officer's sheet until the value stands on another's.

Run it: ``python -m tests.bench.seen``; ``--postgres`` on the server of DATABASE_URL. Both pages are of one Chromium,
so they share a clock. The reader is the Commandant, whose page is nudged by every unit.
"""

import random
import threading

from tests.bench import battalion, typists
from tests.bench.figures import Figure, milliseconds, percentile
from tests.bench.typing_officers import Officer

SAMPLES = 110
NOTE_ENTERS = """() => {
  window.entered = {};
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    entered[event.target.name.split(".", 2).join(".")] = [event.target.value, performance.timeOrigin + performance.now()];
  }, true);
}"""
NOTE_ARRIVALS = """() => {
  window.arrived = {};
  const cells = [...document.querySelectorAll("#sheet tbody .cell input")].map((input) => ({ input, value: input.value }));
  const look = () => {
    const now = performance.timeOrigin + performance.now();
    for (const cell of cells) {
      if (cell.input.value === cell.value) continue;
      cell.value = cell.input.value;
      arrived[cell.input.name.split(".", 2).join(".")] = [cell.value, now];
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def measure(server, browser, people) -> list[Figure]:
    """On a server with the battalion of ``stage``, while nobody else types and while twenty officers do."""
    quiet = _delays(server, browser, people, people["platoon"])
    officers = [Officer(server, session, random.Random(n)) for n, session in enumerate(people["officers"])]
    over = threading.Event()
    hands = [
        threading.Thread(target=act, args=[over], daemon=True)
        for officer in officers
        for act in (officer.type_until, officer.follow_until)
    ]
    for hand in hands:
        hand.start()
    busy = _delays(server, browser, people, people["other_platoon"])
    over.set()
    return [
        *_figures("Another officer sees a score, nobody else typing", quiet),
        *_figures(f"Another officer sees a score, {len(officers)} officers typing", busy),
    ]


def _delays(server, browser, people, platoon) -> list[float]:
    path = f"/sheet/?unit={platoon}"
    writer = typists.signed_in(browser, server, people["company_officer"])
    reader = typists.signed_in(browser, server, people["commandant"])
    for page, note in ((writer, NOTE_ENTERS), (reader, NOTE_ARRIVALS)):
        page.goto(path)
        page.evaluate(note)
    reader.wait_for_timeout(2000)
    chance = random.Random(platoon)
    keys = list(typists.shown(writer))[:SAMPLES]
    for key in keys:
        typists.input_of(writer, key).focus()
        for figure in f"{chance.randint(10, 99)}.25":  # not what is stored
            writer.keyboard.press(figure)
        writer.keyboard.press("Enter")
        writer.wait_for_timeout(chance.uniform(300, 1300))
    reader.wait_for_timeout(3000)
    entered, arrived = writer.evaluate("entered"), reader.evaluate("arrived")
    for page in (writer, reader):
        page.context.close()
    missed = [key for key in keys if arrived.get(key, [None])[0] != entered[key][0]]
    assert not missed, f"never seen: {missed}"
    return [(arrived[key][1] - entered[key][1]) / 1000 for key in keys]


def _figures(what, delays) -> list[Figure]:
    return [
        Figure(f"{what} ({len(delays)} scores), median", milliseconds(percentile(delays, 50))),
        Figure("— 95 of 100 within", milliseconds(percentile(delays, 95)), "1,500 ms"),
    ]


if __name__ == "__main__":
    typists.alone(__doc__, lambda server, browser: measure(server, browser, battalion.invented(server)[0]))
