"""Rosters nobody thought of: each is written as its plan showed it, and taken back without a trace.

Run it: ``python -m tests.bench.previews [FILES]``. On the engine of DATABASE_URL, else on SQLite.
"""

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.bench.empty import empty_database, rolled_back
from tests.bench.figures import Figure, table
from tests.imports.rosters import rosters, run_through

FILES_A_RUN = 2


def measure(files: int) -> list[Figure]:
    """Import at least ``files`` generated rosters, two into each term, and take them back."""
    seen = Counter()

    @settings(
        max_examples=-(-files // FILES_A_RUN), deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(first=rosters(), second=rosters(), may_form=st.booleans())
    def check(first, second, may_form):
        with rolled_back():
            plans = run_through(alpha.term, [first, second], may_form=may_form)
        seen.update(row["state"] for plan in plans for row in plan.rows)
        seen["files"] += len(plans)

    with empty_database():
        alpha = factories.company(factories.open_term(), "Alpha")
        began = time.perf_counter()
        check()
        took = time.perf_counter() - began
    rows = f"{seen['new']:,} rows new, {seen['changed']:,} changed, {seen['same']:,} the same"
    return [
        Figure(f"Generated rosters written as shown and taken back without a trace ({rows})",
               f"{seen['files']:,} of {seen['files']:,}, {took:.0f} s", "1,000"),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(f"{table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))}\n")
