"""Which release this is, so that a page kept by a browser does not outlive the code that made it."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

MADE_OF = ("rotc/**/*.py", "templates/**/*.*", "static/**/*.*")


@cache
def release() -> str:
    """A short word that changes with any file that pages are made of, and is the same on every machine."""
    return release_of(settings.BASE_DIR)


def release_of(root: Path) -> str:
    files = sorted(path for pattern in MADE_OF for path in root.glob(pattern) if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
