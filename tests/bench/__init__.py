"""Measurements on the real system, each on a data folder of its own that is thrown away.

The runner touches no database itself, but what it borrows from the tests wants Django. Beside a server
(``stage``) Django is set up already, on the server's folder.
"""

import os
import tempfile

import django
from django.conf import settings

if not settings.configured:
    _folder = tempfile.TemporaryDirectory(prefix="rotc-bench-")  # removed at the end
    os.environ["ROTC_DATA_DIR"] = _folder.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rotc.settings")
    django.setup()
