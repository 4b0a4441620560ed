"""The ASGI door. ``manage.py serve`` puts it behind Daphne with the streams beside it."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rotc.settings")
application = get_asgi_application()
