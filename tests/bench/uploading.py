"""Whoever gives photos and roster files, and looks at photos, while the bucket is as it is."""

import io
import threading
import time
from http.client import HTTPException

from PIL import Image

GONE = "The store of files and photos cannot be reached"


class Uploader(threading.Thread):
    """Gives photos and roster files, and looks at photos, one after the other, until it is over."""

    def __init__(self, stage, cadets, over):
        super().__init__(daemon=True)
        self.stage, self.cadets, self.over = stage, cadets, over
        self.answers = []

    def run(self):
        for turn in range(10_000):
            if self.over.wait(0.2):
                return
            cadet = self.cadets[turn % len(self.cadets)]
            asks = (self.photo, self.file, self.look)
            self._ask(asks[turn % len(asks)], cadet)

    def _ask(self, what, cadet):
        began = time.monotonic()
        try:
            answer = what(cadet)
            said, status = GONE in answer.text, answer.status
        except (OSError, HTTPException):
            said, status = False, 0
        self.answers.append((began, time.monotonic() - began, status, said, what.__name__))

    def photo(self, cadet):
        return self._send(f"/roster/{cadet}/photo/", [("photo", "a.png", PICTURE)])

    def file(self, _):
        data = b"Student ID,Last Name,First Name\n2026-99999,Invented,Ana\n"
        return self._send(
            "/imports/roster/", [("term", None, self.stage.term.encode()), ("file", "a.csv", data)]
        )

    def look(self, cadet):
        return self.stage.server.get(f"/roster/{cadet}/photo/", session=self.stage.office, timeout=30)

    def _send(self, path, parts):
        body = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
            % (name.encode(), b'; filename="%s"' % file.encode() if file else b"", data)
            for name, file, data in parts
        )
        return self.stage.server.ask(
            "POST", path, session=self.stage.office, genuine=True, timeout=30,
            body=body + b"--x--\r\n", Content_Type="multipart/form-data; boundary=x",
        )  # fmt: skip


def _picture() -> bytes:
    data = io.BytesIO()
    Image.effect_noise((480, 480), 80).save(data, "PNG")
    return data.getvalue()


PICTURE = _picture()
