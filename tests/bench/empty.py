"""A database of one's own for a measurement, made as the tests make theirs and dropped at the end."""

from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.test.utils import override_settings, setup_databases, teardown_databases

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@contextmanager
def empty_database():
    """An empty database on the engine of DATABASE_URL, else SQLite in memory; pages do without collected files."""
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(STORAGES=settings.STORAGES | PLAIN):
            yield
    finally:
        teardown_databases(made, verbosity=0)


class Over(Exception):
    """The end of what is rolled back."""


@contextmanager
def rolled_back():
    """Nothing that is written inside stays."""
    try:
        with transaction.atomic():
            yield
            raise Over
    except Over:
        pass
