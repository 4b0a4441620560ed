"""Officers at the keyboard of an open sheet in Chromium, and what they would notice.

They know a cell by its name, ``enrollment.exam``, with which the name of its input begins, and the state of
the sheet by its bar; nothing here asks the page's script.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager

from tests.bench.figures import choose_engine, header, table
from tests.served import CHROMIUM, Server

BARS = 200  # pixels, more than Chromium's own bars take
WATCH = """() => {
  window.inputs = [...document.querySelectorAll("#sheet tbody .cell input")];
  window.landed = [];
  const name = (element) => (element.name ?? "").split(".", 2).join(".");
  addEventListener("keydown", (event) => landed.push([event.key, name(event.target)]), true);
}"""
FOCUSED = """() => (document.activeElement?.name ?? "").split(".", 2).join(".")"""
SHOWN = """() => Object.fromEntries([...document.querySelectorAll("#sheet tbody .cell input")]
  .map((input) => [input.name.split(".", 2).join("."), input.value]))"""
KEPT = """() => window.inputs.every((input) => input.isConnected)"""
SLOWEST_AND_FASTEST = """() => {
  const saves = performance.getEntriesByType("resource").filter((each) => each.name.includes("/sheet/cells/"));
  const times = saves.map((each) => each.duration);
  return { count: times.length, fastest: Math.min(...times), slowest: Math.max(...times) };
}"""


@contextmanager
def chromium():
    """Headless Chromium, for as long as it is used."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def alone(doc, measure, **env) -> None:
    """Prints what ``measure(server, browser)`` finds: what a module does that is run by itself."""
    asked = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--postgres", action="store_true", help="on the server of DATABASE_URL, not on SQLite")
    choose_engine(postgres=asked.parse_args().postgres)
    with served(**env) as (server, browser):
        sys.stdout.write(f"{header()}\n\n{table(measure(server, browser))}\n")


@contextmanager
def served(**env):
    """A running system on data of its own, and Chromium: ``(server, browser)``."""
    with tempfile.TemporaryDirectory(prefix="rotc-bench-") as folder, chromium() as browser:
        server = Server(folder, **env)
        try:
            yield server, browser
        finally:
            server.end()


def signed_in(browser, server, session, **options):
    """A page of a browser of its own, signed in with ``session``."""
    context = browser.new_context(base_url=server.url, **options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    page = context.new_page()
    _show_whole(page)
    return page


def _show_whole(page) -> None:
    """The window is as high as its viewport, bars of its own included: the lowest rows of a page would be outside,
    and what is typed there counts as painted only when something above them changes."""
    window = page.context.new_cdp_session(page)
    found = window.send("Browser.getWindowForTarget")
    taller = {"height": found["bounds"]["height"] + BARS}
    window.send("Browser.setWindowBounds", {"windowId": found["windowId"], "bounds": taller})


def formed(server, *platoons, **options) -> dict:
    """A company on the server's database; see ``company.form``."""
    asked = ", ".join([*map(str, platoons), *(f"{name}={value!r}" for name, value in options.items())])
    found = server.answer(
        f"import json; from tests.bench import company; print(json.dumps(company.form({asked})))"
    )
    return found | {"rows": {int(unit): rows for unit, rows in found["rows"].items()}}


def stored(server) -> dict:
    """What the server's database holds; see ``company.stored``."""
    return server.answer("import json; from tests.bench import company; print(json.dumps(company.stored()))")


def input_of(page, key):
    return page.locator(f'#sheet tbody .cell input[name^="{key}."]')


class Typist:
    """Types scores down a column, Enter after each. ``cells`` are the way of the focus: one more than the scores."""

    def __init__(self, page, cells, scores):
        self.page, self.cells, self.scores = page, cells, scores
        page.evaluate(WATCH)
        input_of(page, cells[0]).focus()

    def keys(self):
        """Presses one key a step."""
        for _, key in self._meant():
            self.page.keyboard.press(key)
            yield

    def _meant(self):
        for cell, score in zip(self.cells, self.scores, strict=False):
            for key in [*score, "Enter"]:
                yield cell, key

    @property
    def wanted(self) -> dict:
        return dict(zip(self.cells, self.scores, strict=False))

    @property
    def lost(self) -> list:
        """``(key, the cell it was meant for, the cell it met)`` where the focus was elsewhere, also at the end."""
        met = [*self.page.evaluate("landed"), ["", self.page.evaluate(FOCUSED)]]
        meant = [*self._meant(), (self.cells[-1], "")]
        return [
            (key, cell, found) for (cell, key), (_, found) in zip(meant, met, strict=True) if cell != found
        ]

    @property
    def keeps_its_inputs(self) -> bool:
        return self.page.evaluate(KEPT)


def type_together(typists, every=0.08, meanwhile=None) -> None:
    """Each presses a key every ``every`` seconds until all is typed; ``meanwhile`` says what happens at which step."""
    hands = [typist.keys() for typist in typists]
    due, step = time.monotonic(), 0
    while hands := [hand for hand in hands if next(hand, "done") != "done"]:
        step += 1
        (meanwhile or {}).get(step, lambda: None)()
        due += every
        typists[0].page.wait_for_timeout(max(0, due - time.monotonic()) * 1000)


def delayed(page, milliseconds) -> None:
    """From now on every answer of the server takes at least so long to reach this page."""
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1},
    )


def saves(page) -> dict:
    """How many requests saved, the fastest and the slowest of them in milliseconds."""
    return page.evaluate(SLOWEST_AND_FASTEST)


def shown(page) -> dict:
    """What every cell of the page shows."""
    return page.evaluate(SHOWN)


def as_stored(cells) -> dict:
    return {key: cell["typed"] for key, cell in cells.items() if cell["typed"]}
