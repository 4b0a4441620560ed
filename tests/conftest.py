"""What every test may ask for: a term with its units, people in their roles, and a signed-in client."""

import os
import tempfile

# Tests keep nothing in the project's folder. Processes that are started from here read it with their settings; this
# one's were read before its ``conftest.py``.
os.environ.setdefault("ROTC_DATA_DIR", tempfile.mkdtemp(prefix="rotc-test-"))

import hypothesis
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.served import browser, page_of, server  # noqa: F401  (fixtures)

# How fast a machine is that several tests share says nothing of the code; a database stays open over all examples.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.load_profile("house")


def pytest_xdist_setupnodes(specs):
    """Workers do not meet in what they keep."""
    for spec in specs:
        spec.env["ROTC_DATA_DIR"] = os.path.join(os.environ["ROTC_DATA_DIR"], spec.id)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing is skipped: what would be is a failure that says so."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def term(db):
    """Opened under msu-snd with three exams and fifteen weekly days, the first ten weeks ago."""
    return factories.open_term()


@pytest.fixture
def alpha(term):
    """Alpha Company of the 1st Battalion, with its 1st and 2nd platoons."""
    return factories.company(term, "Alpha")


@pytest.fixture
def platoon(alpha):
    """1st Platoon, Alpha."""
    return alpha.children.get(path__endswith="1st/")


@pytest.fixture
def bravo(term):
    return factories.company(term, "Bravo")


@pytest.fixture
def enrollment(platoon):
    """Juan Dela Cruz, a cadet with an account, in 1st Platoon, Alpha."""
    return factories.enroll(platoon, "2026-0001", "Dela Cruz", "Juan")


@pytest.fixture
def cadet(enrollment):
    """Juan's account."""
    return enrollment.cadet.user


@pytest.fixture
def commandant(term):
    return factories.staff("commandant", "commandant", term.units.get(kind="corps"))


@pytest.fixture
def administrator(db):
    return factories.staff("admin", "administrator", None)


@pytest.fixture
def clerk(term):
    return factories.staff("clerk", "clerk", term.units.get(kind="corps"))


@pytest.fixture
def tactical(alpha):
    """The tactical officer of Alpha."""
    return factories.staff("tactical.alpha", "tactical_officer", alpha)


@pytest.fixture
def leader(alpha):
    """A cadet officer of Alpha, a cadet of its 2nd platoon."""
    own = factories.enroll(alpha.children.get(path__endswith="2nd/"), "2025-0001", "Reyes", "Ana")
    return factories.appointed(own.cadet.user, "cadet_officer", alpha)


@pytest.fixture
def as_user(client):
    """``as_user(user)``: the test client, signed in."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def queries_of(as_user):
    """``queries_of(user, path, params)``: how many queries a page costs once its user is signed in."""

    def count(user, path, params=None) -> int:
        client = as_user(user)
        assert client.get(path, params).status_code == 200
        with CaptureQueriesContext(connection) as found:
            client.get(path, params)
        return len(found)

    return count


@pytest.fixture
def bucket(settings, monkeypatch):
    """Uploads go to an empty S3-compatible bucket that runs beside the test."""
    from urllib.request import Request, urlopen

    import boto3
    from botocore.config import Config
    from moto.server import ThreadedMotoServer

    from rotc.web.store import errors

    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    address = f"http://127.0.0.1:{moto.get_host_and_port()[1]}"
    keys = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    # Its servers of one process share what they keep: another test's bucket is emptied first.
    urlopen(Request(f"{address}/moto-api/reset", method="POST"), timeout=10).close()
    client = boto3.client("s3", endpoint_url=address)
    client.create_bucket(Bucket="rotc")
    settings.BUCKET = "rotc"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "rotc", "endpoint_url": address, "default_acl": None, "file_overwrite": False,
                "client_config": Config(connect_timeout=1, read_timeout=10, retries={"total_max_attempts": 1}),
            },
        }
    }  # fmt: skip
    errors.cache_clear()
    monkeypatch.setattr("rotc.web.store._away_until", 0.0)
    # On a busy machine it is slow, not away: one that is stopped refuses at once.
    monkeypatch.setattr("rotc.web.store.ANSWER", 30)
    yield client, moto
    moto.stop()
    errors.cache_clear()
