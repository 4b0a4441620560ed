"""What a page of this house may load and where it may stand: the Content-Security-Policy of every answer."""

import base64
import hashlib
from pathlib import Path

from csp.constants import NONE, SELF


def content_policy(*styles: Path) -> dict:
    """Everything from this origin alone. ``styles``: files whose text a page may carry inside, allowed by their hash:
    a nonce would not survive a 304."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF, *map(_hash_of, styles)],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "form-action": [SELF],
            "base-uri": [NONE],
            "frame-ancestors": [NONE],
        }
    }


def _hash_of(path) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode() + "'"
