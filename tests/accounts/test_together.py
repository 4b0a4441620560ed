"""Two administrators who give a corps its codes in the same instant, on a real server."""

import re
from concurrent.futures import ThreadPoolExecutor

TOKEN = "a" * 32
PEOPLE = """
from tests import factories
term = factories.open_term()
factories.many(factories.company(term, "Alpha").children.first(), 20)
factories.staff("first", "administrator", None)
factories.staff("second", "administrator", None)
"""
GOOD = """
import json
from rotc.accounts.models import AccessCode
print(json.dumps([AccessCode.objects.filter(revoked_at=None).count(), AccessCode.objects.count()]))
"""


def test_one_of_them_gets_slips_and_those_slips_are_good(server):
    server.script(PEOPLE)
    sessions = server.sessions_of(["first", "second"])

    def post(place):
        answer = server.ask(
            "POST",
            "/people/codes/slips/",
            session=sessions[place % 2],
            form={"everybody": "1", "seen": "20", "confirmed": "1", "newest": "0"},
            Cookie=f"csrftoken={TOKEN}",
            X_CSRFToken=TOKEN,
        )
        return answer.status, len(re.findall('class="code"', answer.text))

    with ThreadPoolExecutor(4) as administrators:
        answers = sorted(administrators.map(post, range(4)))

    assert answers == [(200, 20), (422, 0), (422, 0), (422, 0)]
    assert server.answer(GOOD) == [20, 20]
