"""The invented battalion that is measured on."""

import time

CADETS = 3000
SEED = ["seed_demo", "--cadets", CADETS, "--seed", 1, "--password", "parade-rest-1"]


def invented(server) -> tuple[dict, float]:
    """The people of ``stage``, on a battalion invented on this server, and the seconds that this took."""
    began = time.perf_counter()
    server.manage(*SEED)
    took = time.perf_counter() - began
    return server.answer(
        "import json; from tests.bench import stage; print(json.dumps(stage.people()))"
    ), took
