"""The settings of a server that notes each answer to a saved cell: ``DJANGO_SETTINGS_MODULE=tests.counted``."""

import json
import re
import time
from urllib.parse import unquote_plus

from rotc.settings import *  # noqa: F403
from rotc.settings import DATA_DIR, MIDDLEWARE

REPLIES = "replies.jsonl"
DATA = re.compile(
    r'<data value="(\d+\.\d+)" data-status="(\d+)"(?: data-version="(\d+)" data-typed="([^"]*)")?'
)
MIDDLEWARE = [*MIDDLEWARE[:-1], "tests.counted.Counted", MIDDLEWARE[-1]]


class Counted:
    """Appends a line for each cell that was sent: by whom, what, and what became of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if request.path == "/sheet/cells/" and request.method == "POST":
            self._note(request, answer.content.decode())
        return answer

    @staticmethod
    def _note(request, text):
        sent = {".".join(name.split(".")[:2]): typed for name, typed in request.POST.items() if ":" in name}
        with (DATA_DIR / REPLIES).open("a") as notes:
            for key, status, version, typed in DATA.findall(text):
                note = {"at": time.time(), "by": request.user.pk, "cell": key, "sent": sent[key]}
                note |= {"status": int(status), "version": int(version or 0), "typed": unquote_plus(typed)}
                notes.write(json.dumps(note) + "\n")
