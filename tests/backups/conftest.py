import json
from pathlib import Path
from zipfile import ZipFile

import pytest


@pytest.fixture
def folder(settings, tmp_path):
    """Uploads, and so backups, go to a folder of this test's own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "uploads", "base_url": None},
        }
    }
    settings.BUCKET = ""
    return tmp_path / "uploads"


def altered(path: Path, *, drop=(), members=None, **facts) -> Path:
    """A copy of a backup beside it, whose manifest says otherwise, or in which something is missing or other."""
    copy = path.with_name("altered.zip")
    with ZipFile(path) as before, ZipFile(copy, "w") as after:
        for name in before.namelist():
            data = (members or {}).get(name, before.read(name))
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | facts).encode()
            if name not in drop:
                after.writestr(name, data)
    return copy
