"""How heavy the largest sheets are, and how soon Chromium shows what a key did on 200 rows.

Run it: ``python -m tests.bench.sheets``; ``--postgres`` on the server of DATABASE_URL.
"""

import random

from tests.bench import typists
from tests.bench.figures import Figure, kilobytes, percentile

SCORES = 45
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 720}}
# From the key until the next frame is painted, as the browser counts it: in steps of 8 ms, from 16 ms on.
NOTE_KEYS = """() => {
  window.slow = {};
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) {
      if (each.interactionId) slow[each.interactionId] = Math.max(slow[each.interactionId] ?? 0, each.duration);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


def measure(server, browser) -> list[Figure]:
    """On an empty server: a platoon of 60 and a company of 200, first with three exams and then with twenty."""
    company = typists.formed(server, 60, 140)
    server.script("from tests.bench import company; company.fill()")
    [session] = server.sessions_of(company["officers"][:1])
    small, large = (
        (60, company["platoons"][0], "15 KB compressed"),
        (200, company["company"], "40 KB compressed"),
    )
    figures = [
        *(
            _weight(server, session, "fifteen days, three exams, all columns", *each, "&columns=all")
            for each in (small, large)
        ),
        *_painted_on_each(browser, server, session, company),
    ]
    company["exams"] = server.answer(
        "import json; from tests.bench import company; print(json.dumps(company.examine(20)))"
    )
    return [
        *figures,
        *(_weight(server, session, "twenty exams, each cell editable", *each) for each in (small, large)),
        *_painted_on_each(browser, server, session, company),
    ]


def _weight(server, session, what, rows, unit, budget, more="") -> Figure:
    page = server.get(f"/sheet/?unit={unit}{more}", session=session).text
    return Figure(f"The sheet of {rows} cadets, {what}", kilobytes(page), budget)


def _painted_on_each(browser, server, session, company) -> list[Figure]:
    return [figure for where in WIDTHS for figure in _painted(browser, server, session, company, where)]


def _painted(browser, server, session, company, where) -> list[Figure]:
    page = typists.signed_in(browser, server, session, viewport=WIDTHS[where])
    page.goto(f"/sheet/?unit={company['company']}")
    exam, rows = company["exams"][0], company["rows"][company["platoons"][1]]
    page.evaluate(NOTE_KEYS)
    chance = random.Random(45)
    scores = [f"{chance.randint(10, 99)}.5" for _ in range(SCORES)]
    hand = typists.Typist(page, [f"{row}.{exam}" for row in rows[: SCORES + 1]], scores)
    typists.type_together([hand])
    page.wait_for_timeout(2000)
    keys = sum(len(score) + 1 for score in scores)
    slow = list(page.evaluate("slow").values())
    times = [*slow, *[16] * (keys - len(slow))]
    page.context.close()
    return [
        Figure(f"From a key to the next paint, {where}, 200 cadets, {len(company['exams'])} exams ({keys} keys), 98 of 100 within",
               f"{percentile(times, 98):.0f} ms", "200 ms"),
        Figure("— the slowest", f"{max(times):.0f} ms", "200 ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    typists.alone(__doc__, measure)
