"""A bucket behind a gate, for systems that are told of it by their surroundings."""

from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

from tests.gate import Gate

KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass(frozen=True)
class Guarded:
    """``env``: the variables that lead a system to it, through ``gate``. ``client`` asks past the gate."""

    gate: Gate
    env: dict
    client: object

    def names(self, folder: str) -> set[str]:
        """What the bucket holds in a folder."""
        return {each["Key"] for each in self._listed("list_objects_v2", folder).get("Contents", [])}

    def ever_held(self, folder: str) -> set[str]:
        """The same with what was dropped again."""
        return {each["Key"] for each in self._listed("list_object_versions", folder).get("Versions", [])}

    def _listed(self, question, folder):
        return getattr(self.client, question)(Bucket=self.env["AWS_STORAGE_BUCKET_NAME"], Prefix=folder)


@contextmanager
def guarded(name: str):
    """An empty bucket of this name that remembers what was dropped, as long as the block lasts."""
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    gate = Gate(port)
    address = f"http://127.0.0.1:{gate.port}"
    try:
        named = {key.lower(): value for key, value in KEYS.items() if key != "AWS_DEFAULT_REGION"}
        region = KEYS["AWS_DEFAULT_REGION"]
        store = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name=region, **named)
        store.create_bucket(Bucket=name)
        store.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        yield Guarded(gate, {"AWS_STORAGE_BUCKET_NAME": name, "AWS_S3_ENDPOINT_URL": address, **KEYS}, store)
    finally:
        gate.end()
        moto.stop()
