"""Opening the pages that people live in: time, size and queries."""

import time
from contextlib import closing
from http.client import HTTPConnection

from tests.bench.figures import Figure, kilobytes, median

TIMES = 15


def measure(server, people) -> list[Figure]:
    platoon = f"/sheet/?term={people['term']}&unit={people['platoon']}"
    company = f"/sheet/?term={people['term']}&unit={people['company']}"
    officer = "commandant", people["commandant"]
    cadet = people["cadet_name"], people["cadet"]
    return [
        *_opened(server, "The sheet of a platoon", platoon, officer, "15 KB compressed (60 rows)"),
        *_opened(
            server,
            "The sheet of a platoon, all columns",
            f"{platoon}&columns=all",
            officer,
            "15 KB compressed (60 rows)",
        ),
        *_opened(server, "The sheet of 200 cadets", company, officer, "40 KB compressed"),
        *_opened(
            server,
            "The sheet of 200 cadets, all columns",
            f"{company}&columns=all",
            officer,
            "40 KB compressed",
        ),
        *_opened(server, "The standing page", "/standing/", cadet, "14 KB compressed"),
        _again(server, people["cadet"]),
    ]


def _opened(server, what, path, who, budget) -> list[Figure]:
    username, session = who
    times, body = [], b""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for _ in range(TIMES + 2):
            began = time.perf_counter()
            status, body, _ = _get(connection, path, session)
            times.append(time.perf_counter() - began)
            assert status == 200, (path, status)
    asked = server.answer(f"from tests.bench import stage; print(stage.queries({username!r}, {path!r}))")
    return [
        Figure(f"{what}, median", f"{median(times[2:])}, {asked} queries"),
        Figure("— its size", kilobytes(body), budget),
    ]


def _again(server, session) -> Figure:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        _, _, etag = _get(connection, "/standing/", session)
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            status, body, _ = _get(connection, "/standing/", session, etag)
            times.append(time.perf_counter() - began)
    return Figure("The standing page again, unchanged", f"{status}, {len(body)} B, {median(times)}", "304")


def _get(connection, path, session, etag=None):
    headers = {"Cookie": f"sessionid={session}"} | ({"If-None-Match": etag} if etag else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers["ETag"]
