"""Where uploads go: a private folder, or an S3-compatible bucket when one is named."""

import pytest
from moto.server import ThreadedMotoServer

from tests.served import Server

KEEP_AND_READ = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
name = default_storage.save("imports/roster.csv", ContentFile("Peña".encode()))
again = default_storage.save("imports/roster.csv", ContentFile(b"another"))
print(default_storage.open(name).read().decode(), name != again, type(default_storage._wrapped).__name__)
"""


@pytest.fixture
def bucket():
    import boto3

    store = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    store.start()
    address = f"http://127.0.0.1:{store.get_host_and_port()[1]}"
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket="rotc")
    yield {
        "AWS_STORAGE_BUCKET_NAME": "rotc",
        "AWS_S3_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    store.stop()


def test_an_upload_is_kept_in_the_private_folder(tmp_path):
    system = Server(tmp_path, start=False)
    assert system.script(KEEP_AND_READ).split() == ["Peña", "True", "FileSystemStorage"]
    [kept] = (tmp_path / "uploads" / "imports").glob("roster.csv")
    assert kept.stat().st_mode & 0o077 == 0
    system.end()


def test_an_upload_goes_to_the_bucket_when_one_is_named(tmp_path, bucket):
    system = Server(tmp_path, start=False, **bucket)
    assert system.script(KEEP_AND_READ).split() == ["Peña", "True", "S3Storage"]
    assert not (tmp_path / "uploads").exists()
    system.end()
