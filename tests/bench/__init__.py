"""Measurements on the real system. The runner keeps no data itself; what it borrows from the tests wants Django."""

import os
import tempfile

import django

if "ROTC_DATA_DIR" not in os.environ:
    _kept = tempfile.TemporaryDirectory(prefix="rotc-bench-")  # removed when this module goes
    os.environ["ROTC_DATA_DIR"] = _kept.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rotc.settings")
django.setup()
