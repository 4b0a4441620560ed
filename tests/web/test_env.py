"""The surroundings: a half-configured system does not start, names the variable and never says its value."""

import os
import re
import subprocess
import sys

import pytest

from tests.served import OF_THE_SUITE, ROOT

SECRET = "do-not-show-this-value-to-anybody-at-all-0123456789"
PRODUCTION = {
    "ROTC_ENV": "production",
    "DJANGO_SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "rotc.example",
    "DATABASE_URL": "postgres://nobody:hidden@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:6379/15",
}
READS = re.compile(r"""env\.\w+\(\s*((?:"[A-Z_0-9]+"(?:,\s*)?)+)""")
NAME = re.compile(r'"([A-Z][A-Z_0-9]+)"')
# boto3 reads it by itself.
BY_OTHERS = {"AWS_DEFAULT_REGION"}


def started(tmp_path, **given) -> str:
    """What a process says that reads the settings in these surroundings; nothing when they are right."""
    clean = {name: value for name, value in os.environ.items() if name not in (*OF_THE_SUITE, "DEBUG")}
    env = (
        clean
        | {"ROTC_DATA_DIR": str(tmp_path)}
        | {name: value for name, value in given.items() if value is not None}
    )
    done = subprocess.run(
        [sys.executable, "-c", "import rotc.settings"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 or "ImproperlyConfigured" in done.stderr, done.stderr
    return done.stderr.strip().splitlines()[-1].partition(": ")[2] if done.returncode else ""


def test_nothing_is_needed_outside_production(tmp_path):
    assert started(tmp_path) == ""


def test_production_starts_with_what_it_needs(tmp_path):
    assert started(tmp_path, **PRODUCTION) == ""


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_names_what_it_lacks(tmp_path, name):
    assert (
        started(tmp_path, **PRODUCTION | {name: None})
        == f"{name} is not set. In production the system needs it."
    )


def test_with_the_worker_inside_redis_may_be_left_out(tmp_path):
    assert started(tmp_path, **PRODUCTION | {"REDIS_URL": None, "ROTC_EMBEDDED_WORKER": "1"}) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DEBUG": "1"}, "DEBUG must be off in production"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the host names"),
        ({"DEBUG": SECRET}, "DEBUG must be 1 or 0."),
        ({"PORT": SECRET}, "PORT must be a whole number."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have at least 32 characters"),
        ({"METRICS_TOKEN": f"{SECRET} {SECRET}"}, "METRICS_TOKEN must have at least 32 characters"),
        ({"SENTRY_DSN": SECRET}, "SENTRY_DSN must be an address as Sentry gives it"),
        ({"SENTRY_DSN": f"https://{SECRET}.example/1"}, "SENTRY_DSN must be an address as Sentry gives it"),
        ({"SENTRY_DSN": f"https://{SECRET}@sentry.example/project"}, "SENTRY_DSN must be an address as Sentry gives it"),
        ({"DJANGO_SECRET_KEY": "short"}, "DJANGO_SECRET_KEY must have at least 43 characters"),
        ({"DATABASE_URL": f"mysql://{SECRET}"}, "DATABASE_URL must be an address that starts with postgres://"),
        ({"REDIS_URL": SECRET}, "REDIS_URL must be an address that starts with redis://"),
        ({"ROTC_EMBEDED_WORKER": "1"}, "ROTC_EMBEDED_WORKER is not known."),
        ({"AWS_S3_ENDPOINT_URL": "https://store.example"}, "AWS_S3_ENDPOINT_URL is set, but AWS_STORAGE_BUCKET_NAME is not."),
        (
            {"AWS_STORAGE_BUCKET_NAME": "rotc", "AWS_S3_ENDPOINT_URL": "https://store.example"},
            "AWS_ACCESS_KEY_ID is not set.",
        ),
        ({"AWS_STORAGE_BUCKET_NAME": "rotc", "AWS_ACCESS_KEY_ID": SECRET}, "AWS_SECRET_ACCESS_KEY is not set, but"),
        ({"EMAIL_HOST_USER": SECRET}, "EMAIL_HOST_USER is set, but EMAIL_HOST is not."),
        ({"EMAIL_HOST": "mail.example", "EMAIL_HOST_USER": SECRET}, "EMAIL_HOST_PASSWORD is not set, but"),
        ({"EMAIL_HOST": "mail.example"}, "DEFAULT_FROM_EMAIL is not set."),
    ],
)  # fmt: skip
def test_what_is_wrong_or_half_given_is_named_and_its_value_never_shown(tmp_path, given, said):
    sentence = started(tmp_path, **PRODUCTION | given)
    assert sentence.startswith(said)
    assert SECRET not in sentence and "hidden" not in sentence


def test_a_bucket_and_letters_that_are_whole_start(tmp_path):
    bucket = {
        "AWS_STORAGE_BUCKET_NAME": "rotc",
        "AWS_S3_ENDPOINT_URL": "https://store.example",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    letters = {"EMAIL_HOST": "mail.example", "DEFAULT_FROM_EMAIL": "rotc@example.edu"}
    assert started(tmp_path, **PRODUCTION | bucket | letters) == ""


def read_by_the_system() -> set[str]:
    sources = [(ROOT / "rotc" / name).read_text() for name in ("settings.py", "env.py")]
    found = {name for found in READS.findall(sources[0]) for name in NAME.findall(found)}
    found |= set(re.findall(r'\b(?:text|needed)\("([A-Z_]+)"', sources[1]))
    return found | BY_OTHERS


def test_the_example_names_every_variable_and_no_other():
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^([A-Z_0-9]+)=", example, re.MULTILINE)) == read_by_the_system()


def test_the_docs_name_every_variable_and_no_other():
    table = (ROOT / "docs" / "deploying.md").read_text().partition("| Variable |")[2].partition("\n\n")[0]
    assert {
        name
        for line in table.splitlines()
        for name in re.findall(r"`([A-Z][A-Z_0-9]+)`", line.split("|")[1] if line.startswith("|") else "")
    } == read_by_the_system()


@pytest.mark.parametrize("blueprint", ["render.yaml", "docs/render-free.yaml"])
def test_a_blueprint_gives_what_production_needs(blueprint):
    text = (ROOT / blueprint).read_text()
    keys = set(re.findall(r"key: ([A-Z_]+)", text))
    needed = set(PRODUCTION) - ({"REDIS_URL"} if "ROTC_EMBEDDED_WORKER" in keys else set())
    assert needed <= keys <= read_by_the_system() | {"PYTHON_VERSION"}
    for step in (
        "pip install --require-hashes -r requirements.txt",
        "collectstatic",
        "migrate",
        "manage.py serve",
        "/api/live/",
    ):
        assert step in text
